"""What a release gives to operators: whole, of one image, the same bytes from the same image; and the Secrets that go with it."""

import hashlib
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from manifests import KUBERNETES, Manifests, kubectl, kustomize
from policies import POLICIES, look, secrets_of

import base64

DIGEST = hashlib.sha256(b"a release").hexdigest()
IMAGE = f"registry.newsroom.example:5000/news/masthead@sha256:{DIGEST}"
OVERLAYS = ("production", "small")


def release(image, out):
    return subprocess.run([KUBERNETES / "release", image, out], env={**os.environ, "KUBECTL": str(kubectl())}, capture_output=True, text=True)


def files(out):
    return {path.name: path.read_text() for path in pathlib.Path(out).iterdir()}


class Release(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = pathlib.Path(folder.name)

    def released(self, into="first"):
        done = release(IMAGE, self.out / into)
        self.assertEqual(done.returncode, 0, done.stderr)
        return files(self.out / into)

    def test_is_whole_and_keeps_every_policy(self):
        released = self.released()
        self.assertEqual(set(released), {"install-production.yaml", "install-small.yaml", "admission-policy.yaml", "SHA256SUMS"})
        for overlay in OVERLAYS:
            manifests = Manifests.from_text(released[f"install-{overlay}.yaml"])
            self.assertEqual({container["image"] for _, _, container in manifests.containers()}, {IMAGE})
            for name, check in POLICIES.items():
                self.assertEqual(list(check(manifests)), [], f"{overlay}: {name}")

    def test_is_what_the_tree_renders_but_for_the_image(self):
        released = self.released()
        for overlay in OVERLAYS:
            tree = kustomize(KUBERNETES / "overlays" / overlay).replace("registry.example/masthead", IMAGE.split("@")[0])
            self.assertEqual(released[f"install-{overlay}.yaml"], tree.replace("0" * 64, DIGEST).replace("-" + "0" * 12, "-" + DIGEST[:12]))
        self.assertEqual(released["admission-policy.yaml"], kustomize(KUBERNETES / "policy"))

    def test_is_the_same_again(self):
        self.assertEqual(self.released("first"), self.released("second"))
        subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=self.out / "second", check=True)

    def test_leaves_the_tree_as_it_was(self):
        before = {path: path.read_bytes() for path in KUBERNETES.rglob("*") if path.is_file()}
        self.released()
        self.assertEqual(before, {path: path.read_bytes() for path in KUBERNETES.rglob("*") if path.is_file()})

    def test_wants_a_digest(self):
        for image in ("masthead:latest", "registry.example/masthead", f"masthead@sha256:{DIGEST[1:]}", "masthead@sha256:" + "G" * 64):
            self.assertNotEqual(release(image, self.out / "none").returncode, 0, image)
        self.assertFalse((self.out / "none").exists())


class Secrets(unittest.TestCase):
    @staticmethod
    def made(*arguments):
        done = subprocess.run([KUBERNETES / "make-secrets", *arguments], check=True, capture_output=True, text=True)
        return {one["metadata"]["name"]: one for one in json.loads(done.stdout)["items"]}

    def check(self, overlay, made):
        manifests = Manifests(overlay)
        elsewhere = {look(one, "spec.secretName") for one in manifests.of("Certificate")} | {f"{name}-ca" for name in manifests.databases()}
        for _, _, pod in manifests.pods():
            for name in set(secrets_of(pod)) - elsewhere:
                self.assertIn(name, made)
            for volume in pod["volumes"]:
                for source in [volume, *(look(volume, "projected.sources") or [])]:
                    for item in source.get("secret", {}).get("items", []):
                        name = source["secret"].get("name") or source["secret"]["secretName"]
                        self.assertTrue(name in elsewhere or item["key"] in made[name]["data"], f"{name}: {item}")
        for deployment in manifests.deployments():
            service = deployment["metadata"]["name"]
            files = {f"/etc/masthead/secrets/{key}" for key in made[f"{service}-keys"]["data"]} | {"/etc/masthead/secrets/database-dsn"}
            for key, value in manifests.settings(deployment).items():
                if key.startswith("MASTHEAD_") and value.startswith("/etc/masthead/secrets/"):
                    self.assertIn(value, files, key)

    def test_small_gets_all_that_nobody_else_makes(self):
        made = self.made("small")
        self.check("small", made)
        manifests = Manifests("small")
        cluster = manifests.of("Cluster")[0]
        roles = {look(cluster, "spec.bootstrap.initdb.owner"): look(cluster, "spec.bootstrap.initdb.secret.name")}
        roles |= {role["name"]: role["passwordSecret"]["name"] for role in look(cluster, "spec.managed.roles")}
        databases = {look(cluster, "spec.bootstrap.initdb.database")} | {one["spec"]["name"] for one in manifests.of("Database")}
        self.assertEqual(set(roles), databases)
        for role, secret in roles.items():
            data = {key: base64.b64decode(value).decode() for key, value in made[secret]["data"].items()}
            self.assertEqual(made[secret]["type"], "kubernetes.io/basic-auth")
            self.assertEqual(data["username"], role)
            self.assertEqual(data["uri"], f"postgresql://{role}:{data['password']}@{cluster['metadata']['name']}-rw.masthead:5432/{role}")

    def test_local_gets_all_that_nobody_else_makes(self):
        made = self.made("local", *(f"postgresql://{service}@db/{service}" for service in ("articles", "memberships", "notifications")))
        self.check("local", made)

    def test_nothing_is_made_twice_alike(self):
        first, second = self.made("small"), self.made("small")
        for name in first:
            for key in set(first[name]["data"]) - {"username"}:
                self.assertNotEqual(first[name]["data"][key], second[name]["data"][key], f"{name}: {key}")


if __name__ == "__main__":
    unittest.main()
