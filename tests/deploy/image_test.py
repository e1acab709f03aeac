"""The container image as the manifests run it: read-only, as a user without rights or capabilities, in the memory of its limits.

Each service migrates and serves with the command, the settings and the mounts of overlays/local, against a Postgres of this test's own; the
three share one network, where only their ports differ. Needs root and podman, and an image:

usage: image_test.py [IMAGE]     default: localhost/masthead:dev, as deploy/images/build makes it
"""

import contextlib
import hashlib
import io
import json
import os
import pathlib
import secrets
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest
import zlib

from manifests import ROOT, SERVICES, Manifests

sys.path.insert(0, str(ROOT / "deploy/local"))
import certificates

NAMED = len(sys.argv) > 1
IMAGE = sys.argv.pop(1) if NAMED else "localhost/masthead:dev"
# podman asks for more by default than a confined root may have.
LIMITS = ("--ulimit=nofile=16384:16384", "--ulimit=nproc=16384:16384")
SKIPPED = 77  # What ctest takes for "skipped".
IDLE_BUDGET_KIB = 64 * 1024  # Of a replica that serves and is asked nothing.
SBOM = "usr/share/masthead/sbom.cdx.json"
# Of its files, and of what a node pulls. 45 MB are the three binaries; of the libraries those below libcurl and libpq bring the most: Kerberos,
# LDAP and their GnuTLS.
BUDGET_BYTES, PULL_BUDGET_BYTES = 80_000_000, 32_000_000
USER = 65532
READY_WITHIN_SECONDS = 60
# grpc.health.v1 in bytes: a request for "readiness", and an answer SERVING.
PROBE = """
import sys, grpc
with grpc.insecure_channel(sys.argv[1]) as channel:
    answer = channel.unary_unary("/grpc.health.v1.Health/Check")(b"\\x0a\\x09readiness", timeout=2)
sys.exit(answer != b"\\x08\\x01")
"""


def podman(*arguments, **options):
    return subprocess.run(["podman", *map(str, arguments)], capture_output=True, text=True, **options)


def cannot_run():
    """Why this machine cannot run the image, or nothing."""
    if os.getuid() != 0:
        return "it needs root"
    if not shutil.which("podman"):
        return "podman is not installed: deploy/install-packages image"
    if podman("image", "exists", IMAGE).returncode:
        return f"there is no image {IMAGE}: deploy/images/build"
    sources = subprocess.run([ROOT / "deploy/images/sources"], check=True, capture_output=True, text=True).stdout.strip()
    if not NAMED and podman("image", "inspect", "--format={{index .Labels \"masthead.sources\"}}", IMAGE).stdout.strip() != sources:
        return f"{IMAGE} is of other sources than these: deploy/images/build"
    tried = podman("run", "--rm", "--network=none", *LIMITS, IMAGE)
    if tried.returncode not in (0, 1):  # --help
        return f"podman cannot run a container here: {tried.stderr.strip()}"
    return None


@contextlib.contextmanager
def postgres():
    """A cluster of our own with a schema and a role for each service; its socket's folder."""
    server = subprocess.Popen([ROOT / "tests/support/postgres_cluster.sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    folder = pathlib.Path(server.stdout.readline().strip())
    try:
        folder.chmod(0o711)
        for service in SERVICES:
            subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", folder, "-U", "masthead", "-d", "postgres"], check=True, text=True,
                           input=f"CREATE ROLE {service} LOGIN; CREATE SCHEMA {service} AUTHORIZATION {service};"
                                 f"ALTER ROLE {service} SET search_path = {service}")
        yield folder
    finally:
        server.communicate()


def write_secret(path, text):
    """As Kubernetes mounts it: readable by the pod's group alone."""
    path.write_text(text)
    os.chown(path, 0, USER)
    path.chmod(0o440)


class Pods:
    """The pods of overlays/local, as containers: what the manifests say, but for ports and targets, which share one network here."""

    def __init__(self, folder, sockets):
        self.folder = folder
        self.sockets = sockets
        self.manifests = Manifests("local")
        self.names = []
        certificates.make(folder / "tls", SERVICES)
        signing_key = podman("run", "--rm", *LIMITS, "--network=none", IMAGE, "/usr/local/bin/masthead-memberships", "generate-signing-key", check=True).stdout
        for service in SERVICES:
            write_secret(self.file(service, "database-dsn"), f"host=/run/postgresql dbname=postgres user={service}")
            write_secret(self.file(service, "mac-key"), secrets.token_hex(32))
            write_secret(self.file(service, "signing-key.pem"), signing_key)
            write_secret(self.file(service, "address-keys"), secrets.token_hex(32))
            for key, source in (("tls.crt", f"{service}.crt"), ("tls.key", f"{service}.key"), ("ca.crt", "ca.crt")):
                write_secret(self.file(service, key), (folder / "tls" / source).read_text())

    def file(self, service, key):
        path = self.folder / service
        path.mkdir(exist_ok=True)
        return path / key

    def mounts(self, service, keys, at):
        return [f"--volume={self.file(service, key)}:{at}/{key}:ro" for key in keys]

    def run(self, owner, mounts, network, settings=None, detach=False):
        """Runs the one container of a Deployment or Job."""
        name = f"masthead-image-test-{os.getpid()}-{owner['metadata']['name']}"
        container = owner["spec"]["template"]["spec"]["containers"][0]
        security = container["securityContext"]
        hardened = [f"--user={USER}:{USER}", f"--memory={container['resources']['limits']['memory'].removesuffix('i').lower()}"]
        hardened += ["--read-only", "--read-only-tmpfs=false"] if security["readOnlyRootFilesystem"] else []
        hardened += [f"--cap-drop={capability}" for capability in security["capabilities"]["drop"]]
        hardened += ["--security-opt=no-new-privileges"] if not security["allowPrivilegeEscalation"] else []
        environment = [f"--env={key}={value}" for key, value in (self.manifests.settings(owner) | (settings or {})).items()]
        self.names.append(name)
        return name, podman("run", f"--name={name}", *(["--detach"] if detach else []), *LIMITS, *hardened, f"--network={network}", *environment, *mounts,
                            f"--volume={self.sockets}:/run/postgresql:ro", IMAGE, *container["command"], *container.get("args", []))

    def migrate(self, service):
        """With the one secret that the Job has."""
        job = next(job for job in self.manifests.of("Job") if job["metadata"]["labels"]["app.kubernetes.io/name"] == service)
        name, done = self.run(job, self.mounts(service, ["database-dsn"], "/etc/masthead/secrets"), "none")
        podman("rm", name)
        return done

    def serve(self, service, network):
        number = SERVICES.index(service)
        settings = {f"MASTHEAD_{kind}_LISTEN": f"0.0.0.0:{base + number}" for kind, base in (("GRPC", 8440), ("HEALTH", 8080), ("HTTP", 9460))}
        settings |= {f"MASTHEAD_{other.upper()}_TARGET": f"dns:///localhost:{8440 + SERVICES.index(other)}" for other in SERVICES if other != service}
        settings |= {"MASTHEAD_PUBLIC_HTTP_LISTEN": f"0.0.0.0:{8090 + number}"} if service != "articles" else {}
        keys = ["database-dsn", "mac-key"] + (["signing-key.pem", "address-keys"] if service == "memberships" else [])
        mounts = self.mounts(service, keys, "/etc/masthead/secrets") + self.mounts(service, ["tls.crt", "tls.key", "ca.crt"], "/etc/masthead/tls")
        return self.run(self.manifests.find("Deployment", service), mounts, network, settings, detach=True)

    def remove(self):
        for name in self.names:
            podman("rm", "--force", "--time=1", name)


def process_of(name):
    return podman("inspect", "--format={{.State.Pid}}", name, check=True).stdout.strip()


def status_of(pid):
    return dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)


def ready(pid, service):
    """Asked from within the pods' network."""
    address = f"127.0.0.1:{8080 + SERVICES.index(service)}"
    return subprocess.run(["nsenter", f"--target={pid}", "--net", "/usr/bin/python3", "-c", PROBE, address], capture_output=True).returncode == 0


class Image(unittest.TestCase):
    def test_is_small(self):
        container = podman("create", *LIMITS, IMAGE, check=True).stdout.strip()
        self.addCleanup(podman, "rm", container)
        exported = subprocess.run(["podman", "export", container], check=True, stdout=subprocess.PIPE).stdout
        pulled = len(zlib.compress(exported, 6))
        print(f"{len(exported) / 1e6:.0f} MB of files, {pulled / 1e6:.0f} MB to pull")
        self.assertLessEqual(len(exported), BUDGET_BYTES)
        self.assertLessEqual(pulled, PULL_BUDGET_BYTES)

    @classmethod
    def files(cls):
        """Content of every regular file by its path."""
        container = podman("create", *LIMITS, IMAGE, check=True).stdout.strip()
        try:
            exported = subprocess.run(["podman", "export", container], check=True, stdout=subprocess.PIPE).stdout
        finally:
            podman("rm", container)
        with tarfile.open(fileobj=io.BytesIO(exported)) as tar:
            return {member.name: tar.extractfile(member).read() for member in tar if member.isfile() or member.islnk()}

    def test_has_no_shell_and_no_other_program(self):
        programs = sorted(name for name in self.files() if "bin/" in name)
        self.assertEqual(programs, [f"usr/local/bin/masthead-{service}" for service in SERVICES])

    def test_says_what_it_is_made_of(self):
        files = self.files()
        bom = json.loads(files[SBOM])
        self.assertEqual((bom["bomFormat"], bom["specVersion"]), ("CycloneDX", "1.5"))
        said = {one["name"].removeprefix("/"): one["hashes"][0]["content"] for one in bom["components"] if one["type"] == "file"}
        of_podman = {"etc/hosts", "etc/hostname", "etc/resolv.conf", "run/.containerenv"}  # Put there when a container is made.
        for name, content in files.items():
            if name not in of_podman | {SBOM} and not name.startswith("usr/share/zoneinfo/"):
                self.assertEqual(said.pop(name), hashlib.sha256(content).hexdigest(), name)
        self.assertEqual(said, {})
        packages = {one["name"]: one for one in bom["components"] if one["type"] == "library"}
        for name, way in (("libgrpc-dev", "static"), ("libssl3", "dynamic"), ("nlohmann-json3-dev", "headers"), ("tzdata", "data")):
            self.assertIn({"name": "masthead:linkage", "value": way}, packages[name]["properties"])
        for name, package in packages.items():
            self.assertRegex(package["purl"], r"^pkg:deb/debian/[\w.%-]+@[\w.~%-]+\?arch=(amd64|arm64|all)&distro=debian-12$", name)

    def test_migrates_serves_and_stops_as_the_manifests_run_it(self):
        with tempfile.TemporaryDirectory() as folder, postgres() as sockets:
            pods = Pods(pathlib.Path(folder), sockets)
            self.addCleanup(pods.remove)
            for service in SERVICES * 2:  # The second time there is nothing to do.
                done = pods.migrate(service)
                self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
            running, network = {}, "none"
            for service in SERVICES:
                name, done = pods.serve(service, network)
                self.assertEqual(done.returncode, 0, done.stderr)
                running[service], network = name, f"container:{running.get('articles', name)}"
            for service, name in running.items():
                with self.subTest(service=service):
                    self.becomes_ready(service, name)
                    self.has_no_rights(name)
                    self.is_small_at_rest(service, name)
            for name in reversed(running.values()):
                podman("stop", "--time=45", name, check=True)
                self.assertEqual(podman("inspect", "--format={{.State.ExitCode}}", name).stdout.strip(), "0", podman("logs", name).stderr)

    def becomes_ready(self, service, name):
        until = time.monotonic() + READY_WITHIN_SECONDS
        while not ready(process_of(name), service):
            log = podman("logs", name)
            self.assertLess(time.monotonic(), until, log.stdout + log.stderr)
            self.assertEqual(podman("inspect", "--format={{.State.Running}}", name).stdout.strip(), "true", log.stdout + log.stderr)
            time.sleep(0.1)

    def is_small_at_rest(self, service, name):
        resident = int(status_of(process_of(name))["VmRSS"].split()[0])
        print(f"{service}: {resident / 1024:.1f} MiB at rest, of {IDLE_BUDGET_KIB // 1024}")
        self.assertLessEqual(resident, IDLE_BUDGET_KIB)

    def has_no_rights(self, name):
        status = status_of(process_of(name))
        self.assertEqual(status["Uid"].split(), [str(USER)] * 4)
        self.assertEqual({status[kind] for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}, {"0" * 16})
        self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))


if __name__ == "__main__":
    why = cannot_run()
    if why:
        print(f"THE IMAGE IS NOT TESTED: {why}")
        sys.exit(SKIPPED)
    unittest.main()
