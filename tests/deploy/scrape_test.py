"""What Prometheus gets from a running Masthead: the metrics that alerts and the dashboard were written for, with those labels.

usage: scrape_test.py BUILD_DIR, beside the running stack of tests/e2e
"""

import pathlib
import re
import subprocess
import sys
import unittest
import urllib.request

from manifests import ROOT, SERVICES
from metrics import SUFFIXES, asked, registered
from monitoring_test import alerts

sys.path.insert(0, str(ROOT / "tests/e2e"))
from stack import Stack

STACK = Stack(pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else ROOT / "build/dev"))
# Made when it happens first, which in a healthy Masthead of ten minutes it does not.
ONLY_WHEN_IT_HAPPENS = {"masthead_memberships_provider_events_total", "masthead_refresh_token_reuses_total"}
TYPES = {"Counter": "counter", "Gauge": "gauge", "LatencySeconds": "histogram"}


def scrape(service):
    port = STACK.port_base + 21 + SERVICES.index(service)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return answer.read().decode()


class Scrape(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.texts = {service: scrape(service) for service in SERVICES}

    def test_is_what_the_code_registers(self):
        known = registered()
        for service, text in self.texts.items():
            for name, kind in re.findall(r"^# TYPE (\S+) (\w+)$", text, re.M):
                with self.subTest(service=service, metric=name):
                    self.assertEqual(kind, TYPES[known[name].kind])
                    self.assertIn(f"# HELP {name} {known[name].help}\n", text)
                    for suffix in SUFFIXES[known[name].kind]:
                        for labels in re.findall(rf"^{name}{suffix}(?:\{{(.*)\}})? ", text, re.M):
                            self.assertEqual(set(re.findall(r'(\w+)="', labels)) - {"le"}, known[name].labels)

    def test_has_what_alerts_ask_of(self):
        exposed = set(re.findall(r"^# TYPE (\S+)", "\n".join(self.texts.values()), re.M))
        for alert, rule in alerts().items():
            for series, _, _ in asked(rule["expr"]):
                name = series.removesuffix("_bucket")
                if name.startswith("masthead_") and name not in ONLY_WHEN_IT_HAPPENS:
                    self.assertIn(name, exposed, alert)

    def test_passes_the_linter_of_prometheus(self):
        for service, text in self.texts.items():
            done = subprocess.run([ROOT / "tests/support/promtool", "check", "metrics"], input=text, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, f"{service}: {done.stdout}{done.stderr}")

    def test_costs_little(self):
        for service, text in self.texts.items():
            self.assertLess(len(text), 2_000_000, service)

    def test_tells_when_certificates_end(self):
        for service, text in self.texts.items():
            for file in ("certificate", "authority"):
                self.assertRegex(text, rf'masthead_tls_certificate_expiry_timestamp_seconds\{{file="{file}"\}} [1-9]')


if __name__ == "__main__":
    unittest.main()
