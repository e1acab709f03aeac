#!/usr/bin/python3
"""A whole Masthead on this machine: up, down, reset. Called by the scripts of those names."""

import argparse
import contextlib
import fcntl
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import sys
import time

import certificates
from postgres import Cluster
from processes import Processes

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICES = ("articles", "memberships", "notifications")
READY_WITHIN_SECONDS = 60
# The first bytes of a HealthCheckRequest for "readiness", and of a HealthCheckResponse that says SERVING (grpc.health.v1).
READINESS_REQUEST = b"\x0a\x09readiness"
SERVING = b"\x08\x01"


def default_data():
    if os.getuid() == 0:
        return pathlib.Path("/var/lib/masthead-local")
    return pathlib.Path(os.environ.get("XDG_STATE_HOME") or pathlib.Path.home() / ".local/state") / "masthead"


class Local:
    """Where everything of one run is."""

    def __init__(self, data, port_base, build):
        self.data = data
        self.build = build
        self.secrets = data / "secrets"
        self.tls = data / "tls"
        self.mail = data / "mail"
        self.processes = Processes(data)
        self.ports = {}
        for number, service in enumerate(SERVICES, start=1):
            self.ports[service] = {"grpc": port_base + number, "health": port_base + 10 + number, "http": port_base + 20 + number}
        self.smtp_port = port_base + 30
        self.public_port = port_base + 31
        self.public_https_port = port_base + 33
        self.payments_port = port_base + 34
        self.cluster = Cluster(data, port_base + 32, SERVICES)

    def address(self, service, kind="grpc"):
        return f"127.0.0.1:{self.ports[service][kind]}"

    def binary(self, service):
        return self.build / "services" / service / f"masthead-{service}"

    def command_flags(self, service):
        """What every command of a service's binary needs."""
        return [f"--database_dsn_file={self.secrets / f'{service}-dsn'}"]

    def serve_flags(self, service):
        flags = {
            "grpc_listen": self.address(service),
            "health_listen": self.address(service, "health"),
            "http_listen": self.address(service, "http"),
            "mac_key_file": self.secrets / f"{service}-mac-key",
            "tls_certificate_file": self.tls / f"{service}.crt",
            "tls_key_file": self.tls / f"{service}.key",
            "tls_ca_file": self.tls / "ca.crt",
            "lame_duck_quiet": "200ms",
            **{f"{other}_target": f"dns:///localhost:{self.ports[other]['grpc']}" for other in SERVICES if other != service},
            **self.own_flags(service),
        }
        return self.command_flags(service) + [f"--{name}={value}" for name, value in flags.items()]

    def own_flags(self, service):
        if service == "memberships":
            return {
                "signing_key_file": self.secrets / "signing-key.pem", "address_key_file": self.secrets / "address-keys",
                "sign_in_url": "https://www.masthead.example/sign-in", "email_change_url": "https://www.masthead.example/email-change",
                "redirect_origins": "https://www.masthead.example", "checkout_origins": "https://www.masthead.example",
                "public_http_listen": f"127.0.0.1:{self.payments_port}", "public_base_url": f"http://127.0.0.1:{self.payments_port}",
                "ledgerpay_test_methods": "true",
            }
        if service == "articles":
            return {"site_url": "https://www.masthead.example", "publication_name": "Masthead"}
        if service == "notifications":
            return {
                "smtp_host": "127.0.0.1", "smtp_port": self.smtp_port, "smtp_tls": "none",
                "mail_from": "news@masthead.example", "mail_from_name": "Masthead",
                "site_url": "https://www.masthead.example",
                "public_http_listen": f"127.0.0.1:{self.public_port}", "public_base_url": f"https://localhost:{self.public_https_port}",
            }
        return {}


def say(text):
    print(text, flush=True)


def write_secret(path, value):
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(value)


def make_secrets(local):
    local.secrets.mkdir(mode=0o700, exist_ok=True)
    passwords = {}
    for service in SERVICES:
        password = local.secrets / f"{service}-password"
        write_secret(password, secrets.token_urlsafe(24))
        passwords[service] = password.read_text()
        dsn = local.secrets / f"{service}-dsn"
        dsn.unlink(missing_ok=True)  # The port may have changed since.
        write_secret(dsn, local.cluster.dsn(service, passwords[service]))
        write_secret(local.secrets / f"{service}-mac-key", secrets.token_hex(32))
    write_secret(local.secrets / "address-keys", secrets.token_hex(32))
    return passwords


def make_signing_key(local):
    """What memberships signs access tokens with."""
    made = subprocess.run([local.binary("memberships"), "generate-signing-key"], check=True, capture_output=True, text=True)
    write_secret(local.secrets / "signing-key.pem", made.stdout)


def run_command(local, service, command, *arguments):
    """Runs a subcommand of a service's binary; its output."""
    done = subprocess.run([local.binary(service), command, *local.command_flags(service), *arguments], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"masthead-{service} {command} failed:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def wait_until_ready(local):
    import grpc

    until = time.monotonic() + READY_WITHIN_SECONDS
    for service in SERVICES:
        with grpc.insecure_channel(local.address(service, "health")) as channel:
            check = channel.unary_unary("/grpc.health.v1.Health/Check")
            while True:
                with contextlib.suppress(grpc.RpcError):
                    if check(READINESS_REQUEST, timeout=2) == SERVING:
                        break
                if local.processes.ended(service) is not None or time.monotonic() > until:
                    raise SystemExit(f"{service} did not become ready:\n{local.processes.log_tail(service)}")
                time.sleep(0.05)


def start(local):
    local.data.mkdir(parents=True, exist_ok=True)
    local.data.chmod(0o711)  # PostgreSQL's user passes through; what is secret has a folder of its own.
    passwords = make_secrets(local)
    certificates.make(local.tls, SERVICES)
    new = local.cluster.create()
    local.cluster.start(local.processes)
    if new:
        local.cluster.create_roles(passwords)
    say(f"PostgreSQL runs on a socket in {local.cluster.sockets}: one database, a schema and a role for each service.")
    make_signing_key(local)
    for service in SERVICES:
        run_command(local, service, "migrate")
    local.processes.start("mail-sink", ["/usr/bin/python3", ROOT / "deploy/local/mail_sink.py", f"127.0.0.1:{local.smtp_port}", local.mail])
    local.processes.start("tls-proxy", ["/usr/bin/python3", ROOT / "deploy/local/tls_proxy.py", f"127.0.0.1:{local.public_https_port}",
                                        f"127.0.0.1:{local.public_port}", local.tls / "notifications.crt", local.tls / "notifications.key"])
    for service in SERVICES:
        local.processes.start(service, [local.binary(service), "serve", *local.serve_flags(service)])
    wait_until_ready(local)
    say("The three services are ready, with TLS between them. A mail sink stands in for the world.")


def api_key(local):
    """The key of the newsroom's backend: it may do whatever the main job does."""
    file = local.secrets / "api-key"
    if not file.exists():
        scopes = "admin,articles.read,articles.write,members.read,members.write,tokens.issue,notifications.read,notifications.send,notifications.write"
        write_secret(file, run_command(local, "memberships", "create-api-key", f"--scopes={scopes}"))
    return file.read_text()


def main_job(local, article):
    stubs = ROOT / "build/python"
    subprocess.run([ROOT / "deploy/local/stubs", stubs], check=True)
    sys.path.insert(0, str(stubs))
    import main_job as job

    return job.run(local, api_key(local), article)


def say_addresses(local, data_given):
    say("")
    say("Running. gRPC with TLS:")
    for service in SERVICES:
        say(f"  {service:14} localhost:{local.ports[service]['grpc']}    health {local.address(service, 'health')}    "
            f"metrics http://{local.address(service, 'http')}/metrics")
    say(f"  CA {local.tls / 'ca.crt'}    mail {local.mail}    logs {local.processes.logs}")
    say("Try:")
    say(f"  grpcurl -cacert {local.tls / 'ca.crt'} localhost:{local.ports['articles']['grpc']} "
        "masthead.articles.v1.ReadingService/ListPublishedArticles")
    given = f" --data {local.data}" if data_given else ""
    say(f"Stop with deploy/local/down{given}, forget with deploy/local/reset{given}.")


@contextlib.contextmanager
def alone(data):
    """Only one command at a time works on a data folder."""
    data.mkdir(parents=True, exist_ok=True)
    with open(data / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"Another deploy/local command is at work on {data}") from None
        yield


def up(local, options):
    running = [record["name"] for record in local.processes.alive()]
    if running:
        say(f"Already running from {local.data}: {', '.join(running)}. Stop it with deploy/local/down first.")
        return 1
    finished = False
    try:
        start(local)
        told = main_job(local, options.article)
        finished = not options.once
        if finished:
            say_addresses(local, options.data != default_data())
        return 0 if told else 1
    finally:
        if not finished:
            say("Stopping.")
            local.processes.stop()


def down(local, _):
    running = local.processes.alive()
    local.processes.stop()
    say(f"Stopped {len(running)} processes." if running else "Nothing runs.")
    return 0


def reset(local, options):
    down(local, options)
    for name in ("postgres", "run", "secrets", "tls", "mail", "log"):
        shutil.rmtree(local.data / name, ignore_errors=True)
    say(f"Forgot {local.data}.")
    return 0


def main():
    parser = argparse.ArgumentParser(prog="deploy/local")
    parser.add_argument("command", choices=["up", "down", "reset"])
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--data", type=pathlib.Path, default=default_data())
    parser.add_argument("--port-base", type=int, default=7400)
    parser.add_argument("--article", type=pathlib.Path)
    parser.add_argument("--build-dir", type=pathlib.Path, default=ROOT / "build/release")
    options = parser.parse_args()

    def interrupted(number, _):
        raise SystemExit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    data = options.data.resolve()
    with alone(data):
        return {"up": up, "down": down, "reset": reset}[options.command](Local(data, options.port_base, options.build_dir.resolve()), options)


if __name__ == "__main__":
    sys.exit(main())
