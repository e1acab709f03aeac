"""What the admission policy refuses, and that it refuses nothing of ours. Judged by an evaluator of its language, CEL."""

import copy
import unittest

import yaml

import cel
from manifests import KUBERNETES, OVERLAYS, Manifests, kustomize

DIGEST = "by digest"
LABELS = "by labels"
HOST = "on a node"
KEYS = "mount its keys"
FILES = "never in an environment"


def judge(pods):
    """The messages that refuse each pod."""
    documents = list(yaml.safe_load_all(kustomize(KUBERNETES / "policy")))
    spec = next(one for one in documents if one["kind"] == "ValidatingAdmissionPolicy")["spec"]
    rules = [one["expression"] for one in spec["validations"]]
    answers = cel.judge([{"bindings": {"object": pod}, "variables": spec["variables"], "rules": rules} for pod in pods])
    return [[one["message"] for one, answer in zip(spec["validations"], given) if answer is not True] for given in answers]


def pods_of(overlay):
    return [{"metadata": {"labels": labels}, "spec": pod} for _, labels, pod in Manifests(overlay).pods()]


class Admission(unittest.TestCase):
    def test_our_own_pods_are_admitted(self):
        for overlay in [one for one in OVERLAYS if one != "local"]:
            pods = pods_of(overlay)
            self.assertGreaterEqual(len(pods), 6)
            self.assertEqual(judge(pods), [[]] * len(pods), overlay)

    def test_a_pod_without_volumes_labels_or_ports_is_admitted(self):
        self.assertEqual(judge([{"metadata": {}, "spec": {"containers": [{"image": "postgres:15"}]}}]), [[]])

    def test_what_is_not_as_it_must_be_is_refused(self):
        ours = pods_of("production")[0]
        stranger = {"metadata": {"labels": {"app": "shell"}}, "spec": {"containers": [{"image": "shell:1"}]}}

        def changed(pod, change):
            pod = copy.deepcopy(pod)
            change(pod, pod["spec"]["containers"][0])
            return pod

        def with_sidecar(pod, container):
            pod["spec"]["initContainers"] = [{"image": "registry.example/shell:1"}]

        def with_key_in_environment(pod, container):
            container["env"] = [{"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "articles-keys", "key": "mac-key"}}}]

        cases = [
            (DIGEST, ours, lambda pod, container: container.update(image="registry.example/masthead:1")),
            (DIGEST, ours, with_sidecar),
            (LABELS, ours, lambda pod, container: pod["metadata"]["labels"].pop("app.kubernetes.io/component")),
            (HOST, ours, lambda pod, container: container["ports"][0].update(hostPort=8443)),
            (KEYS, stranger, lambda pod, container: pod["spec"].update(volumes=[{"name": "k", "secret": {"secretName": "masthead-ca"}}])),
            (KEYS, stranger, lambda pod, container: pod["spec"].update(
                volumes=[{"name": "k", "projected": {"sources": [{"secret": {"name": "memberships-keys"}}]}}])),
            (FILES, stranger, with_key_in_environment),
            (FILES, stranger, lambda pod, container: container.update(envFrom=[{"secretRef": {"name": "articles-tls"}}])),
        ]
        for (message, _, _), refusals in zip(cases, judge([changed(pod, change) for _, pod, change in cases])):
            self.assertEqual(len(refusals), 1, (message, refusals))
            self.assertIn(message, refusals[0])

    def test_its_list_of_keys_is_what_our_pods_mount(self):
        policy = yaml.safe_load_all(kustomize(KUBERNETES / "policy"))
        keys = next(variable["expression"] for one in policy if one["kind"] == "ValidatingAdmissionPolicy"
                    for variable in one["spec"]["variables"] if variable["name"] == "keys")
        mounted = set()
        for pod in pods_of("production"):
            for volume in pod["spec"]["volumes"]:
                mounted |= {source["secret"].get("name") or source["secret"]["secretName"]
                            for source in [volume, *volume.get("projected", {}).get("sources", [])] if "secret" in source}
        for name in mounted:
            if name.endswith(("-keys", "-tls")):
                self.assertIn(f"'{name}'", keys)


if __name__ == "__main__":
    unittest.main()
