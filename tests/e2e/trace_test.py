#!/usr/bin/python3
"""One call is followed through two services by its trace: in JSON logs, line by line.

usage: trace_test.py BUILD_DIR     against the stack that is up, which logs all calls
"""

import json
import secrets
import sys
import time
import unittest

from stack import Stack

STACK = Stack(sys.argv.pop(1))
STACK.use_stubs()

import grpc
from masthead.articles.v1 import article_pb2, reading_service_pb2, reading_service_pb2_grpc
from masthead.memberships.v1 import tokens_service_pb2, tokens_service_pb2_grpc

PATIENCE_SECONDS = 20


def lines(service):
    return [json.loads(line) for line in (STACK.logs / f"{service}.log").read_text().splitlines() if line]


def calls(service, trace_id):
    return {line["method"].rsplit(".", 1)[-1]: line for line in lines(service) if line.get("trace_id") == trace_id and line["message"] == "call ended"}


class Trace(unittest.TestCase):
    def setUp(self):
        credentials = grpc.ssl_channel_credentials(STACK.ca.read_bytes())
        self.channels = [grpc.secure_channel(STACK.target(service), credentials) for service in ("articles", "memberships")]
        self.addCleanup(lambda: [channel.close() for channel in self.channels])
        self.reading = reading_service_pb2_grpc.ReadingServiceStub(self.channels[0])
        tokens = tokens_service_pb2_grpc.TokensServiceStub(self.channels[1])
        token = tokens.ExchangeApiKey(tokens_service_pb2.ExchangeApiKeyRequest(api_key=STACK.api_key()), timeout=10).access_token
        self.authorization = ("authorization", f"Bearer {token}")
        listed = self.reading.ListPublishedArticles(reading_service_pb2.ListPublishedArticlesRequest(), timeout=10).articles
        self.article = next(one.name for one in listed if one.access_level == article_pb2.Access.PLANS)

    def read(self):
        """Reads for a member whom articles knows only from memberships; the trace's ID."""
        trace_id = secrets.token_hex(16)
        self.reading.ReadArticle(reading_service_pb2.ReadArticleRequest(name=self.article, reader="members/borys"), timeout=10,
                                 metadata=[self.authorization, ("traceparent", f"00-{trace_id}-{secrets.token_hex(8)}-01")])
        return trace_id

    def test_one_call_is_found_in_the_logs_of_both_services(self):
        until = time.monotonic() + PATIENCE_SECONDS
        while True:  # What memberships said a moment ago is not asked again.
            trace_id = self.read()
            asked = calls("memberships", trace_id)
            if asked:
                break
            self.assertLess(time.monotonic(), until, "articles never asks memberships under the caller's trace")
            time.sleep(0.2)
        read = calls("articles", trace_id)["ReadArticle"]
        self.assertEqual(read["code"], "OK")
        self.assertGreaterEqual(int(read["milliseconds"]), max(int(line["milliseconds"]) for line in asked.values()))
        spans = {line["span_id"] for line in [read, *asked.values()]}
        self.assertEqual(len(spans), 1 + len(asked), "each call is a span of its own")

    def test_every_line_of_every_service_is_json_with_time_and_severity(self):
        for service in ("articles", "memberships", "notifications"):
            found = lines(service)
            self.assertGreater(len(found), 3)
            for line in found:
                self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
                self.assertIn(line["severity"], {"DEBUG", "INFO", "WARNING", "ERROR"})


if __name__ == "__main__":
    unittest.main()
