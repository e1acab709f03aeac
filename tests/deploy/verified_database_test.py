"""Connection strings as CloudNativePG writes them, settings as the manifests give them: the database is verified by its own authority, or
there is no connection. A real Postgres with TLS, on an address of this machine that is not loopback, for which servers make no exception.

usage: verified_database_test.py BUILD_DIR
"""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from manifests import ROOT, Manifests

sys.path.insert(0, str(ROOT / "deploy/local"))
import certificates
from postgres import binaries

BUILD = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else ROOT / "build/dev"
AS = "postgres" if os.getuid() == 0 else None
START_SECONDS = 30


def own_address():
    """An IPv4 address of this machine's own, or nothing; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return probe.getsockname()[0]


def free_port(address):
    with socket.create_server((address, 0)) as listener:
        return listener.getsockname()[1]


def authority(folder, name):
    certificates.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                         "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.crt")
    return folder / f"{name}.crt"


def certificate(folder, name, alternative_name, signer):
    request, extensions = folder / f"{name}.csr", folder / f"{name}.ext"
    extensions.write_text(f"subjectAltName={alternative_name}\n")
    certificates.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout", folder / f"{name}.key", "-out", request)
    certificates.openssl("x509", "-req", "-in", request, "-days", "2", "-CA", signer, "-CAkey", signer.with_suffix(".key"), "-CAcreateserial",
                         "-extfile", extensions, "-out", folder / f"{name}.crt")
    return folder / f"{name}.crt", folder / f"{name}.key"


class TlsPostgres:
    """One role and its database, reached over TCP with TLS alone, with this certificate."""

    def __init__(self, folder, address, certificate_and_key):
        self.data, self.port = folder / "data", free_port(address)
        subprocess.run([binaries() / "initdb", "-D", self.data, "-U", "masthead", "-A", "trust", "-N", "--no-locale"], check=True, capture_output=True, user=AS, cwd="/")
        (self.data / "pg_hba.conf").write_text("local all all trust\nhostssl all all all scram-sha-256\n")
        for source, name in zip(certificate_and_key, ("server.crt", "server.key")):
            shutil.copy(source, self.data / name)
            (self.data / name).chmod(0o600)
            if AS:
                shutil.chown(self.data / name, AS)
        self.server = subprocess.Popen([binaries() / "postgres", "-D", self.data, "-k", folder, "-p", str(self.port), "-c", f"listen_addresses={address}",
                                        "-c", "ssl=on", "-c", "fsync=off"], user=AS, cwd="/", stderr=subprocess.DEVNULL)
        until = time.monotonic() + START_SECONDS
        while subprocess.run([binaries() / "pg_isready", "-q", "-h", folder, "-p", str(self.port)]).returncode:
            if time.monotonic() > until:
                raise AssertionError("Postgres does not start")
            time.sleep(0.1)
        for statement in ("CREATE ROLE articles LOGIN PASSWORD 'secret'", "CREATE DATABASE articles OWNER articles"):
            self.sql(folder, "postgres", statement)
        self.sql(folder, "articles", "CREATE SCHEMA articles AUTHORIZATION articles")

    def sql(self, folder, database, statement):
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", folder, "-p", str(self.port), "-U", "masthead", "-d", database, "-c", statement], check=True)

    def stop(self):
        self.server.terminate()
        self.server.wait()


@unittest.skipUnless(own_address(), "THE DATABASE'S CERTIFICATE IS NOT TESTED: this machine has no address but loopback")
class VerifiedDatabase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.folder.chmod(0o755)
        self.address = own_address()

    def start(self, alternative_name):
        signer = authority(self.folder, "database-authority")
        place = self.folder / "postgres"
        place.mkdir()
        if AS:
            shutil.chown(place, AS)
        server = TlsPostgres(place, self.address, certificate(self.folder, "server", alternative_name, signer))
        self.addCleanup(server.stop)
        return signer, f"postgresql://articles:secret@{self.address}:{server.port}/articles"

    def migrates(self, uri, trusted):
        """As the migration Job of production would, but for where files lie."""
        job = next(job for job in Manifests("production").of("Job") if job["metadata"]["name"].startswith("articles-migrate"))
        container = job["spec"]["template"]["spec"]["containers"][0]
        settings = {one["name"]: one["value"] for one in container["env"]}
        self.assertEqual(settings.keys(), {"MASTHEAD_DATABASE_DSN_FILE", "PGSSLROOTCERT"})
        (self.folder / "dsn").write_text(uri)
        (self.folder / "dsn").chmod(0o600)
        return subprocess.run([BUILD / "services/articles" / pathlib.Path(container["command"][0]).name, *container["args"]], capture_output=True, text=True,
                              env={"HOME": "/nonexistent", "MASTHEAD_DATABASE_DSN_FILE": str(self.folder / "dsn"), "PGSSLROOTCERT": str(trusted)})

    def test_is_verified_by_its_own_authority_and_name(self):
        signer, uri = self.start(f"IP:{self.address}")
        done = self.migrates(uri, signer)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotEqual(self.migrates(uri, authority(self.folder, "stranger")).returncode, 0)
        self.assertNotEqual(self.migrates(uri, self.folder / "missing.crt").returncode, 0)
        self.assertNotEqual(self.migrates(f"{uri}?sslmode=prefer", signer).returncode, 0, "nobody may ask for less")

    def test_another_name_does_only_where_the_connection_string_says_so(self):
        # A pooler shows the certificate of the database that it stands before.
        signer, uri = self.start("DNS:articles-db-rw.masthead")
        self.assertNotEqual(self.migrates(uri, signer).returncode, 0)
        done = self.migrates(f"{uri}?sslmode=verify-ca", signer)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotEqual(self.migrates(f"{uri}?sslmode=verify-ca", authority(self.folder, "stranger")).returncode, 0)


if __name__ == "__main__":
    unittest.main()
