"""Every overlay keeps every policy, and every policy notices a manifest that breaks it."""

import unittest

from checks import CHECKS
from manifests import EXTRAS, OVERLAYS, ROOT, Manifests
from policies import CONTAINER_FIELDS, POD_FIELDS, POLICIES, look


def pod(manifests):
    return manifests.find("Deployment", "articles")["spec"]["template"]["spec"]


def container(manifests):
    return pod(manifests)["containers"][0]


def put(thing, path, value):
    *parents, last = path.split(".")
    for key in parents:
        thing = thing.setdefault(key, {})
    thing[last] = value


def drop(manifests, kind, name):
    manifests.objects.remove(manifests.find(kind, name))


def service(manifests):
    return manifests.find("Service", "articles")


# How to break each policy, applied to the production overlay.
BREAKS = {
    "latest-tag": lambda m: put(container(m), "image", "registry.example/masthead:latest"),
    "one-build": lambda m: put(container(m), "image", "registry.example/masthead@sha256:" + "1" * 64),
    "migration-named-after-its-image": lambda m: put(m.find("Job", "articles-migrate-000000000000"), "metadata.name", "articles-migrate"),
    "unset-requirements": lambda m: put(container(m), "resources.limits.memory", "1Gi"),
    "hostPathSet": lambda m: pod(m)["volumes"].append({"name": "node", "hostPath": {"path": "/etc"}}),
    "writable-host-mount": lambda m: container(m)["volumeMounts"][0].pop("readOnly"),
    "env-var-secret": lambda m: put(container(m), "env", [{"name": "DSN", "valueFrom": {"secretKeyRef": {"name": "articles-db-app", "key": "uri"}}}]),
    "migration-sees-its-database-only": lambda m: m.of("Job")[0]["spec"]["template"]["spec"]["volumes"].append(
        {"name": "keys", "secret": {"secretName": "articles-keys"}}),
    "sensitiveConfigmapContent": lambda m: put(m.of("ConfigMap")[0], "data.DSN", "postgresql://articles:hunter2@db/articles"),
    "duplicate-env-var": lambda m: put(container(m), "env", [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]),
    "non-existent-service-account": lambda m: drop(m, "ServiceAccount", "articles"),
    "access-to-secrets": lambda m: m.objects.append({"kind": "Role", "metadata": {"name": "reader"}}),
    "priority-class-name": lambda m: pod(m).pop("priorityClassName"),
    "use-namespace": lambda m: put(service(m), "metadata.namespace", "default"),
    "restricted-pod-security": lambda m: put(m.of("Namespace")[0], "metadata.labels", {"pod-security.kubernetes.io/enforce": "baseline"}),
    "privileged-ports": lambda m: container(m)["ports"].append({"name": "https", "containerPort": 443}),
    "pod-probes": lambda m: put(container(m), "readinessProbe.grpc.port", 8443 + 1),
    "no-rolling-update-strategy": lambda m: put(m.find("Deployment", "articles"), "spec.strategy", {"type": "Recreate"}),
    "pod-topology-spread-constraints": lambda m: pod(m)["topologySpreadConstraints"].pop(),
    "mismatching-selector": lambda m: put(m.find("Deployment", "articles"), "spec.selector.matchLabels", {"app.kubernetes.io/name": "articles"}),
    "minimum-three-replicas": lambda m: put(m.find("Deployment", "articles"), "spec.replicas", 1),
    "dangling-horizontalpodautoscaler": lambda m: put(m.find("HorizontalPodAutoscaler", "articles"), "spec.scaleTargetRef.name", "article"),
    "missingPodDisruptionBudget": lambda m: drop(m, "PodDisruptionBudget", "articles"),
    "dangling-service": lambda m: put(service(m), "spec.selector", {"app.kubernetes.io/name": "article"}),
    "exposed-services": lambda m: put(service(m), "spec.type", "NodePort"),
    "job-ttl-seconds-after-finished": lambda m: m.of("Job")[0]["spec"].pop("ttlSecondsAfterFinished"),
    "tlsSettingsMissing": lambda m: put(m.find("Certificate", "articles"), "spec.uris", ["spiffe://masthead/memberships"]),
    "dangling-targets": lambda m: put(m.find("GRPCRoute", "masthead")["spec"]["rules"][0]["backendRefs"][0], "port", 8080),
    "only-what-is-known": lambda m: m.objects.append({"kind": "CronJob", "metadata": {"name": "nightly"}, "apiVersion": "batch/v1",
                                                      "spec": {"template": {"metadata": {"labels": {}}, "spec": {"containers": []}}}}),
    "stable-version": lambda m: put(m.find("PodDisruptionBudget", "articles"), "apiVersion", "policy/v1beta1"),
    "label-values": lambda m: m.find("Deployment", "articles")["metadata"]["labels"].update(team="news desk"),
    "metadataAndInstanceMismatched": lambda m: m.find("Deployment", "articles")["metadata"]["labels"].update({"app.kubernetes.io/name": "article"}),
    "authority-without-its-key": lambda m: pod(m)["volumes"][0]["projected"]["sources"][-1]["secret"].pop("items"),
    "database-survives-a-machine": lambda m: put(m.find("Cluster", "articles-db"), "spec.instances", 2),
    "database-is-backed-up": lambda m: put(m.find("Cluster", "articles-db"), "spec.plugins", []),
    "dangling-database": lambda m: put(m.of("ScheduledBackup")[0], "spec.cluster.name", "article-db"),
    "dangling-secret": lambda m: put(pod(m)["volumes"][1], "secret.secretName", "article-tls"),
    "dangling-servicemonitor": lambda m: put(m.find("ServiceMonitor", "masthead")["spec"]["endpoints"][0], "port", "metrics"),
}


class Policies(unittest.TestCase):
    def test_every_overlay_keeps_every_policy(self):
        for overlay in OVERLAYS + EXTRAS:
            manifests = Manifests(overlay)
            for name, check in POLICIES.items():
                with self.subTest(overlay=overlay, policy=name):
                    self.assertEqual(list(check(manifests)), [])

    def test_every_policy_notices_its_breach(self):
        for name in POLICIES:
            with self.subTest(policy=name):
                manifests = Manifests("production")
                if name in POD_FIELDS or name in CONTAINER_FIELDS:
                    path, wanted = POD_FIELDS.get(name) or CONTAINER_FIELDS[name]
                    place = pod(manifests) if name in POD_FIELDS else container(manifests)
                    put(place, path, None if wanted is not None else "something")
                    self.assertNotEqual(look(place, path), wanted)
                else:
                    BREAKS[name](manifests)
                self.assertNotEqual(list(POLICIES[name](manifests)), [])

    def test_every_check_of_the_known_linters_has_its_place(self):
        for tool, checks in CHECKS.items():
            self.assertGreater(len(checks), 30)
            for name, place in checks.items():
                kind, _, where = place.partition(": ")
                with self.subTest(tool=tool, check=name):
                    self.assertTrue(where)
                    if kind == "policy":
                        self.assertIn(where, POLICIES)
                    elif kind == "test":
                        self.assertTrue((ROOT / f"tests/deploy/{where}.py").exists())
                    else:
                        self.assertEqual(kind, "not")


if __name__ == "__main__":
    unittest.main()
