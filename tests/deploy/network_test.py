"""The graph of who may speak to whom is closed, and it is the one that the protos need."""

import unittest

from manifests import OVERLAYS, SERVICES, Manifests
from network import dangling, edges

GRPC, METRICS, PUBLIC, SQL = 8443, 9464, 8080, 5432
BETWEEN_SERVICES = {
    ("articles", "memberships", GRPC),
    ("memberships", "notifications", GRPC),
    ("notifications", "articles", GRPC),
    ("notifications", "memberships", GRPC),
}


def expected(with_databases):
    graph = set(BETWEEN_SERVICES) | {("ingress", "memberships", PUBLIC), ("ingress", "notifications", PUBLIC), ("notifications", "mail-relay", 25), ("notifications", "mail-relay", 587)}
    for service in SERVICES:
        graph |= {("ingress", service, GRPC), ("monitoring", service, METRICS)}
        graph |= {(pod, "dns", 53) for pod in (service, f"{service}-migrate")}
        if with_databases:
            database = f"{service}-db"
            graph |= {(pod, database, SQL) for pod in (service, f"{service}-migrate")} | {(database, "dns", 53)}
            graph |= {(who, database, port) for who in (database, "database-operator") for port in (SQL, 8000)}
    return graph


class Network(unittest.TestCase):
    def test_the_graph_is_exactly_this(self):
        for overlay in OVERLAYS:
            manifests = Manifests(overlay)
            with_databases = bool(manifests.of("Cluster"))
            found = edges(manifests)
            # Databases ask the API server, which no label names: allowed on its ports to anywhere, and nowhere else.
            found = {edge for edge in found if not (edge[0].endswith("-db") and edge[2] in (443, 6443))}
            if not with_databases:
                found = {edge for edge in found if not edge[1].endswith("-db") and not edge[0].endswith("-db")}
            self.assertEqual(found, expected(with_databases), overlay)

    def test_no_policy_names_a_stranger(self):
        for overlay in OVERLAYS:
            self.assertEqual(list(dangling(Manifests(overlay))), [], overlay)

    def test_a_wider_or_missing_policy_is_seen(self):
        def open_egress(manifests):
            manifests.find("NetworkPolicy", "memberships")["spec"]["egress"].append({})

        def reversed_edge(manifests):
            for name, direction, key in (("memberships", "egress", "to"), ("articles", "ingress", "from")):
                other = "articles" if name == "memberships" else "memberships"
                manifests.find("NetworkPolicy", name)["spec"][direction].append(
                    {key: [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": other}}}], "ports": [{"protocol": "TCP", "port": GRPC}]})

        def no_mail(manifests):
            manifests.find("NetworkPolicy", "notifications")["spec"]["egress"].pop()

        for change in (open_egress, reversed_edge, no_mail):
            manifests = Manifests("production")
            before = edges(manifests)
            change(manifests)
            self.assertNotEqual(edges(manifests), before, change.__name__)

    def test_a_pod_without_a_policy_is_seen(self):
        manifests = Manifests("production")
        manifests.objects = [thing for thing in manifests.objects if thing["kind"] != "NetworkPolicy"]
        with self.assertRaises(AssertionError):
            edges(manifests)

    def test_a_policy_for_nobody_is_seen(self):
        manifests = Manifests("production")
        manifests.find("NetworkPolicy", "articles")["spec"]["podSelector"] = {"matchLabels": {"app.kubernetes.io/name": "article"}}
        self.assertNotEqual(list(dangling(manifests)), [])


if __name__ == "__main__":
    unittest.main()
