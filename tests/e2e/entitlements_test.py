#!/usr/bin/python3
"""Memberships goes away and comes back, while a backend reads for a member whom it only names.

usage: entitlements_test.py BUILD_DIR     against the stack that is up
"""

import os
import pathlib
import signal
import sys
import time
import unittest

from stack import LOCAL, Stack

STACK = Stack(sys.argv.pop(1))
STACK.use_stubs()
sys.path.insert(0, str(LOCAL))

import grpc
from masthead.articles.v1 import article_pb2, reading_pb2, reading_service_pb2, reading_service_pb2_grpc
from masthead.memberships.v1 import tokens_service_pb2, tokens_service_pb2_grpc
from processes import Processes

PATIENCE_SECONDS = 30


class MembershipsDown(unittest.TestCase):
    def setUp(self):
        credentials = grpc.ssl_channel_credentials(STACK.ca.read_bytes())
        self.channels = [grpc.secure_channel(STACK.target(service), credentials) for service in ("articles", "memberships")]
        self.reading = reading_service_pb2_grpc.ReadingServiceStub(self.channels[0])
        tokens = tokens_service_pb2_grpc.TokensServiceStub(self.channels[1])
        token = tokens.ExchangeApiKey(tokens_service_pb2.ExchangeApiKeyRequest(api_key=STACK.api_key()), timeout=10).access_token
        self.metadata = [("authorization", f"Bearer {token}")]
        listed = self.reading.ListPublishedArticles(reading_service_pb2.ListPublishedArticlesRequest(), timeout=10).articles
        self.article = next(one.name for one in listed if one.access_level == article_pb2.Access.PLANS)
        self.processes = Processes(STACK.data)
        self.memberships = next(one for one in self.processes.alive() if one["name"] == "memberships")
        self.command = pathlib.Path(f"/proc/{self.memberships['pid']}/cmdline").read_text().split("\0")[:-1]
        self.runs = True

    def tearDown(self):
        if not self.runs:
            self.start()
            self.wait_for(reading_pb2.ReadAccess.ENTITLED)
        for channel in self.channels:
            channel.close()

    def stop(self):
        os.kill(self.memberships["pid"], signal.SIGKILL)
        self.runs = False

    def start(self):
        self.processes.start("memberships", self.command)
        self.runs = True

    def read(self):
        request = reading_service_pb2.ReadArticleRequest(name=self.article, reader="members/borys")
        return self.reading.ReadArticle(request, timeout=10, metadata=self.metadata)

    def wait_for(self, reason):
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            answer = self.read()
            if answer.access.reason == reason:
                return answer
            time.sleep(0.1)
        self.fail(f"not {reading_pb2.ReadAccess.Reason.Name(reason)} within {PATIENCE_SECONDS} s")

    def test_a_member_gets_the_preview_meanwhile_and_the_whole_again_afterwards(self):
        whole = self.wait_for(reading_pb2.ReadAccess.ENTITLED)
        self.stop()
        preview = self.read()
        self.assertEqual(preview.access.reason, reading_pb2.ReadAccess.ENTITLEMENTS_UNAVAILABLE)
        self.assertLess(len(preview.article.body), len(whole.article.body))
        self.assertLessEqual(preview.cache.max_age.seconds, 2)
        self.start()
        self.assertEqual(self.wait_for(reading_pb2.ReadAccess.ENTITLED).article, whole.article)


if __name__ == "__main__":
    unittest.main()
