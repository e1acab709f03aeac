#!/usr/bin/python3
"""One whole Masthead for the end-to-end tests of a build folder, and what they ask about it.

usage: stack.py BUILD_DIR up|down
"""

import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOCAL = ROOT / "deploy/local"

# Every call leaves a line: tests look for traces in them, and for secrets. Whoever starts a service again does it with the same settings.
os.environ["MASTHEAD_LOG_CALLS"] = "all"


class Stack:
    """Data and ports follow from the build folder's path (and a name for a second one), so that runs of two checkouts do not meet."""

    def __init__(self, build, name=""):
        self.build = pathlib.Path(build).resolve()
        digest = hashlib.sha256(f"{self.build}{name}".encode())
        self.data = pathlib.Path(tempfile.gettempdir()) / f"masthead-e2e-{digest.hexdigest()[:8]}"
        self.port_base = 20000 + int.from_bytes(digest.digest()[:2], "big") % 240 * 50

    @property
    def mail(self):
        return self.data / "mail"

    @property
    def ca(self):
        return self.data / "tls/ca.crt"

    @property
    def logs(self):
        return self.data / "log"

    @property
    def secrets(self):
        return self.data / "secrets"

    @property
    def signing_key(self):
        return self.secrets / "signing-key.pem"

    def api_key(self):
        return (self.secrets / "api-key").read_text()

    def target(self, service):
        return f"localhost:{self.port_base + 1 + ('articles', 'memberships', 'notifications').index(service)}"

    def command(self, name, *arguments):
        command = [LOCAL / name, "--data", self.data, *arguments]
        if name == "up":
            command += ["--port-base", str(self.port_base), "--build-dir", self.build]
        return command

    def run(self, name, *arguments):
        return subprocess.run(self.command(name, *arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def use_stubs(self):
        """Makes the generated clients importable."""
        stubs = ROOT / "build/python"
        subprocess.run([LOCAL / "stubs", stubs], check=True)
        sys.path.insert(0, str(stubs))


def processes_of(data):
    """Command lines of processes that mention the data folder."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(data) in command and int(entry.parent.name) != os.getpid():
            found.append(command)
    return found


def main():
    stack = Stack(sys.argv[1])
    if sys.argv[2] == "up":
        stack.run("reset")
        done = stack.run("up")
        print(done.stdout + done.stderr)
        return done.returncode
    print(stack.run("reset").stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
