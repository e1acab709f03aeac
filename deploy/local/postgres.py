"""A private PostgreSQL: its own data folder, a Unix socket and no port; one database, three schemas, three roles that see only their own."""

import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import time

SOCKET_PATH_LIMIT = 107  # sun_path of sockaddr_un.


def binaries():
    """The newest server's programs; Debian keeps them out of PATH."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise SystemExit("PostgreSQL is not installed: deploy/install-packages local")
    return found[-1].parent


class Cluster:
    def __init__(self, data, port, services):
        self.folder = data / "postgres"
        self.sockets = data / "run"
        self.whole = self.sockets / "cluster-is-whole"
        self.port = port
        self.services = services
        self.password_file = data / "secrets" / "postgres-superuser"
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.getuid() == 0 else None

    def create(self):
        """Makes the cluster unless it is there whole; one that an interruption left half made is made anew."""
        self._check_reach()
        if self.whole.exists() and self.folder.exists():
            return False
        shutil.rmtree(self.folder, ignore_errors=True)
        if not self.password_file.exists():
            self.password_file.write_text(secrets.token_urlsafe(24))
            self.password_file.chmod(0o600)
        for folder in (self.folder, self.sockets):
            folder.mkdir(mode=0o700 if folder == self.folder else 0o755, exist_ok=True)
            if self.user:
                shutil.chown(folder, self.user, self.user)
        password = self.sockets / "password"  # Where initdb's user can read it.
        password.touch(mode=0o600)
        password.write_text(self.password_file.read_text() + "\n")
        if self.user:
            shutil.chown(password, self.user)
        made = subprocess.run(
            [binaries() / "initdb", "-D", self.folder, "--username=postgres", "--auth=scram-sha-256", f"--pwfile={password}",
             "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"],
            capture_output=True, text=True, user=self.user, group=self.user, cwd="/")
        password.unlink()
        if made.returncode:
            raise SystemExit(made.stdout + made.stderr)
        return True

    def start(self, processes):
        processes.start("postgres", [binaries() / "postgres", "-D", self.folder, "-k", self.sockets, "-p", str(self.port),
                                     "-c", "listen_addresses=", "-c", "max_connections=80", "-c", "shared_buffers=128MB"],
                        user=self.user, stop=signal.SIGINT)
        until = time.monotonic() + 30
        while subprocess.run([binaries() / "pg_isready", "-q", "-h", self.sockets, "-p", str(self.port)]).returncode:
            if processes.ended("postgres") is not None or time.monotonic() > until:
                raise SystemExit("PostgreSQL did not start:\n" + processes.log_tail("postgres"))
            time.sleep(0.05)

    def dsn(self, service, password):
        return f"host={self.sockets} port={self.port} dbname=masthead user={service} password={password}"

    def create_roles(self, passwords):
        """A role and a schema for each service. A role finds its own schema without naming it, and no other at all."""
        self._sql("postgres", "CREATE DATABASE masthead")
        self._sql("masthead", "REVOKE ALL ON DATABASE masthead FROM PUBLIC; REVOKE ALL ON SCHEMA public FROM PUBLIC")
        for service in self.services:
            self._sql("masthead", f"""
                CREATE ROLE {service} LOGIN PASSWORD '{passwords[service]}';
                GRANT CONNECT ON DATABASE masthead TO {service};
                CREATE SCHEMA {service} AUTHORIZATION {service};
                ALTER ROLE {service} SET search_path = {service};
                ALTER ROLE {service} SET statement_timeout = '30s';
                ALTER ROLE {service} SET lock_timeout = '5s';
                ALTER ROLE {service} SET idle_in_transaction_session_timeout = '30s'""")
        self.whole.touch()

    def _sql(self, database, statements):
        subprocess.run([binaries() / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.sockets, "-p", str(self.port),
                        "-U", "postgres", "-d", database, "-f", "-"],
                       input=statements, text=True, check=True, env={**os.environ, "PGPASSWORD": self.password_file.read_text()})

    def _check_reach(self):
        socket = str(self.sockets / f".s.PGSQL.{self.port}")
        if len(socket.encode()) > SOCKET_PATH_LIMIT:
            raise SystemExit(f"{socket} is too long for a Unix socket: choose a shorter --data")
        if self.user and subprocess.run(["test", "-x", self.folder.parent], user=self.user, group=self.user, cwd="/").returncode:
            raise SystemExit(f"PostgreSQL does not run as root, and the user {self.user} cannot reach {self.folder.parent}: choose another --data")
