#!/usr/bin/env python3
"""Reads our letters with Python's MIME parser, which knows nothing of ours, and compares what a reader's program would see.

usage: parse_letters.py COMPOSE_LETTERS
"""
import email
import email.policy
import pathlib
import subprocess
import sys
import tempfile
import unittest

URL = "https://news.example/u/AQcAAAEfcfsEywAAACoCORb0OXETXbym9-GJomJjmQ?a=1&b=2"
SUBJECT = "Росія завдала масованого удару по Києву: 12 загиблих, десятки поранених"
letters = {}


def compose(program):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, folder], check=True)
        for path in pathlib.Path(folder).iterdir():
            letters[path.stem] = path.read_bytes()


def parse(name):
    return email.message_from_bytes(letters[name], policy=email.policy.SMTP)


class Letters(unittest.TestCase):
    def test_each_parses_without_a_defect(self):
        self.assertEqual(sorted(letters), ["english", "receipt", "ukrainian"])
        for name in letters:
            message = parse(name)
            for part in message.walk():
                self.assertEqual(part.defects, [], name)
            for field, value in message.items():
                self.assertEqual(value.defects, (), f"{name} {field}")

    def test_the_wire_sees_seven_bits_and_short_lines(self):
        for name, data in letters.items():
            self.assertTrue(data.isascii(), name)
            self.assertEqual(data.count(b"\n"), data.count(b"\r\n"), name)
            self.assertEqual(data.count(b"\r"), data.count(b"\r\n"), name)
            self.assertNotIn(b"\0", data)
            for line in data.split(b"\r\n"):
                unfolded = line.startswith(b"List-Unsubscribe:")
                self.assertLessEqual(len(line), 998 if unfolded else 78, line)
                self.assertFalse(line.startswith(b"."), line)

    def test_a_ukrainian_letter_reads_as_written(self):
        message = parse("ukrainian")
        self.assertEqual(message["Subject"], SUBJECT)
        self.assertEqual(message["From"].addresses[0].display_name, "Київ Незалежний")
        self.assertEqual(message["From"].addresses[0].addr_spec, "alerts@news.example")
        self.assertEqual(message["To"].addresses[0].display_name, 'Іваненко, Ольга "О"')
        self.assertEqual(message["To"].addresses[0].addr_spec, "olha@example.com")
        self.assertEqual(message["Reply-To"], "desk@news.example")
        self.assertEqual(message["Content-Language"], "uk")
        self.assertEqual(message["Feedback-ID"], "breaking:alert:masthead")
        self.assertEqual(message["Date"].datetime.timestamp(), 1700000000)
        self.assertEqual(message["List-Id"], "Термінові новини <breaking.news.example>")
        text, html = message.iter_parts()
        self.assertEqual(text.get_content().replace("\r\n", "\n"),
                         f"Росія завдала масованого удару по Києву.\n.\nЗагинули 12 людей.  \n\nВідписатися: {URL}\nКінець\n")
        self.assertEqual(html.get_content().replace("\r\n", "\n").rstrip("\n"),
                         f'<p>Росія завдала удару.</p>\n<p><a href="{URL.replace("&", "&amp;")}">Відписатися</a></p>')
        self.assertEqual(message.get_content_type(), "multipart/alternative")

    def test_an_english_letter_reads_as_written(self):
        message = parse("english")
        self.assertEqual(message["Subject"], "Breaking: Kyiv" + "".join(f" and {i}" for i in range(30)))
        self.assertEqual(message["From"].addresses[0].display_name, "The Desk, Kyiv")
        self.assertEqual(message["List-Id"], "<breaking.news.example>")
        text, html = message.iter_parts()
        self.assertEqual(text.get_content().replace("\r\n", "\n"), f"{'x' * 3000}\n.\n..two = 2\ntrailing \t \n{URL}\n")
        self.assertEqual(html.get_content().replace("\r\n", "\n").rstrip("\n"),
                         f'<p>{"y" * 3000}</p><a href="{URL.replace("&", "&amp;")}">Leave</a>')

    def test_one_click_unsubscription_is_there_to_the_byte(self):
        for name in ("ukrainian", "english"):
            self.assertIn(f"\r\nList-Unsubscribe: <{URL}>, <mailto:unsubscribe+AQc@news.example>\r\n"
                          "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".encode(), letters[name])

    def test_a_receipt_is_plain_text_and_automatic(self):
        message = parse("receipt")
        self.assertEqual(message.get_content_type(), "text/plain")
        self.assertEqual(message["Subject"], "=?UTF-8?B?typed by an editor?=")
        self.assertEqual(message["Auto-Submitted"], "auto-generated")
        self.assertIsNone(message["List-Unsubscribe"])
        self.assertIsNone(message["List-Unsubscribe-Post"])
        self.assertEqual(message.get_content().replace("\r\n", "\n"), "Thank you.\nYour code: 123456\n")

    def test_no_field_stands_twice(self):
        for name in letters:
            fields = [field.lower() for field in parse(name).keys()]
            self.assertEqual(len(fields), len(set(fields)), name)


if __name__ == "__main__":
    compose(sys.argv.pop(1))
    unittest.main(verbosity=2)
