#!/usr/bin/python3
"""The sweep of bad_input_sweep.py over the stack that is up.

usage: bad_input_test.py BUILD_DIR
"""

import pathlib
import subprocess
import sys
import tempfile

from stack import ROOT, Stack


def main():
    stack = Stack(sys.argv[1])
    stack.use_stubs()
    import grpc
    from masthead.memberships.v1 import tokens_service_pb2, tokens_service_pb2_grpc

    credentials = grpc.ssl_channel_credentials(stack.ca.read_bytes())
    with grpc.secure_channel(stack.target("memberships"), credentials) as channel:
        tokens = tokens_service_pb2_grpc.TokensServiceStub(channel)
        token = tokens.ExchangeApiKey(tokens_service_pb2.ExchangeApiKeyRequest(api_key=stack.api_key()), timeout=10).access_token
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(token)
        file.flush()
        sweep = [pathlib.Path(__file__).with_name("bad_input_sweep.py"), "--stubs", ROOT / "build/python", "--ca", stack.ca, "--token-file", file.name]
        sweep += [part for service in ("articles", "memberships", "notifications") for part in (f"--{service}", stack.target(service))]
        return subprocess.run([sys.executable, *sweep]).returncode


if __name__ == "__main__":
    sys.exit(main())
