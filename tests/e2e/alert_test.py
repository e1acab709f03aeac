#!/usr/bin/python3
"""What arrived: exactly the expected messages, readable by another program's parser, with a one-click link that works.

usage: alert_test.py BUILD_DIR     against the stack that is up
"""

import email
import email.policy
import re
import ssl
import sys
import unittest
import urllib.error
import urllib.request

from stack import Stack

STACK = Stack(sys.argv.pop(1))
STACK.use_stubs()

import grpc
from masthead.memberships.v1 import tokens_service_pb2, tokens_service_pb2_grpc
from masthead.notifications.v1 import subscription_pb2, subscription_service_pb2, subscription_service_pb2_grpc

EXPECTED = ["ada@readers.example", "borys@readers.example"]
NEW_MEMBER = "dana-"  # And then what makes each run's address another.
DESK = "desk@masthead.example"
CORRECTIONS = ("Correction: ", "Виправлення: ")


def letters():
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in STACK.mail.glob("*.eml")]


def is_asked_for(letter):
    """Not because somebody follows something: somebody's own act asked for it."""
    return letter["X-Envelope-To"] == DESK or letter["X-Envelope-To"].startswith(NEW_MEMBER)


def messages(correct=False):
    """By recipient: the alert, or what corrects it."""
    return {one["X-Envelope-To"]: one for one in letters() if not is_asked_for(one) and one["Subject"].startswith(CORRECTIONS) == correct}


def one_click(message):
    return re.search(r"<(https://[^>]+)>", message["List-Unsubscribe"])[1]


class Alert(unittest.TestCase):
    def test_they_were_told_and_nobody_else(self):
        asked_for = sorted(letter["X-Envelope-To"] for letter in letters() if is_asked_for(letter))
        self.assertEqual(len(asked_for), 2)
        self.assertEqual(asked_for[1], DESK)
        self.assertEqual(sorted(messages()), EXPECTED)
        self.assertEqual(sorted(messages(correct=True)), EXPECTED)
        self.assertEqual(len(list(STACK.mail.iterdir())), 2 * len(EXPECTED) + len(asked_for))

    def test_a_letter_that_was_asked_for_offers_nothing_to_unsubscribe_from(self):
        for letter in filter(is_asked_for, letters()):
            self.assertIsNone(letter["List-Unsubscribe"])

    def test_a_readers_letter_to_the_desk_is_answered_to_the_reader(self):
        [letter] = [letter for letter in letters() if letter["X-Envelope-To"] == DESK]
        self.assertEqual([defect for part in letter.walk() for defect in part.defects], [])
        self.assertRegex(letter["Reply-To"], r"^ada\+[0-9a-f]+@readers\.example$")
        self.assertNotIn("readers.example", letter["From"])

    def test_each_message_parses_without_a_defect(self):
        for recipient, message in [*messages().items(), *messages(correct=True).items()]:
            self.assertEqual([defect for part in message.walk() for defect in part.defects], [])
            self.assertEqual(message["To"].addresses[0].addr_spec, recipient)
            for name in ("From", "Date", "Subject", "Message-ID"):
                self.assertEqual(len(message.get_all(name, [])), 1, name)
            self.assertTrue(message.get_body(("plain",)).get_content().strip())
            self.assertIn("<html", message.get_body(("html",)).get_content().lower())

    def test_each_is_in_its_readers_language(self):
        html = {name: message.get_body(("html",)).get_content() for name, message in messages().items()}
        self.assertRegex(html["borys@readers.example"], "[а-яіїєґ]{4}")
        self.assertNotRegex(html["ada@readers.example"], "[а-яіїєґ]{4}")

    def test_message_ids_are_of_one_make_and_differ(self):
        identifiers = [message["Message-ID"] for message in letters()]
        self.assertEqual(len(set(identifiers)), len(identifiers))
        for identifier in identifiers:
            self.assertRegex(identifier, r"^<[A-Za-z0-9._-]+@[a-z0-9.-]+>$")
        self.assertEqual(len({identifier.partition("@")[2] for identifier in identifiers}), 1)

    def test_each_can_be_left_with_one_click(self):
        for message in [*messages().values(), *messages(correct=True).values()]:
            self.assertEqual(message["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
            self.assertTrue(one_click(message))


class OneClick(unittest.TestCase):
    """RFC 8058: a POST unsubscribes; a GET, as scanners of mail do, must not."""

    def setUp(self):
        credentials = grpc.ssl_channel_credentials(STACK.ca.read_bytes())
        self.channels = [grpc.secure_channel(STACK.target(service), credentials) for service in ("memberships", "notifications")]
        tokens = tokens_service_pb2_grpc.TokensServiceStub(self.channels[0])
        self.token = tokens.ExchangeApiKey(tokens_service_pb2.ExchangeApiKeyRequest(api_key=STACK.api_key()), timeout=10).access_token
        self.following = subscription_service_pb2_grpc.SubscriptionServiceStub(self.channels[1])

    def tearDown(self):
        for channel in self.channels:
            channel.close()

    def open(self, url, body=None):
        return urllib.request.urlopen(url, data=body, timeout=10, context=ssl.create_default_context(cafile=STACK.ca))

    def state(self):
        listed = self.following.ListSubscriptions(subscription_service_pb2.ListSubscriptionsRequest(parent="recipients/ada"), timeout=10,
                                                  metadata=[("authorization", f"Bearer {self.token}")])
        return {one.topic: one.state for one in listed.subscriptions}["topics/section-community"]

    def test_a_post_leaves_the_topic_and_a_get_does_not(self):
        url = one_click(messages()["ada@readers.example"])
        self.assertEqual(self.state(), subscription_pb2.Subscription.ACTIVE)
        with self.open(url) as answer:
            self.assertEqual(answer.status, 200)
        self.assertEqual(self.state(), subscription_pb2.Subscription.ACTIVE)
        for _ in range(2):
            with self.open(url, b"List-Unsubscribe=One-Click") as answer:
                self.assertEqual(answer.status, 200)
            self.assertEqual(self.state(), subscription_pb2.Subscription.UNSUBSCRIBED)

    def test_a_forged_link_is_refused(self):
        url = one_click(messages()["borys@readers.example"])
        forged = url[:-1] + ("A" if url[-1] != "A" else "B")
        with self.assertRaises(urllib.error.HTTPError) as refused:
            self.open(forged, b"List-Unsubscribe=One-Click")
        self.assertIn(refused.exception.code, (400, 403, 404))


if __name__ == "__main__":
    unittest.main()
