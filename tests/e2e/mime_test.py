#!/usr/bin/python3
"""Two parsers of MIME that know nothing of each other read the same in every letter that left.

usage: mime_test.py BUILD_DIR     against the stack that is up
"""

import email
import email.policy
import json
import pathlib
import subprocess
import sys
import unittest

from stack import ROOT, Stack

STACK = Stack(sys.argv.pop(1))
NODE = ROOT / "build/node-mime"


def read_by_python(file):
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = lambda kind: (part := message.get_body((kind,))) and part.get_content()
    addresses = lambda name: [one.addr_spec for one in message[name].addresses] if message[name] else []
    return {"subject": str(message["Subject"]), "from": addresses("From")[0], "sender": message["From"].addresses[0].display_name, "to": addresses("To"),
            "replyTo": addresses("Reply-To"), "messageId": message["Message-ID"], "text": body("plain"), "html": body("html")}


def read_by_node(files):
    subprocess.run([ROOT / "deploy/install-node-modules", ROOT / "tests/e2e/mime", NODE], check=True)
    done = subprocess.run(["node", ROOT / "tests/e2e/mime/parse.mjs", NODE / "node_modules", *files], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def without_ends_of_lines(read):
    """What the two may differ in: how they write a line's end, and whether the last line has one."""
    return {name: text.replace("\r\n", "\n").rstrip("\n") if isinstance(text, str) else text for name, text in read.items()}


class Mime(unittest.TestCase):
    def test_both_read_the_same(self):
        files = sorted(pathlib.Path(STACK.mail).glob("*.eml"))
        self.assertGreater(len(files), 4)
        for file, other in zip(files, read_by_node(files), strict=True):
            with self.subTest(file=file.name):
                self.assertEqual(without_ends_of_lines(other), without_ends_of_lines(read_by_python(file)))


if __name__ == "__main__":
    unittest.main()
