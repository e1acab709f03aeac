#!/usr/bin/python3
"""What nobody may find in the logs: keys, passwords, tokens, addresses. Runs last, over what all the other tests made the services log.

usage: secrets_test.py BUILD_DIR     against the stack that is up
"""

import email
import email.policy
import re
import sys
import time
import unittest
import uuid

from stack import Stack

STACK = Stack(sys.argv.pop(1))
STACK.use_stubs()

import grpc
from masthead.articles.v1 import reading_service_pb2, reading_service_pb2_grpc
from masthead.memberships.v1 import member_pb2, members_service_pb2, members_service_pb2_grpc, tokens_service_pb2, tokens_service_pb2_grpc
from masthead.notifications.v1 import subscription_service_pb2, subscription_service_pb2_grpc

# Every process's log: the services, PostgreSQL, and what stands in for the world but for the sink, whose job is to show mail.
LOGS = [log for log in STACK.logs.glob("*.log") if log.stem != "mail-sink"]
SERVICES = ("articles", "memberships", "notifications")

# Of any newsroom: a JWT, an API key, a bearer header, a private key, a password in a connection string, an address.
SHAPES = {
    "a token": rb"eyJ[\w-]{10,}\.[\w-]{10,}",
    "an API key": rb"mhk_[0-9a-f-]{36}_",
    "a bearer header": rb"(?i)bearer [\w.~+/-]{8,}",
    "a private key": rb"PRIVATE KEY",
    "a password": rb"(?i)password\s*=\s*\S|postgres(?:ql)?://[^\s:/@]+:[^\s@]+@",
    "an address": rb"[\w.+-]+@(?:readers|masthead)\.example",
    "an unsubscribe link": rb"/unsubscribe/?[?/]\S{16,}",
}


def secrets():
    """(where it is kept, bytes that must not be found): each line of each file of secrets that is long enough to be one."""
    for file in sorted(STACK.secrets.iterdir()):
        for line in file.read_bytes().splitlines():
            if len(line) >= 16 and not line.startswith(b"-----"):
                yield file.name, line
    yield "api-key", STACK.api_key().split("_", 2)[2].encode()
    for mail in STACK.mail.glob("*.eml"):
        for token in re.findall(rb"List-Unsubscribe:\s*<[^>]*[/=]([\w.-]{16,})>", mail.read_bytes()):
            yield "a one-click link", token
        text = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default).get_body(("plain",)).get_content()
        for token in re.findall(r"[?]token=([\w-]{16,})", text):
            yield "a sign-in link", token.encode()


class Secrets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """Shows the services secrets in all the ways that fail, which is when things are logged."""
        credentials = grpc.ssl_channel_credentials(STACK.ca.read_bytes())
        cls.channels = {service: grpc.secure_channel(STACK.target(service), credentials) for service in SERVICES}
        tokens = tokens_service_pb2_grpc.TokensServiceStub(cls.channels["memberships"])
        members = members_service_pb2_grpc.MembersServiceStub(cls.channels["memberships"])
        reading = reading_service_pb2_grpc.ReadingServiceStub(cls.channels["articles"])
        following = subscription_service_pb2_grpc.SubscriptionServiceStub(cls.channels["notifications"])

        cls.token = cls.exchange(tokens, STACK.api_key())
        cls.address = f"canary-{uuid.uuid4()}@readers.example"
        token, address = [("authorization", f"Bearer {cls.token}")], cls.address
        spoilt = [("authorization", f"Bearer {cls.token[:-4]}AAAA")]
        create = members_service_pb2.CreateMemberRequest(member=member_pb2.Member(email=address), request_id=str(uuid.uuid4()))
        twice = members_service_pb2.CreateMemberRequest(member=member_pb2.Member(email=address), request_id=str(uuid.uuid4()))
        for call, request, metadata in (
            (tokens.ExchangeApiKey, tokens_service_pb2.ExchangeApiKeyRequest(api_key=STACK.api_key() + "x"), []),
            (members.CreateMember, create, token),
            (members.CreateMember, twice, token),
            (members.CreateMember, members_service_pb2.CreateMemberRequest(member=member_pb2.Member(email=f"{address}\0")), token),
            (members.LookupMember, members_service_pb2.LookupMemberRequest(email=f"no-{address}"), token),
            (members.LookupMember, members_service_pb2.LookupMemberRequest(email=address), spoilt),
            (reading.ListPublishedArticles, reading_service_pb2.ListPublishedArticlesRequest(), spoilt),
            (following.Unsubscribe, subscription_service_pb2.UnsubscribeRequest(token=cls.token), []),
        ):
            try:
                call(request, metadata=metadata, timeout=10)
            except grpc.RpcError as error:
                assert error.code() not in (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.UNAVAILABLE), error

    @classmethod
    def tearDownClass(cls):
        for channel in cls.channels.values():
            channel.close()

    @staticmethod
    def exchange(tokens, api_key):
        """Waits as it is told to, where the sweep before this has guessed too many keys."""
        while True:
            try:
                return tokens.ExchangeApiKey(tokens_service_pb2.ExchangeApiKeyRequest(api_key=api_key), timeout=10).access_token
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.RESOURCE_EXHAUSTED:
                    raise
                time.sleep(1)

    def test_there_is_a_log_of_each_service_to_look_at(self):
        for service in SERVICES:
            self.assertTrue((STACK.logs / f"{service}.log").stat().st_size, service)

    def test_no_secret_of_this_newsroom_is_in_a_log(self):
        found = list(secrets()) + [("this test", self.token.encode()), ("this test", self.address.encode())]
        self.assertGreater(len(found), 6)
        for log in LOGS:
            text = log.read_bytes()
            for kept_in, secret in found:
                self.assertFalse(secret in text, f"{log.name} tells what {kept_in} keeps")

    def test_nothing_in_a_log_looks_like_a_secret(self):
        for log in LOGS:
            text = log.read_bytes()
            for what, shape in SHAPES.items():
                with self.subTest(log=log.name, shape=what):
                    match = re.search(shape, text)
                    self.assertIsNone(match, match and text[max(0, match.start() - 200):match.end() + 20])


if __name__ == "__main__":
    unittest.main()
