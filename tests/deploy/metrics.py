"""The metrics that the services' code registers, and what a PromQL expression asks of them."""

import re

from manifests import ROOT

# How a kind's series are called, and what may be asked of them.
SUFFIXES = {"Counter": ("",), "Gauge": ("",), "LatencySeconds": ("_bucket", "_sum", "_count")}
# What others export, with the labels that we rely on: Prometheus itself; CloudNativePG and its Barman plugin (their monitoring pages).
OTHERS = {
    "up": {"job"},
    "cnpg_pg_replication_lag": {"pod", "namespace", "cnpg_io_cluster"},
    "cnpg_pg_replication_in_recovery": {"pod", "namespace", "cnpg_io_cluster"},
    "cnpg_pg_replication_streaming_replicas": {"pod", "namespace", "cnpg_io_cluster"},
    "cnpg_pg_stat_archiver_seconds_since_last_archival": {"pod", "namespace", "cnpg_io_cluster"},
    "cnpg_collector_last_available_backup_timestamp": {"pod", "namespace", "cnpg_io_cluster"},
    "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp": {"pod", "namespace", "cnpg_io_cluster"},
}
# What a scrape adds to each of ours.
SCRAPED = {"job", "instance", "pod", "namespace"}


class Metric:
    def __init__(self, kind, name, help_text, labels):
        self.kind, self.name, self.help, self.labels = kind, name, help_text, labels


def call_at(code, start):
    """The text from an opening bracket to its closing one."""
    depth, quoted = 0, False
    for at in range(start, len(code)):
        if code[at] == '"' and code[at - 1] != "\\":
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(code[at], 0)
            if depth == 0:
                return code[start:at]
    raise AssertionError(code[start : start + 80])


def labels_of(call, code):
    """Keys of the labels that a registration gives: in place, or by a variable or function of the same file."""
    literal = set(re.findall(r'\{+"(\w+)",', call))
    if literal:
        return literal
    rest = call.rsplit('"', 1)[1]
    if not re.search(r"\w", rest):
        return set()
    function = re.search(r"(\w+)\(", rest)
    keys = set(re.findall(r'labels\["(\w+)"\]', code)) if re.search(r"\blabels\b", rest) else set()
    for name in [function[1]] if function else re.findall(r"labels = (\w+)\(", code):
        body = re.search(rf"telemetry::Labels {name}\([^)]*\) \{{(.*?)\n\}}", code, re.S)[1]
        keys |= set(re.findall(r'\{+"(\w+)",', body))
    return keys


def registered():
    """Every metric by its name."""
    found = {}
    for path in sorted([*ROOT.glob("common/**/*.cc"), *ROOT.glob("services/**/*.cc")]):
        code = path.read_text()
        for match in re.finditer(r"\b(?:telemetry::)(Counter|Gauge|LatencySeconds)(\()", code):
            call = call_at(code, match.start(2))
            strings = re.match(r'\(\s*"([^"]*)",\s*((?:"(?:[^"\\]|\\.)*"\s*)+)', call)
            assert strings, f"{path.relative_to(ROOT)}: {call}"
            text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', strings[2]))
            one = Metric(match[1], strings[1], text, labels_of(call, code))
            former = found.setdefault(one.name, one)
            assert (former.kind, former.help, former.labels) == (one.kind, one.help, one.labels), f"{one.name} is registered in two ways"
    return found


def series():
    """Name of each series -> (kind, suffix, labels)."""
    return {metric.name + suffix: (metric.kind, suffix, metric.labels | SCRAPED | ({"le"} if suffix == "_bucket" else set()))
            for metric in registered().values() for suffix in SUFFIXES[metric.kind]}


def asked(expression):
    """(name, label matchers' keys, whether over a range) of each series that an expression names."""
    without_strings = re.sub(r'"(?:[^"\\]|\\.)*"', '""', expression)
    without_strings = re.sub(r"\b(by|on)\s*\([^)]*\)", "", without_strings)
    for match in re.finditer(r"(?<![\w:.$])([a-z_]\w*)(\{[^}]*\})?(\[[^\]]+\])?", without_strings):
        name, matchers, window = match.groups()
        if name in OTHERS or name.startswith(("masthead_", "cnpg_", "barman_")):
            yield name, set(re.findall(r"(\w+)\s*[=!]", matchers or "")), window is not None


def grouped(expression):
    """Labels that it groups or joins by."""
    return {label.strip() for group in re.findall(r"\b(?:by|on)\s*\(([^)]*)\)", expression) for label in group.split(",") if label.strip()}
