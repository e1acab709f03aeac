#!/usr/bin/python3
"""deploy/local as somebody would use it: once, twice at a time, interrupted.

usage: local_test.py BUILD_DIR
"""

import pathlib
import signal
import subprocess
import sys
import unittest

from stack import Stack, processes_of

BUILD = sys.argv.pop(1)
PAGE = """Join 2,000+ members todaySupport our reporting
Sunday, November 22, 2026

Ferry timetable returns to summer hours a month early

by The Harbour deskNovember 21, 2026 9:08 pm

The ferries run until midnight again, the harbour office said on Saturday

The last boat leaves the north pier at five to twelve.

Tickets bought for the shorter timetable stay good.

The Harbour desk
The Harbour desk

We write about boats, tides and those who wait for them.

Share our dream.
"""


class Once(unittest.TestCase):
    def setUp(self):
        self.stack = Stack(BUILD, "once")
        self.stack.run("reset")

    def tearDown(self):
        self.stack.run("reset")

    def test_it_tells_the_story_and_leaves_nothing_running(self):
        done = self.stack.run("up", "--once")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for words in ("Ada was told: SENT", "Borys was told: SENT", "Clara was not: UNSUBSCRIBED", "Borys reads the whole article",
                      "Dana is a new member", "Dana, with the token of the new session, reads the preview", "Join 4 members",
                      "Hanna, who has paid, reads the whole article"):
            self.assertIn(words, done.stdout)
        self.assertEqual(processes_of(self.stack.data), [])

    def test_it_takes_a_page_as_it_stands_in_a_newspaper(self):
        self.stack.data.mkdir(exist_ok=True)
        page = self.stack.data / "page.txt"
        page.write_text(PAGE)
        done = self.stack.run("up", "--once", "--article", page)
        page.unlink()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("Ferry timetable returns", done.stdout)

    def test_an_interrupt_leaves_nothing_running(self):
        child = subprocess.Popen(self.stack.command("up"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in child.stdout:
            if line.startswith("The three services are ready"):
                break
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=90)
        self.assertNotEqual(child.returncode, 0)
        self.assertEqual(processes_of(self.stack.data), [])


class Twice(unittest.TestCase):
    def test_a_second_up_finds_the_first(self):
        again = Stack(BUILD).run("up")
        self.assertNotEqual(again.returncode, 0)
        self.assertIn("Already running", again.stdout)


if __name__ == "__main__":
    unittest.main()
