#!/usr/bin/env python3
"""Our SMTP engine against servers that are not ours: aiosmtpd, and Postfix's smtp-sink where it can be had.

usage: independent_servers.py HAND_OVER POSTFIX_TOOLS
"""
import collections
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

try:
    from aiosmtpd.controller import Controller
except ImportError:
    Controller = None
    print("NOT TESTED against aiosmtpd: the package python3-aiosmtpd is missing", file=sys.stderr)

LETTERS = 300
hand_over, postfix_tools = sys.argv[1:3] if len(sys.argv) > 2 else (None, None)
del sys.argv[1:3]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def send(port, letters=LETTERS, connections=4, ca=None):
    """The outcomes by number, as "SENT 250"."""
    command = [hand_over, str(port), str(letters), str(connections)] + ([ca] if ca else [])
    printed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    outcomes = dict(line.split(" ", 1) for line in printed.splitlines())
    assert len(outcomes) == letters, printed
    return outcomes


def letter(i):
    return f"Subject: letter {i}\r\nFrom: desk@news.example\r\n\r\n.\r\n..two\r\n{'.' * (i % 50 * 19)}\r\nend\r\n".encode()


class Keeper:
    def __init__(self):
        self.received = {}
        self.copies = collections.Counter()

    async def handle_DATA(self, server, session, envelope):
        (reader,) = envelope.rcpt_tos
        if reader == "reader7@example.com":
            return "554 5.7.1 not this one"
        self.received[reader] = envelope.content
        self.copies[reader] += 1
        return "250 kept"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == "reader5@example.com":
            return "550 5.1.1 nobody"
        envelope.rcpt_tos.append(address)
        return "250 ok"


@unittest.skipIf(Controller is None, "python3-aiosmtpd is missing")
class Aiosmtpd(unittest.TestCase):
    def check(self, ca=None, **options):
        keeper = Keeper()
        port = free_port()
        controller = Controller(keeper, hostname="127.0.0.1", port=port, decode_data=False, enable_SMTPUTF8=True, **options)
        controller.start()
        try:
            outcomes = send(port, ca=ca)
        finally:
            controller.stop()
        for i in range(LETTERS):
            expected = "FAILED 550" if i == 5 else "FAILED 554" if i == 7 else "SENT 250"
            self.assertEqual(outcomes[str(i)], expected)
            reader = f"reader{i}@example.com"
            self.assertEqual(keeper.copies[reader], 1 if expected == "SENT 250" else 0)
            if expected == "SENT 250":
                self.assertEqual(keeper.received[reader], letter(i))

    def test_takes_each_letter_once_and_unchanged(self):
        self.check()

    def test_takes_letters_over_tls(self):
        with tempfile.TemporaryDirectory() as folder:
            certificate, key = f"{folder}/certificate.pem", f"{folder}/key.pem"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=sink",
                            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], check=True, capture_output=True)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            self.check(ca=certificate, tls_context=context, require_starttls=True)


class PostfixSink(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        found = subprocess.run([postfix_tools], capture_output=True, text=True, check=False)
        if found.returncode != 0:
            print(f"NOT TESTED against Postfix's smtp-sink: {found.stderr}", file=sys.stderr)
            raise unittest.SkipTest("smtp-sink cannot be had here")
        cls.sink = found.stdout.strip() + "/smtp-sink"

    def outcomes(self, *options, letters=LETTERS, connections=4):
        port = free_port()
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        with subprocess.Popen([self.sink, *user, *options, f"127.0.0.1:{port}", "128"]) as sink:
            try:
                self.wait(port)
                return send(port, letters, connections)
            finally:
                sink.terminate()

    @staticmethod
    def wait(port):
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.02)

    def test_takes_each_letter_once_and_unchanged(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            outcomes = self.outcomes("-d", f"{folder}/letter.")
            self.assertEqual(set(outcomes.values()), {"SENT 250"})
            kept = collections.Counter()
            for path in pathlib.Path(folder).iterdir():
                head, _, body = path.read_bytes().replace(b"\r\n", b"\n").partition(b"Subject: letter ")
                number = int(body.split(b"\n", 1)[0])
                kept[number] += 1
                self.assertIn(f"reader{number}@example.com".encode(), head)
                self.assertEqual((b"Subject: letter " + body).rstrip(b"\n"), letter(number).replace(b"\r\n", b"\n").rstrip(b"\n"))
            self.assertEqual(kept, collections.Counter(range(LETTERS)))

    def test_does_without_pipelining(self):
        self.assertEqual(set(self.outcomes("-p").values()), {"SENT 250"})

    def test_a_lost_acknowledgement_is_uncertain(self):
        self.assertEqual(set(self.outcomes("-q", ".", letters=3, connections=1).values()), {"UNCERTAIN 0"})

    def test_a_connection_lost_before_is_not_sent(self):
        for command in ("mail", "rcpt", "data"):
            self.assertEqual(set(self.outcomes("-q", command, letters=2, connections=1).values()), {"NOT_SENT 0"}, command)

    def test_refusals_for_good_fail(self):
        for command in ("mail", "rcpt", "data", "."):
            outcomes = set(self.outcomes("-f", command, letters=20, connections=2).values())
            self.assertEqual({outcome.split()[0] for outcome in outcomes}, {"FAILED"}, f"{command} {outcomes}")

    def test_refusals_for_now_defer(self):
        for command in ("connect", "mail", "rcpt", "data", "."):
            outcomes = set(self.outcomes("-r", command, letters=20, connections=2).values())
            self.assertEqual({outcome.split()[0] for outcome in outcomes}, {"DEFERRED"}, f"{command} {outcomes}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
