#!/usr/bin/python3
"""Each reason that a service sends is documented in its error_reason.proto, and each documented one is sent."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
REASON = re.compile(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)"')
VALUE = re.compile(r"^\s+([A-Z][A-Z0-9_]*) = [1-9]\d*;", re.MULTILINE)


def sent(folder, pattern):
    found = set()
    for path in sorted((ROOT / folder).rglob(pattern)):
        found |= set(REASON.findall(path.read_text()))
    return found


def documented(proto):
    return set(VALUE.findall((ROOT / "protos/masthead" / proto).read_text()))


def breaches(place, proto, reasons):
    known = documented(proto)
    for reason in sorted(reasons - known):
        yield f"{place} sends {reason}, which {proto} does not document"
    for reason in sorted(known - reasons):
        yield f"{proto} documents {reason}, which {place} never sends"


def common_reasons():
    """What is given with the common domain, and documented reasons that pass through a helper."""
    pattern = re.compile(r'kCommonErrorDomain,\s*(?:\.reason = )?"([A-Z_]+)"')
    with_domain = {reason for path in (ROOT / "common").rglob("*.cc") for reason in pattern.findall(path.read_text())}
    return with_domain | sent("common", "*.cc") & documented("type/v1/common_error_reason.proto")


def main():
    found = list(breaches("common", "type/v1/common_error_reason.proto", common_reasons()))
    for service in ("articles", "memberships", "notifications"):
        found += breaches(service, f"{service}/v1/error_reason.proto", sent(f"services/{service}", "*errors.cc"))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
