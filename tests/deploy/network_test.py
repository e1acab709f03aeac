"""The graph of who may speak to whom is closed, and it is the one that the services' code draws: no edge is missing, none is spare."""

import re
import unittest

from manifests import EXTRAS, OVERLAYS, ROOT, SERVICES, Manifests
from network import dangling, edges

GRPC, METRICS, PUBLIC, SQL, POSTGRES_STATUS, POSTGRES_METRICS, POOLER_METRICS, HTTPS = 8443, 9464, 8080, 5432, 8000, 9187, 9127, 443
SMTP = {25, 587}
# Settings that make a service call what is anywhere.
ANYWHERE = {"MASTHEAD_VAPID_KEY_FILE", "MASTHEAD_SMS_CREDENTIALS_FILE", "MASTHEAD_FCM_SERVICE_ACCOUNT_FILE"}


def code_of(service):
    return "".join(path.read_text() for path in sorted((ROOT / "services" / service).rglob("*.cc")))


def calls():
    """What each service's code opens or serves, whatever the manifests say: channels, public pages, mail."""
    graph = set()
    for service in SERVICES:
        code = code_of(service)
        graph |= {(service, target, GRPC) for target in re.findall(r'ChannelTo\("(\w+)"\)', code)}
        graph |= {("ingress", service, PUBLIC)} if "FLAGS_public_http_listen" in code else set()
        graph |= {(service, "mail-relay", port) for port in SMTP} if "FLAGS_smtp_host" in code else set()
    return graph


def reaches_the_internet(service, manifests, components):
    """Whether it calls what is anywhere: payment providers, browsers' push services, telephone gateways, other people's webhooks."""
    settings = manifests.settings(manifests.find("Deployment", service))
    # Webhooks are made through the API, no setting speaks of them: an operator who wants them takes the component.
    return ("stripe" in settings.get("MASTHEAD_PAYMENT_PROVIDERS", "") or bool(ANYWHERE & settings.keys())
            or (service == "notifications" and "webhooks" in components))


def expected(manifests, components):
    graph = calls()
    for service in SERVICES:
        pods = (service, f"{service}-migrate")
        graph |= {("ingress", service, GRPC), ("monitoring", service, METRICS)} | {(pod, "dns", 53) for pod in pods}
        graph |= {(service, "internet", HTTPS)} if reaches_the_internet(service, manifests, components) else set()
        database = manifests.database_of(service)
        if not database:
            continue
        name = database["metadata"]["name"]
        own = (name, f"{name}-bootstrap")
        graph |= {(pod, name, SQL) for pod in pods} | {(pod, "dns", 53) for pod in own} | {("monitoring", pod, POSTGRES_METRICS) for pod in own}
        graph |= {(who, pod, port) for who in (*own, "database-operator") for pod in own for port in (SQL, POSTGRES_STATUS)}
        graph |= {("scaler", pod, SQL) for pod in own} if manifests.find("ScaledObject", service) else set()
        pooler = f"{name}-pooler"
        if manifests.find("Pooler", pooler):
            graph |= {(service, pooler, SQL), (pooler, "dns", 53), ("monitoring", pooler, POOLER_METRICS)} | {(pooler, pod, SQL) for pod in own}
    return graph


class Network(unittest.TestCase):
    def test_the_graph_is_exactly_what_the_code_calls(self):
        for overlay in OVERLAYS + EXTRAS:
            manifests = Manifests(overlay)
            found = edges(manifests)
            # Databases and poolers ask the API server, which no label names: allowed on its ports to anywhere, and nowhere else.
            found = {edge for edge in found if not (edge[0].endswith(("-db", "-db-bootstrap", "-db-pooler")) and edge[2] in (443, 6443))}
            if not manifests.of("Cluster"):
                found = {edge for edge in found if not edge[1].endswith("-db") and not edge[0].endswith("-db")}
            self.assertEqual(found, expected(manifests, overlay.split("+")[1:]), overlay)

    def test_the_code_calls_what_the_picture_shows(self):
        # Should a pattern above no longer find anything, this says so.
        between = {(source, target) for source, target, port in calls() if port == GRPC}
        self.assertEqual(between, {("articles", "memberships"), ("memberships", "notifications"), ("notifications", "articles"), ("notifications", "memberships")})
        self.assertIn(("ingress", "memberships", PUBLIC), calls())
        self.assertIn(("notifications", "mail-relay", 587), calls())

    def test_every_channel_has_its_target(self):
        manifests = Manifests("production")
        for source, target, port in calls():
            if port == GRPC:
                self.assertEqual(manifests.settings(manifests.find("Deployment", source))[f"MASTHEAD_{target.upper()}_TARGET"], f"dns:///{target}:{GRPC}")

    def test_no_policy_names_a_stranger(self):
        for overlay in OVERLAYS + EXTRAS:
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

        def private_egress(manifests):
            manifests.find("NetworkPolicy", "memberships")["spec"]["egress"].append(
                {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"protocol": "TCP", "port": HTTPS}]})

        with self.assertRaises(AssertionError):
            manifests = Manifests("production")
            private_egress(manifests)
            edges(manifests)
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
