"""Databases as the manifests make them, on a real Postgres: services' own migrations go through, KEDA's question and the runbooks' can be
asked, and nobody reads what is not theirs.

usage: database_test.py BUILD_DIR
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from manifests import ROOT, SERVICES, Manifests
from policies import look

BUILD = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else ROOT / "build/dev"


def keda():
    manifests = Manifests("production+keda")
    trigger = next(one for one in manifests.find("ScaledObject", "notifications")["spec"]["triggers"] if one["type"] == "postgresql")["metadata"]
    return trigger, manifests.find("Cluster", "notifications-db")


class Server:
    """A Postgres that is made as CloudNativePG makes a Cluster."""

    def __init__(self):
        self.process = subprocess.Popen([ROOT / "tests/support/postgres_cluster.sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.folder = self.process.stdout.readline().strip()

    def stop(self):
        self.process.communicate()

    def sql(self, statement, database, user="masthead", check=True):
        return subprocess.run(["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", user, "-d", database, "-c", statement], check=check,
                              capture_output=True, text=True)

    def bootstrap(self, cluster):
        initdb = look(cluster, "spec.bootstrap.initdb")
        self.sql(f"CREATE ROLE {initdb['owner']} LOGIN", "postgres")
        self.sql(f"CREATE DATABASE {initdb['database']} OWNER {initdb['owner']}", "postgres")
        for statement in initdb["postInitApplicationSQL"]:
            self.sql(statement, initdb["database"])

    def add(self, database):
        """As the operator does with a Database."""
        self.sql(f"CREATE DATABASE {database['name']} OWNER {database['owner']}", "postgres")
        for schema in database["schemas"]:
            self.sql(f"CREATE SCHEMA {schema['name']} AUTHORIZATION {schema['owner']}", database["name"])

    def migrate(self, service):
        with tempfile.NamedTemporaryFile("w") as dsn:
            dsn.write(f"host={self.folder} dbname={service} user={service}")
            dsn.flush()
            return subprocess.run([BUILD / f"services/{service}/masthead-{service}", "migrate"], capture_output=True, text=True,
                                  env={**os.environ, "MASTHEAD_DATABASE_DSN_FILE": dsn.name})


class SharedDatabase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.stop)
        manifests = Manifests("small")
        cls.server.bootstrap(manifests.of("Cluster")[0])
        for database in manifests.of("Database"):
            cls.server.add(database["spec"])

    def test_each_service_finds_its_schema_and_sees_no_other(self):
        for service in SERVICES:
            done = self.server.migrate(service)
            self.assertEqual(done.returncode, 0, done.stderr)
        for service in SERVICES:
            self.assertEqual(self.server.sql("SELECT current_schema()", service, user=service).stdout.strip(), service)
            self.assertEqual(self.server.sql("SHOW lock_timeout", service, user=service).stdout.strip(), "1s")
            for other in set(SERVICES) - {service}:
                refused = self.server.sql(f"SELECT * FROM {other}.schema_migrations", other, user=service, check=False)
                self.assertIn("permission denied", refused.stderr)


class Database(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.stop)
        cls.trigger, cluster = keda()
        cls.server.bootstrap(cluster)
        done = cls.server.migrate("notifications")
        assert done.returncode == 0, done.stderr

    @classmethod
    def sql(cls, statement, user="masthead", check=True):
        return cls.server.sql(statement, cls.trigger["dbName"], user, check)

    def ask(self):
        return int(self.sql(self.trigger["query"], user=self.trigger["userName"]).stdout)

    def test_keda_counts_what_is_due_and_stops_where_more_would_change_nothing(self):
        self.assertEqual(self.ask(), 0)
        chunks = ("INSERT INTO notifications.chunks (message_number, chunk_no, lane, first_seq, last_seq, due_time) "
                  "SELECT 1, n, 'BREAKING', n, n, now() + interval '{}' FROM generate_series({}, {}) n")
        self.sql(chunks.format("1 hour", 1, 50))
        self.assertEqual(self.ask(), 0)
        self.sql(chunks.format("-1 second", 51, 57))
        self.assertEqual(self.ask(), 7)
        self.sql(chunks.format("-1 second", 58, 5000))
        self.assertEqual(self.ask(), 1000)

    def test_what_runbooks_ask_can_be_asked(self):
        statements = {statement for path in (ROOT / "deploy").rglob("*.md") for statement in re.findall(r"`((?:SELECT|BEGIN)\b[^`]*)`", path.read_text())}
        self.assertGreater(len(statements), 10)
        for statement in statements:
            body = re.sub(r"BEGIN;|COMMIT", "", statement.replace("PID", "0"))
            done = self.sql(f"SET search_path = notifications; BEGIN; {body}; ROLLBACK", check=False)
            self.assertEqual(done.returncode, 0, f"{statement}\n{done.stderr}")

    def test_the_role_of_keda_reads_nothing(self):
        tables = self.sql("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'notifications'").stdout.split()
        self.assertGreater(len(tables), 20)
        for table in tables:
            refused = self.sql(f"SELECT * FROM {table}", user=self.trigger["userName"], check=False)
            self.assertIn("permission denied", refused.stderr, table)

    def test_keda_may_ask_a_standby(self):
        self.assertIn("-ro.", self.trigger["host"])
        read_only = f"SET default_transaction_read_only = on; {self.trigger['query']}"
        self.assertEqual(self.sql(read_only, user=self.trigger["userName"]).returncode, 0)


if __name__ == "__main__":
    unittest.main()
