"""What KEDA asks of notifications' database, as the role that the manifests give it, and what runbooks ask: on a real Postgres with a
migrated schema.

usage: database_test.py BUILD_DIR
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from manifests import ROOT, Manifests
from policies import look

BUILD = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else ROOT / "build/dev"


def keda():
    manifests = Manifests("production+keda")
    trigger = next(one for one in manifests.find("ScaledObject", "notifications")["spec"]["triggers"] if one["type"] == "postgresql")["metadata"]
    return trigger, look(manifests.find("Cluster", "notifications-db"), "spec.bootstrap.initdb")


class Database(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = subprocess.Popen([ROOT / "tests/support/postgres_cluster.sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.server.communicate)
        cls.folder = pathlib.Path(cls.server.stdout.readline().strip())
        cls.trigger, initdb = keda()
        # As CloudNativePG does with the Cluster, then the migration Job.
        cls.sql(f"CREATE ROLE {initdb['owner']} LOGIN", database="postgres")
        cls.sql(f"CREATE DATABASE {initdb['database']} OWNER {initdb['owner']}", database="postgres")
        for statement in initdb["postInitApplicationSQL"]:
            cls.sql(statement)
        with tempfile.NamedTemporaryFile("w") as dsn:
            dsn.write(f"host={cls.folder} dbname={initdb['database']} user={initdb['owner']}")
            dsn.flush()
            subprocess.run([BUILD / "services/notifications/masthead-notifications", "migrate"], check=True, capture_output=True,
                           env={**os.environ, "MASTHEAD_DATABASE_DSN_FILE": dsn.name})

    @classmethod
    def sql(cls, statement, user="masthead", database=None, check=True):
        return subprocess.run(["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", cls.folder, "-U", user, "-d", database or cls.trigger["dbName"], "-c", statement],
                              check=check, capture_output=True, text=True)

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
