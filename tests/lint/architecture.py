#!/usr/bin/python3
"""The house's rules that a compiler does not keep: who includes whom, where SQL, `catch` and stubs may stand.

usage: tests/lint/architecture.py     names every breach and fails if there is one
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = ("articles", "memberships", "notifications")
LONGEST_FILE = 600

INCLUDE = re.compile(r'^#include ["<]([^">]+)[">]', re.MULTILINE)
SQL = re.compile(r'(?:R"\w*\(|")\s*(?:SELECT |INSERT INTO |UPDATE \w+\s+SET |DELETE FROM |WITH \w+ AS |LOCK TABLE )')
LEFT_BEHIND = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|NO" r"LINT(?:BEGIN|END|NEXTLINE)?)\b")


def includes(text):
    return INCLUDE.findall(text)


def module(path):
    """A header and its source are one."""
    return re.sub(r"\.(h|cc)$", "", path)


def room(path):
    """A room of common, which must not be part of a cycle of rooms."""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "common" and len(parts) > 2 else None


def capability(path):
    """A capability's folder in a service; what stands beside the folders stands for itself, since some of it puts the service together and some of
    it is for all of them."""
    parts = path.split("/")
    if parts[0] != "services" or len(parts) < 3:
        return None
    return "/".join(parts[:3]) if len(parts) > 3 else module(path)


def layer(path, rules):
    stem = module(path)
    if stem in rules or stem.endswith("/errors"):
        return "rules"
    for suffix in ("store", "proto", "service"):
        if stem.endswith(f"_{suffix}"):
            return suffix
    return None


# What a layer may not include. Everything not listed here is free to it.
FORBIDDEN = {
    "rules": (r"pqxx/", r"grpc", r".*\.pb\.h$", r"common/db/", r"common/rpc/", r"common/events/", r"common/idempotency/", r".*_(store|proto|service)\.h$"),
    "store": (r"grpc", r".*\.grpc\.pb\.h$", r"masthead/\w+/v1/", r"common/rpc/", r".*_(proto|service)\.h$"),
    "proto": (r"pqxx/", r"grpc", r"common/db/(?!types\.h)", r"common/rpc/", r".*_(store|service)\.h$"),
    "service": (r"pqxx/",),
}


def rule_files(cmake_files):
    """The stems that masthead_<service>_rules is made of: CMake keeps gRPC and PostgreSQL from its link, this keeps them from its headers."""
    stems = set()
    for path, text in cmake_files.items():
        folder = path.rsplit("/", 1)[0]
        for sources in re.findall(r"masthead_library\(\s*masthead_\w+_rules\b.*?SOURCES(.*?)(?:DEPENDS|\))", text, re.DOTALL):
            stems |= {f"{folder}/{name[:-3]}" for name in re.findall(r"[\w/]+\.cc", sources)}
    return stems


def include_breaches(path, text, rules):
    service = path.split("/")[1] if path.startswith("services/") else None
    others = [other for other in SERVICES if other != service]
    kind = layer(path, rules) if service else None
    for name in includes(text):
        if path.startswith("common/") and re.match(rf"services/|masthead/({'|'.join(SERVICES)})/", name):
            yield f"common knows no service, and includes {name}"
        if service and re.match(rf"services/({'|'.join(others)})/", name):
            yield f"a service includes another's code: {name}"
        if service and re.match(rf"masthead/{service}/.*\.grpc\.pb\.h", name):
            yield f"servers register by descriptor, without {name}"
        for pattern in FORBIDDEN.get(kind, ()):
            if re.match(pattern, name):
                yield f"{kind} may not include {name}"
        if path.endswith(".h") and name in ("grpcpp/grpcpp.h", "pqxx/pqxx", "regex") and not path.startswith("common/db/"):
            yield f"too heavy for a header: {name}"


def text_breaches(path, text):
    if path.endswith((".cc", ".h")) and not path.startswith("tests/"):
        if re.search(r"\bcatch \(", text) and not path.startswith(("common/db/", "common/rpc/")):
            yield "`catch` stands only in common/db and common/rpc"
        if path.startswith("services/") and SQL.search(text) and not re.search(r"_store\.(h|cc)$", path):
            yield "SQL stands only in stores and schemas"
    if path.endswith((".cc", ".h")) and "absl::Mutex" in text and path != "common/base/mutex.h":
        yield "masthead::Mutex, not absl::Mutex"
    if LEFT_BEHIND.search(text) and not path.endswith(".clang-tidy"):
        yield f"left behind: {LEFT_BEHIND.search(text)[0]}"
    if path.endswith((".cc", ".h", ".py")) and text.count("\n") > LONGEST_FILE:
        yield f"{text.count(chr(10))} lines: split it by resource or capability"


def cycles(files, node_of):
    """Nodes that reach themselves through includes."""
    reaches = {}
    for path, text in files.items():
        for name in includes(text):
            if node_of(path) and node_of(name) and node_of(path) != node_of(name):
                reaches.setdefault(node_of(path), set()).add(node_of(name))
    for start in sorted(reaches):
        seen, todo = set(), [start]
        while todo:
            following = reaches.get(todo.pop(), set())
            if start in following:
                yield start, "is part of a cycle of includes"
                break
            todo += following - seen
            seen |= following


def breaches(files):
    """(path, what is wrong) for every breach in {path: text}."""
    rules = rule_files({path: text for path, text in files.items() if path.endswith("CMakeLists.txt")})
    for path, text in files.items():
        if path.endswith((".cc", ".h")):
            for what in include_breaches(path, text, rules):
                yield path, what
        for what in text_breaches(path, text):
            yield path, what
    code = {path: text for path, text in files.items() if path.endswith((".h", ".cc"))}
    yield from cycles(code, room)
    yield from cycles(code, capability)
    yield from cycles(code, module)


def ours():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file() and name != "tests/lint/architecture_test.py":
            try:
                yield name, (ROOT / name).read_text()
            except UnicodeDecodeError:
                continue


def main():
    found = list(breaches(dict(ours())))
    for path, what in found:
        print(f"{path}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
