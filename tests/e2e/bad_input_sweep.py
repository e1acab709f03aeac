#!/usr/bin/python3
"""Sends every RPC of the suite what no honest client would, and checks that each answer is a clear, typed refusal.

The RPCs are found in the descriptors, so one that is added is covered the day it is added. Runs against a live suite:

    bad_input_sweep.py --stubs DIR --ca FILE --articles HOST:PORT --memberships HOST:PORT --notifications HOST:PORT --token-file FILE

DIR holds the generated Python messages; FILE a token that may call as much as possible. Exits non-zero with a list of what went wrong.
"""

import argparse
import collections
import glob
import importlib
import os
import sys

import grpc

MALFORMED = {
    "truncated": b"\x0a\x05ab",
    "field number zero": b"\x02\x00",
    "overlong varint": b"\xff" * 11,
    "unmatched end of group": b"\x0c",
}

NAUGHTY = {
    "NUL": "a\0b",
    "SQL": "'; DROP TABLE articles; --",
    "placeholder": "$1 %s {0}",
    "bidi override": "\u202egnp.exe",
    "zero width": "a\u200bb\u2060c",
    "decomposed": "\u0456\u0308",
    "ZWJ emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "CRLF": "a\r\nBcc: x@example.com",
    "a megabyte": "a" * 1_000_000,
    "path": "../../etc/passwd",
    "wildcard": "*",
}

# What a server may answer to a request that is wrong. Never INTERNAL, UNKNOWN, UNIMPLEMENTED or DATA_LOSS.
REFUSALS = {
    grpc.StatusCode.OK,
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.OUT_OF_RANGE,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.PERMISSION_DENIED,
    grpc.StatusCode.UNAUTHENTICATED,
}

LEAKS = ("pqxx", "ERROR:", "SELECT ", "INSERT ", "UPDATE ", "postgres", "/home", ".cc:")


class Sweep:
    def __init__(self, token):
        self.metadata = (("authorization", f"Bearer {token}"),)
        self.wrong = []
        self.calls = 0
        self.codes = collections.Counter()

    def call(self, channel, method, request, metadata=None, timeout=10.0):
        """The call's error, or None if it succeeded. A stream is read for its first message only."""
        path = f"/{method.containing_service.full_name}/{method.name}"
        metadata = self.metadata if metadata is None else metadata
        self.calls += 1
        try:
            if method.client_streaming:
                stream = channel.stream_stream(path)(iter((request,)), metadata=metadata, timeout=timeout)
                next(stream, None)
                stream.cancel()
            elif method.server_streaming:
                stream = channel.unary_stream(path)(request, metadata=metadata, timeout=timeout)
                next(stream, None)
                stream.cancel()
            else:
                channel.unary_unary(path)(request, metadata=metadata, timeout=timeout)
            return None
        except grpc.RpcError as error:
            return error

    def expect(self, method, what, error, allowed, typed=True):
        code = grpc.StatusCode.OK if error is None else error.code()
        self.codes[code.name] += 1
        detail = "" if error is None else error.details() or ""
        if code not in allowed:
            self.wrong.append(f"{method.full_name}, {what}: {code.name} {detail[:120]}")
        elif error is not None:
            for leak in LEAKS:
                if leak in detail:
                    self.wrong.append(f"{method.full_name}, {what}: the message tells {leak!r}: {detail[:160]}")
            trailers = dict(error.trailing_metadata() or ())
            if typed and b"google.rpc.ErrorInfo" not in trailers.get("grpc-status-details-bin", b""):
                self.wrong.append(f"{method.full_name}, {what}: {code.name} without ErrorInfo: {detail[:120]}")

    def sweep(self, channel, method, new_request, public):
        invalid = {grpc.StatusCode.INVALID_ARGUMENT}
        unauthenticated = {grpc.StatusCode.UNAUTHENTICATED}

        for what, data in malformed(method.input_type).items():
            self.expect(method, what, self.call(channel, method, data), invalid)
        if not public:
            empty = new_request().SerializeToString()
            self.expect(method, "no credentials", self.call(channel, method, empty, ()), unauthenticated)
        rubbish = (("authorization", "Bearer rubbish"),)
        self.expect(method, "rubbish credentials", self.call(channel, method, b"", rubbish), unauthenticated)

        self.expect(method, "empty", self.call(channel, method, b""), REFUSALS)
        huge = b"\x7a" + varint(4 * 1024 * 1024 + 1) + b"a" * (4 * 1024 * 1024 + 1)
        error = self.call(channel, method, huge)
        self.expect(method, "over 4 MiB", error, {grpc.StatusCode.RESOURCE_EXHAUSTED}, typed=False)
        error = self.call(channel, method, b"", timeout=0.001)
        self.expect(method, "deadline of 1 ms", error, REFUSALS | {grpc.StatusCode.DEADLINE_EXCEEDED}, typed=False)

        fields = method.input_type.fields_by_name
        admitted = invalid | {grpc.StatusCode.PERMISSION_DENIED}
        if "page_size" in fields:
            request = new_request()
            request.page_size = -1
            self.expect(method, "page_size -1", self.call(channel, method, request.SerializeToString()), admitted)
        # A list that is never more than one page has none.
        if "page_token" in fields:
            request = new_request()
            request.page_token = "Zm9yZ2Vk"
            self.expect(method, "forged token", self.call(channel, method, request.SerializeToString()), admitted)

        for path, put in leaves(method.input_type):
            for what, value in path_values(put):
                request = new_request()
                put(request, value)
                error = self.call(channel, method, request.SerializeToString())
                self.expect(method, f"{path} = {what}", error, REFUSALS)


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def malformed(message):
    """Byte strings that are no message of this type."""
    found = dict(MALFORMED)
    for field in message.fields:
        if field.type == field.TYPE_STRING:
            found["bad UTF-8"] = varint(field.number << 3 | 2) + b"\x02\xc3\x28"
        if field.type == field.TYPE_MESSAGE and not field.message_type.GetOptions().map_entry:
            nested = b""
            for _ in range(200):
                nested = varint(field.number << 3 | 2) + varint(len(nested)) + nested
            if field.message_type == message:
                found["nested 200 deep"] = nested
    return found


def leaves(message, prefix="", parents=(), depth=0):
    """(path, setter) for every string, enum and integer field, three levels deep."""
    for field in message.fields:
        path = f"{prefix}{field.name}"
        chain = parents + (field,)
        if field.type in (field.TYPE_STRING, field.TYPE_ENUM, field.TYPE_INT32, field.TYPE_INT64):
            yield path, setter(chain)
        elif field.type == field.TYPE_MESSAGE and depth < 3 and not field.message_type.GetOptions().map_entry:
            yield from leaves(field.message_type, f"{path}.", chain, depth + 1)


def setter(chain):
    def put(request, value):
        message = request
        for field in chain[:-1]:
            message = getattr(message, field.name)
            if field.label == field.LABEL_REPEATED:
                message = message.add()
        last = chain[-1]
        if last.label == last.LABEL_REPEATED:
            getattr(message, last.name).append(value)
        else:
            setattr(message, last.name, value)

    put.field = chain[-1]
    return put


def path_values(put):
    field = put.field
    if field.type == field.TYPE_STRING:
        yield from NAUGHTY.items()
    elif field.type == field.TYPE_ENUM:
        yield "an unknown value", 9999
    else:
        yield "the smallest number", -(2**31)
        yield "the largest number", 2**31 - 1


def load(stubs, package):
    """The service descriptors and message classes of masthead.<package>.v1."""
    sys.path.insert(0, stubs)
    folder = os.path.join(stubs, "masthead", package, "v1")
    modules = [
        importlib.import_module(f"masthead.{package}.v1.{os.path.basename(path)[:-3]}")
        for path in sorted(glob.glob(os.path.join(folder, "*_pb2.py")))
    ]
    messages = {}
    services = []
    for module in modules:
        for name, descriptor in module.DESCRIPTOR.message_types_by_name.items():
            messages[descriptor.full_name] = getattr(module, name)
        services.extend(module.DESCRIPTOR.services_by_name.values())
    return services, messages


def is_public(method):
    from masthead.options.v1 import policy_pb2

    return method.GetOptions().Extensions[policy_pb2.policy].anyone


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("stubs", "ca", "articles", "memberships", "notifications", "token-file"):
        parser.add_argument(f"--{name}", required=True)
    arguments = parser.parse_args()

    with open(arguments.ca, "rb") as file:
        credentials = grpc.ssl_channel_credentials(file.read())
    with open(arguments.token_file, encoding="ascii") as file:
        sweep = Sweep(file.read().strip())

    methods = 0
    for package in ("articles", "memberships", "notifications"):
        services, messages = load(arguments.stubs, package)
        options = (("grpc.max_send_message_length", -1),)
        with grpc.secure_channel(getattr(arguments, package), credentials, options) as channel:
            for service in services:
                for method in service.methods:
                    methods += 1
                    sweep.sweep(channel, method, messages[method.input_type.full_name], is_public(method))

    print(f"{methods} RPCs, {sweep.calls} calls: {dict(sweep.codes)}")
    for line in sweep.wrong:
        print("WRONG", line)
    return 1 if sweep.wrong or methods == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
