"""A whole Masthead that can be hurt: services killed and started with fail points armed, sessions of Postgres cut, the clock of leases moved on.

Started by what deploy/local/up uses, on a folder and ports of its own.
"""

import contextlib
import io
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy/local"))

import local as deploy_local
from postgres import binaries

SERVICES = deploy_local.SERVICES
FAIL_POINTS = "MASTHEAD_FAILPOINTS"
FAIL_POINT_LOG = "MASTHEAD_FAILPOINTS_LOG"
SECOND = "-2"


class HurtLocal(deploy_local.Local):
    """With both policies of an unknown outcome: breaking news is sent again, other alerts are not. With a second replica of notifications, should
    somebody start it."""

    def __init__(self, data, port_base, build):
        super().__init__(data, port_base, build)
        self.replica_ports = {"grpc_listen": port_base + 4, "health_listen": port_base + 14, "http_listen": port_base + 24,
                              "public_http_listen": port_base + 35}

    def own_flags(self, service):
        own = super().own_flags(service)
        return {**own, "repeat_uncertain_breaking_news": "true"} if service == "notifications" else own

    def command(self, name):
        """What runs under that name: a service, or its second replica."""
        service = name.removesuffix(SECOND)
        own = [f"--{flag}=127.0.0.1:{port}" for flag, port in self.replica_ports.items()] if name.endswith(SECOND) else []
        return [self.binary(service), "serve", *self.serve_flags(service), *own]


class Stand:
    def __init__(self, build, data, port_base):
        self.local = HurtLocal(pathlib.Path(data), port_base, pathlib.Path(build).resolve())
        self.lock = threading.RLock()  # Of what runs: the chaos and the newsroom heal from threads of their own.
        self.names = list(SERVICES)  # Of what should run.
        self.deaths = {service: 0 for service in SERVICES}
        self.seconds_ahead = 0  # How far the services' clocks were moved.
        self.passed_file = self.local.data / "passed-points"

    @contextlib.contextmanager
    def running(self):
        self.forget()
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                deploy_local.start(self.local)
                self.api_key = deploy_local.api_key(self.local)
            yield self
        finally:
            self.local.processes.stop(patience=15)

    def forget(self):
        self.local.processes.stop()
        shutil.rmtree(self.local.data, ignore_errors=True)

    # Services.

    def is_dead(self, service):
        return self.local.processes.ended(service) is not None

    def kill(self, service):
        with self.lock:
            child = self.local.processes.children[service]
            if child.poll() is None:
                child.send_signal(signal.SIGKILL)
                child.wait()

    def start(self, service, failpoints=None):
        with self.lock:
            armed = {FAIL_POINTS: failpoints, FAIL_POINT_LOG: str(self.passed_file)} if failpoints else {}
            self.passed_file.unlink(missing_ok=True)
            os.environ.update(armed)
            try:
                self.local.processes.start(service, self.local.command(service))
            finally:
                for name in armed:
                    del os.environ[name]

    def restart(self, service, failpoints=None):
        with self.lock:
            self.kill(service)
            self.lapse_leases(service)
            self.start(service, failpoints)

    def heal(self):
        """Starts what died, without fail points."""
        with self.lock:
            for name in self.names:
                if self.is_dead(name):
                    self.deaths[name] += 1
                    self.start(name)

    def add_replica(self, service):
        """A second one of the service, which is then kept alive too."""
        with self.lock:
            self.names.append(service + SECOND)
            self.deaths[service + SECOND] = 0
            self.start(service + SECOND)

    def roll(self, name, grace):
        """As an operator restarts it: with `grace` seconds to bring its work to an end."""
        with self.lock:
            child = self.local.processes.children[name]
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=grace)
            self.kill(name)
            self.start(name)

    def passed_points(self):
        return set(self.passed_file.read_text().split()) if self.passed_file.exists() else set()

    # Postgres.

    def query(self, sql):
        """Rows of text; as the superuser, who sees every schema."""
        cluster = self.local.cluster
        done = subprocess.run(
            [binaries() / "psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-R", "\x1e", "-v", "ON_ERROR_STOP=1", "-h", cluster.sockets,
             "-p", str(cluster.port), "-U", "postgres", "-d", "masthead", "-c", sql],
            capture_output=True, text=True, check=True, env={**os.environ, "PGPASSWORD": cluster.password_file.read_text()})
        text = done.stdout.rstrip("\n")
        return [tuple(row.split("\x1f")) for row in text.split("\x1e")] if text else []

    def value(self, sql):
        rows = self.query(sql)
        return rows[0][0] if rows else ""

    def crash_postgres(self):
        """Every process of it at once, with nothing written that was not; then it recovers."""
        with self.lock:
            child = self.local.processes.children["postgres"]
            child.send_signal(signal.SIGQUIT)
            child.wait(timeout=60)
            self.local.cluster.start(self.local.processes)

    def cut_a_session(self, random):
        """Terminates the session of one of the services."""
        pids = [row[0] for row in self.query(f"SELECT pid FROM pg_stat_activity WHERE usename IN {SERVICES} ORDER BY pid")]
        return bool(pids) and self.value(f"SELECT pg_terminate_backend({random.choice(pids)})") == "t"

    def lapse_leases(self, service):
        """Stands in for the seconds after which a dead consumer's lease ends."""
        self.query(f"UPDATE {service}.feed_cursor SET lease_time = '-infinity'")

    def move_clock(self, seconds):
        """Moves db_now() of every schema on: stands in for waiting until leases of mail end and retries are due."""
        self.seconds_ahead += seconds
        self.query("; ".join(f"CREATE OR REPLACE FUNCTION {service}.db_now() RETURNS timestamptz LANGUAGE sql STABLE "
                             f"AS $$ SELECT now() + interval '{self.seconds_ahead} seconds' $$" for service in SERVICES))

    def now(self):
        """The services' time, in seconds since 1970."""
        return time.time() + self.seconds_ahead


def eventually(question, patience, pause=0.05):
    """The first truthy answer; None once `patience` seconds have passed."""
    until = time.monotonic() + patience
    while True:
        answer = question()
        if answer or time.monotonic() > until:
            return answer or None
        time.sleep(pause)
