"""Alerts, runbooks and the dashboard: they ask of metrics that there are, and an alert tells what it promises when it should and not before."""

import collections
import copy
import json
import re
import shutil
import subprocess
import tempfile
import pathlib
import unittest

import yaml

from manifests import KUBERNETES, ROOT, SERVICES, Manifests
from metrics import OTHERS, SCRAPED, asked, grouped, registered, series
from policies import look

RUNBOOKS = ROOT / "deploy/runbooks"
CASES = ROOT / "tests/deploy/alerts"
SKIPPED = 77  # What promtool's wrapper ends with where there is none.
SEVERITIES = {"page", "ticket"}
# What a kind of unit ends a name with; a counter's comes before its _total.
UNITS = ("_seconds", "_bytes", "_ratio")


def groups():
    return Manifests("production").find("PrometheusRule", "masthead")["spec"]["groups"]


def rules():
    return [rule for group in groups() for rule in group["rules"]]


def alerts():
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def dashboard():
    return json.loads((KUBERNETES / "components/monitoring/dashboard.json").read_text())


def panels():
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def queries():
    """(where, expression) of each alert, recording and panel, as Prometheus would get it."""
    yield from ((rule.get("alert") or rule["record"], rule["expr"]) for rule in rules())
    for panel in panels():
        for target in panel["targets"]:
            yield panel["title"], target["expr"].replace("$__rate_interval", "1m").replace('"$service"', '".*"')


def promtool(*arguments):
    done = subprocess.run([ROOT / "tests/support/promtool", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode == SKIPPED:
        raise unittest.SkipTest(f"ALERTS ARE NOT TESTED: {done.stderr}")
    return done


class Metrics(unittest.TestCase):
    def test_are_named_by_the_conventions(self):
        for metric in registered().values():
            with self.subTest(metric=metric.name):
                self.assertRegex(metric.name, r"^masthead(_[a-z]+)+$")
                self.assertEqual(metric.name.endswith("_total"), metric.kind == "Counter")
                self.assertTrue(metric.kind != "LatencySeconds" or metric.name.endswith("_seconds"))
                self.assertNotRegex(metric.name, r"_(milliseconds|minutes|percent|count|sum|bucket)$")
                self.assertRegex(metric.help, r"^[A-Z].{15,}\.$")
                self.assertFalse(metric.labels & (SCRAPED | {"le", "quantile", "exported_job"}), "a scrape sets these itself")

    def test_our_labels_win_over_those_of_the_scrape(self):
        # The operator sets `service`, `endpoint` and `container` too, and would rename ours.
        clashes = {label for metric in registered().values() for label in metric.labels} & {"service", "endpoint", "container"}
        for endpoint in Manifests("production").find("ServiceMonitor", "masthead")["spec"]["endpoints"]:
            self.assertTrue(endpoint.get("honorLabels") or not clashes, clashes)


class Queries(unittest.TestCase):
    def test_ask_of_series_that_there_are_by_labels_that_they_have(self):
        known = series()
        for where, expression in queries():
            names = list(asked(expression))
            self.assertTrue(names or "job:masthead" in expression, where)
            labels = set()
            for name, matchers, over_range in names:
                with self.subTest(where=where, series=name):
                    self.assertTrue(name in known or name in OTHERS, "nobody exports it")
                    kind, suffix, has = known.get(name, ("Gauge", "", OTHERS.get(name, set())))
                    self.assertLessEqual(matchers - {"rollouts_pod_template_hash"}, has)
                    grows = kind == "Counter" or bool(suffix)
                    self.assertTrue(over_range == grows or " unless " in expression, "a counter is asked by its rate, a gauge as it is")
                    labels |= has
            with self.subTest(where=where):
                self.assertLessEqual(grouped(expression), labels | {"job"})

    def test_are_queries(self):
        made = {"groups": [{"name": "all", "rules": [{"record": f"query:{number}", "expr": expression} for number, (_, expression) in enumerate(queries())]}]}
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            yaml.safe_dump(made, file)
            file.flush()
            done = promtool("check", "rules", file.name)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_query_of_something_else_is_seen(self):
        self.assertEqual(list(asked('sum by (job) (rate(masthead_reads{code="OK",job=~"a{b}"}[5m]))')), [("masthead_reads", {"code", "job"}, True)])
        self.assertNotIn("masthead_reads", series())
        self.assertEqual(grouped("max by (job, source) (x and on (pod) y)"), {"job", "source", "pod"})


class Alerts(unittest.TestCase):
    def test_fire_when_they_should_and_not_before(self):
        with tempfile.TemporaryDirectory() as folder:
            told = copy.deepcopy(groups())
            for rule in [rule for group in told for rule in group["rules"] if "alert" in rule]:
                del rule["annotations"]["runbook_url"]  # Runbooks have their own test; cases say what is told.
            pathlib.Path(folder, "rules.yaml").write_text(yaml.safe_dump({"groups": told}))
            for case in sorted(CASES.glob("*.yaml")):
                shutil.copy(case, folder)
                done = promtool("test", "rules", pathlib.Path(folder, case.name))
                self.assertEqual(done.returncode, 0, f"{case.name}\n{done.stdout}{done.stderr}")

    def test_each_has_a_case_in_which_it_fires_and_one_in_which_it_does_not(self):
        fires, quiet = set(), set()
        for path in CASES.glob("*.yaml"):
            for test in yaml.safe_load(path.read_text())["tests"]:
                for one in test["alert_rule_test"]:
                    (fires if one.get("exp_alerts") else quiet).add(one["alertname"])
        self.assertEqual(fires, set(alerts()))
        self.assertEqual(quiet, set(alerts()))

    def test_each_says_how_urgent_it_is_and_what_is_wrong(self):
        for name, rule in alerts().items():
            with self.subTest(alert=name):
                self.assertRegex(name, r"^Masthead[A-Z]")
                self.assertIn(rule["labels"]["severity"], SEVERITIES)
                self.assertLess(len(rule["annotations"]["summary"]), 120)
                self.assertIn("{{", rule["annotations"]["summary"])

    def test_each_is_on_the_dashboard(self):
        shown = {name for panel in panels() for target in panel["targets"] for name, _, _ in asked(target["expr"])}
        for name, rule in alerts().items():
            with self.subTest(alert=name):
                self.assertLessEqual({metric for metric, _, _ in asked(rule["expr"])}, shown)


class Runbooks(unittest.TestCase):
    HEADINGS = ["What it means", "Who notices", "Look", "Do"]

    def test_each_alert_points_at_its_runbook(self):
        for name, rule in alerts().items():
            path = rule["annotations"]["runbook_url"].removeprefix("https://source.masthead.example/")
            self.assertEqual(path, f"deploy/runbooks/{name}.md")
            self.assertTrue((ROOT / path).is_file(), path)

    def test_there_is_none_without_its_alert(self):
        self.assertEqual({path.stem for path in RUNBOOKS.glob("*.md")} - {"README"}, set(alerts()))

    def test_each_says_what_to_do(self):
        for path in sorted(RUNBOOKS.glob("Masthead*.md")):
            with self.subTest(runbook=path.name):
                text = path.read_text()
                self.assertEqual(text.splitlines()[0], f"# {path.stem}")
                self.assertEqual(re.findall(r"^## (.*)$", text, re.M), self.HEADINGS)
                for section, least in zip(re.split(r"^## .*$", text, flags=re.M)[1:], (12, 2, 12, 12)):
                    self.assertGreaterEqual(len(section.split()), least)

    def test_they_name_what_there_is(self):
        known = set(series()) | set(OTHERS) | {rule["record"] for rule in rules() if "record" in rule}
        code = "".join(path.read_text() for path in [*ROOT.glob("common/**/*.cc"), *ROOT.glob("services/**/*.cc")])
        protos = "".join(path.read_text() for path in ROOT.glob("protos/**/*.proto"))
        tables = "".join(path.read_text() for path in [*ROOT.glob("common/**/*.sql"), *ROOT.glob("services/**/*.sql")])
        for path in sorted(RUNBOOKS.glob("*.md")):
            text = path.read_text()
            with self.subTest(runbook=path.name):
                for name in re.findall(r"`((?:masthead|cnpg|barman)_\w+)`", text):
                    self.assertIn(name, known)
                for service, method in re.findall(r"\b([A-Z]\w+Service)/(\w+)\b", text):
                    self.assertRegex(protos, rf"service {service} \{{")
                    self.assertRegex(protos, rf"rpc {method}\(")
                for flag in re.findall(r"`--(\w+)", text):
                    if not flag.startswith(("for", "all", "previous", "since", "replicas", "kustomize", "tail")):
                        self.assertIn(f", {flag}, ", code)
                for table in re.findall(r"\b(?:FROM|UPDATE|INTO) (\w+)", text):
                    self.assertTrue(table.startswith("pg_") or re.search(rf"TABLE {table}\b", tables), table)
                for link in re.findall(r"\]\(([^)#]+)", text):
                    self.assertTrue(link.startswith("https:") or (path.parent / link).exists(), link)


class Dashboard(unittest.TestCase):
    def test_is_what_grafana_loads(self):
        for overlay in ("small", "production"):
            config = Manifests(overlay).find("ConfigMap", "masthead-dashboard")
            self.assertEqual(look(config, "metadata.labels.grafana_dashboard"), "1")
            self.assertEqual(json.loads(config["data"]["dashboard.json"]), dashboard())

    def test_every_panel_says_what_it_shows(self):
        for panel in panels():
            with self.subTest(panel=panel["title"]):
                self.assertRegex(panel["description"], r"\.$")
                self.assertIn("unit", panel["fieldConfig"]["defaults"])
                self.assertTrue(panel["targets"])
                for target in [panel, *panel["targets"]]:
                    self.assertEqual(target["datasource"]["uid"], "${datasource}")
                for target in panel["targets"]:
                    for name in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
                        self.assertIn(name, grouped(target["expr"]) | {"job"})

    def test_panels_have_a_place_of_their_own(self):
        taken = collections.Counter()
        for panel in dashboard()["panels"]:
            place = panel["gridPos"]
            self.assertLessEqual(place["x"] + place["w"], 24)
            taken.update((x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"]))
        self.assertEqual({cell for cell, count in taken.items() if count > 1}, set())
        identities = [panel["id"] for panel in dashboard()["panels"]]
        self.assertEqual(len(identities), len(set(identities)))

    def test_shows_every_metric_that_there_is(self):
        shown = {name for panel in panels() for target in panel["targets"] for name, _, _ in asked(target["expr"])}
        for metric in registered().values():
            self.assertTrue({name for name in shown if name.startswith(metric.name)}, metric.name)

    def test_its_lines_are_where_alerts_begin(self):
        text = " ".join(rule["expr"] for rule in alerts().values())
        limits = {eval(limit, {"__builtins__": {}}) for limit in re.findall(r"[<>] ([\d.]+(?: \* [\d.]+)*)", text)}
        for panel in panels():
            if panel["type"] == "timeseries":
                for step in look(panel, "fieldConfig.defaults.thresholds.steps") or []:
                    self.assertIn(step["value"], limits | {None}, panel["title"])


class Numbers(unittest.TestCase):
    def test_a_certificate_is_told_of_after_its_renewal_and_before_its_end(self):
        hours = int(re.search(r"< (\d+) \* 3600", alerts()["MastheadCertificateEnds"]["expr"])[1])
        for service in SERVICES:
            renewed = int(Manifests("production").find("Certificate", service)["spec"]["renewBefore"].removesuffix("h"))
            self.assertTrue(2 <= hours < renewed, service)

    def test_standbys_are_counted_as_there_are(self):
        missing = int(re.search(r"< (\d+)", alerts()["MastheadStandbyMissing"]["expr"])[1])
        for overlay in ("small", "production"):
            for cluster in Manifests(overlay).of("Cluster"):
                self.assertEqual(missing, cluster["spec"]["instances"] - 1)

    def test_a_feed_is_silent_only_after_many_heartbeats(self):
        heartbeat = int(re.search(r"kHeartbeat = absl::Seconds\((\d+)\)", (ROOT / "common/events/feed_service.h").read_text())[1])
        silent = int(re.search(r"> (\d+)", alerts()["MastheadFeedNotFollowed"]["expr"])[1])
        self.assertGreaterEqual(silent, 20 * heartbeat)

    def test_lanes_are_those_of_the_schema(self):
        lanes = re.search(r"lane AS ENUM \(([^)]*)\)", (ROOT / "services/notifications/schema/1001_following.sql").read_text())[1]
        asked_of = re.findall(r'lane=~"([^"]*)"', " ".join(rule["expr"] for rule in alerts().values()))
        self.assertEqual(sorted("|".join(asked_of).split("|")), sorted(re.findall(r"\w+", lanes)))


if __name__ == "__main__":
    unittest.main()
