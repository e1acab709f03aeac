"""Numbers that live in different places and must agree: manifests against the servers' own."""

import re
import unittest

from manifests import EXTRAS, OVERLAYS, ROOT, SERVICES, Manifests, selects

# How long a changed endpoint may take to reach clients: the endpoints controller, then DNS.
PROPAGATION_SECONDS = 1
POSTGRES_RESERVE = 20  # Connections that stay free for replication, backups and people.
LIBPQ = {"PGSSLROOTCERT"}  # Settings that are libpq's own, not flags of ours.
SCALER_CONNECTIONS = 10  # What the role keda may have.


def source(path):
    return (ROOT / path).read_text()


def server_seconds(name):
    """A duration that the servers run with: the default of their flag, or else of ServerOptions."""
    flag = re.search(rf"ABSL_FLAG\(absl::Duration, {name}, absl::Seconds\((\d+)\)", source("common/service/service_main.cc"))
    return float((flag or re.search(rf"{name} = absl::Seconds\((\d+)\)", source("common/rpc/server.h")))[1])


def window_patience():
    """How long a sender waits for the answers of a mail server, in seconds."""
    return int(re.search(r"window_patience = absl::Seconds\((\d+)\)", source("services/notifications/sending/sender.h"))[1])


def flag_default(name):
    return int(re.search(rf"ABSL_FLAG\(int, {name}, (\d+),", source("common/service/service_main.cc"))[1])


def channel_seconds(path, argument):
    return int(re.search(rf"{argument}, ([\d']+)\)", source(path))[1].replace("'", "")) / 1000


def pool_size(manifests, deployment):
    return int(manifests.settings(deployment)["MASTHEAD_DATABASE_CONNECTIONS"])


def roles(manifests, cluster):
    return manifests.find("Cluster", cluster)["spec"].get("managed", {}).get("roles", [])


def role_settings(cluster, role):
    """What a Cluster's bootstrap sets for a role's sessions."""
    statements = "\n".join(cluster["spec"]["bootstrap"]["initdb"]["postInitApplicationSQL"])
    return dict(re.findall(rf"ALTER ROLE {role} SET (\w+) = '([^']+)'", statements))


class Numbers(unittest.TestCase):
    def each_server(self, kinds=("Deployment",), overlays=OVERLAYS):
        for overlay in overlays:
            manifests = Manifests(overlay)
            for owner in manifests.of(*kinds):
                with self.subTest(overlay=overlay, owner=owner["metadata"]["name"]):
                    yield manifests, owner, owner["spec"]["template"]["spec"]

    def each_server_and_job(self, overlays=OVERLAYS):
        return self.each_server(("Deployment", "Job"), overlays)

    def test_traffic_stops_before_the_server_does(self):
        for _, _, pod in self.each_server():
            container = pod["containers"][0]
            probe = container["readinessProbe"]
            pre_stop = container["lifecycle"]["preStop"]["sleep"]["seconds"]
            self.assertGreaterEqual(pre_stop + server_seconds("lame_duck_quiet"),
                                    probe["periodSeconds"] * probe["failureThreshold"] + PROPAGATION_SECONDS)

    def test_grace_outlasts_the_drain(self):
        for _, owner, pod in self.each_server():
            pre_stop = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
            last_answers = window_patience() if owner["metadata"]["name"] == "notifications" else 0
            self.assertGreater(pod["terminationGracePeriodSeconds"],
                               pre_stop + server_seconds("lame_duck_max") + server_seconds("drain_timeout") + last_answers)

    def test_a_call_in_flight_may_finish(self):
        # A call that came before the lame duck began has used some of its time already.
        self.assertGreaterEqual(server_seconds("lame_duck_quiet") + server_seconds("drain_timeout") + 5, server_seconds("max_deadline"))

    def test_a_rollout_waits_for_clients_to_look_again(self):
        for _, deployment, _ in self.each_server():
            look_again = channel_seconds("common/rpc/channel.cc", "GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS")
            self.assertGreaterEqual(deployment["spec"]["minReadySeconds"], look_again + 5)  # 5 s: a cluster's DNS TTL.

    def test_servers_permit_their_clients_keepalive(self):
        self.assertLessEqual(channel_seconds("common/rpc/server.cc", "GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS"),
                             channel_seconds("common/rpc/channel.cc", "GRPC_ARG_KEEPALIVE_TIME_MS"))

    def test_connections_age_so_that_new_pods_get_calls(self):
        age = channel_seconds("common/rpc/server.cc", "GRPC_ARG_MAX_CONNECTION_AGE_MS")
        for scaler in Manifests("production").of("HorizontalPodAutoscaler"):
            self.assertLessEqual(age, scaler["spec"]["behavior"]["scaleDown"]["stabilizationWindowSeconds"])

    def each_with_databases(self):
        for overlay in OVERLAYS + EXTRAS:
            manifests = Manifests(overlay)
            if manifests.of("Cluster"):
                with self.subTest(overlay=overlay):
                    yield manifests

    def test_handlers_have_a_connection_each(self):
        for manifests, deployment, _ in self.each_server():
            self.assertLessEqual(flag_default("executor_threads"), pool_size(manifests, deployment))

    def test_the_database_has_a_connection_for_everybody(self):
        for manifests in self.each_with_databases():
            wanted = {cluster["metadata"]["name"]: POSTGRES_RESERVE + len(manifests.of("ScaledObject")) * SCALER_CONNECTIONS for cluster in manifests.of("Cluster")}
            for service in SERVICES:
                database = manifests.database_of(service)["metadata"]["name"]
                pooler = manifests.find("Pooler", f"{database}-pooler")
                pods = manifests.most_pods(service) * pool_size(manifests, manifests.find("Deployment", service))
                if pooler:
                    parameters = {key: int(value) for key, value in pooler["spec"]["pgbouncer"]["parameters"].items()}
                    self.assertLessEqual(pods, pooler["spec"]["instances"] * parameters["max_client_conn"], service)
                    self.assertEqual(parameters["default_pool_size"], parameters["max_db_connections"])
                    pods = pooler["spec"]["instances"] * parameters["max_db_connections"]
                wanted[database] += pods + 1  # The migration Job.
                for role in (role for role in roles(manifests, database) if role["name"] == service):
                    self.assertLessEqual(pods + 1, role["connectionLimit"], service)
            for database, connections in wanted.items():
                maximum = int(manifests.find("Cluster", database)["spec"]["postgresql"]["parameters"]["max_connections"])
                self.assertLessEqual(connections, maximum, database)

    def test_no_statement_and_no_place_in_a_queue_outlives_the_longest_call(self):
        for manifests in self.each_with_databases():
            for service in SERVICES:
                timeout = role_settings(manifests.database_of(service), service)["statement_timeout"]
                self.assertLessEqual(int(timeout.removesuffix("s")), server_seconds("max_deadline"))
            for cluster in manifests.of("Cluster"):
                # The operator's own wait: for a segment to be archived, for a table to be copied.
                self.assertNotIn("statement_timeout", cluster["spec"]["postgresql"]["parameters"])
            for pooler in manifests.of("Pooler"):
                self.assertLess(int(pooler["spec"]["pgbouncer"]["parameters"]["query_wait_timeout"]), server_seconds("max_deadline"))

    def test_a_pooled_session_is_like_any_other(self):
        session = dict(re.findall(r"SET (\w+) = '([^']+)'", re.search(r"kPrepareSession\[\] =(.*?);\n\n", source("common/db/connection.cc"), re.S)[1]))
        # PgBouncer follows these itself; bytea_output is Postgres' own default.
        for followed in ("client_encoding", "datestyle", "timezone", "bytea_output"):
            session.pop(followed)
        self.assertEqual(len(session), 4)
        for manifests in self.each_with_databases():
            for service in SERVICES:
                settings = role_settings(manifests.database_of(service), service)
                self.assertEqual(session, {key: settings[key] for key in session})

    def test_a_migration_has_time_for_the_lock_and_for_itself(self):
        lock = int(re.search(r"SET lock_timeout = '(\d+)min'", source("common/db/migrations.cc"))[1]) * 60
        self.assertIn("SET statement_timeout = 0;", source("common/db/migrations.cc"))
        for _, job, _ in self.each_server(("Job",)):
            self.assertGreaterEqual(job["spec"]["activeDeadlineSeconds"], 4 * lock)

    def test_certificates_name_what_clients_call(self):
        for overlay in ("small", "production"):
            manifests = Manifests(overlay)
            names = {one["metadata"]["name"]: one["spec"].get("dnsNames", []) for one in manifests.of("Certificate")}
            for deployment in manifests.deployments():
                for key, value in manifests.settings(deployment).items():
                    if key.endswith("_TARGET"):
                        host = value.removeprefix("dns:///").split(":")[0]
                        self.assertIn(host, names[host], f"{overlay}: {key}")
            for policy in manifests.of("BackendTLSPolicy"):
                self.assertIn(policy["spec"]["validation"]["hostname"], names[policy["spec"]["targetRefs"][0]["name"]])

    def test_a_certificate_is_renewed_long_before_it_ends(self):
        for overlay in ("small", "production"):
            for one in Manifests(overlay).of("Certificate"):
                duration, before = (int(one["spec"][key].removesuffix("h")) for key in ("duration", "renewBefore"))
                self.assertTrue(duration / 6 <= before <= duration / 2, one["metadata"]["name"])

    def test_a_canary_keeps_the_pace_of_a_rollout(self):
        manifests = Manifests("production+rollouts")
        for rollout in manifests.of("Rollout"):
            deployment = manifests.find("Deployment", rollout["metadata"]["name"])["spec"]
            for key in ("minReadySeconds", "progressDeadlineSeconds", "revisionHistoryLimit"):
                self.assertEqual(rollout["spec"][key], deployment[key], key)
            self.assertEqual({key: rollout["spec"]["strategy"]["canary"][key] for key in ("maxUnavailable", "maxSurge")}, deployment["strategy"]["rollingUpdate"])

    def test_the_backlog_scales_as_the_processor_does(self):
        manifests = Manifests("production+keda")
        scaler = manifests.find("ScaledObject", "notifications")["spec"]
        other = manifests.find("HorizontalPodAutoscaler", "articles")["spec"]
        self.assertEqual(scaler["advanced"]["horizontalPodAutoscalerConfig"]["behavior"], other["behavior"])
        self.assertEqual((scaler["minReplicaCount"], scaler["maxReplicaCount"]), (other["minReplicas"], other["maxReplicas"]))
        backlog = next(trigger for trigger in scaler["triggers"] if trigger["type"] == "postgresql")["metadata"]
        senders = int(re.search(r"ABSL_FLAG\(int, senders, (\d+),", source("services/notifications/main.cc"))[1])
        self.assertGreater(int(backlog["targetQueryValue"]), senders, "a pod that sends all it can is behind only if more waits")

    def test_listeners_are_the_ports_that_manifests_name(self):
        for manifests, deployment, pod in self.each_server():
            settings = manifests.settings(deployment)
            ports = {port["name"]: port["containerPort"] for port in pod["containers"][0]["ports"]}
            for name in ("grpc", "health", "http"):
                self.assertEqual(settings[f"MASTHEAD_{name.upper()}_LISTEN"], f"0.0.0.0:{ports[name]}")
            self.assertEqual(pod["containers"][0]["readinessProbe"]["grpc"]["port"], ports["health"])

    def test_the_cache_of_articles_leaves_half_the_memory(self):
        cache = int(re.search(r"reading_cache_mib, (\d+),", source("services/articles/main.cc"))[1])
        for overlay in OVERLAYS:
            limit = Manifests(overlay).find("Deployment", "articles")["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]["memory"]
            self.assertLessEqual(2 * cache, int(limit.removesuffix("Mi")))

    def test_the_public_listener_is_the_port_that_the_route_takes(self):
        manifests = Manifests("production")
        listen = manifests.settings(manifests.find("Deployment", "notifications"))["MASTHEAD_PUBLIC_HTTP_LISTEN"]
        backend = manifests.find("HTTPRoute", "unsubscribe")["spec"]["rules"][0]
        self.assertEqual(listen, f"0.0.0.0:{backend['backendRefs'][0]['port']}")
        self.assertIn(f'kUnsubscribePath[] = "{backend["matches"][0]["path"]["value"]}"', source("services/notifications/choices/unsubscribe_page.h"))

    def test_the_public_listener_of_memberships_is_where_payments_go(self):
        manifests = Manifests("production")
        listen = manifests.settings(manifests.find("Deployment", "memberships"))["MASTHEAD_PUBLIC_HTTP_LISTEN"]
        rule = manifests.find("HTTPRoute", "payments")["spec"]["rules"][0]
        self.assertEqual(listen, f"0.0.0.0:{rule['backendRefs'][0]['port']}")
        page, events = (match["path"]["value"] for match in rule["matches"])
        self.assertIn(f'kPagePath[] = "{page}"', source("services/memberships/payments/ledgerpay/ledgerpay.h"))
        self.assertIn(f'kWebhookPath[] = "{events}"', source("services/memberships/collecting/webhook.h"))

    def test_files_that_flags_name_are_mounted(self):
        for manifests, owner, pod in self.each_server_and_job():
            mounts = tuple(mount["mountPath"] + "/" for mount in pod["containers"][0]["volumeMounts"])
            for key, value in manifests.settings(owner).items():
                if key.endswith("_FILE"):
                    self.assertTrue(value.startswith(mounts), f"{key}={value}")

    def test_there_are_more_replicas_than_an_eviction_takes(self):
        for overlay in OVERLAYS + EXTRAS:
            manifests = Manifests(overlay)
            for budget in manifests.of("PodDisruptionBudget"):
                for service in SERVICES:
                    deployment = manifests.find("Deployment", service)
                    if selects(budget["spec"]["selector"], deployment["spec"]["template"]["metadata"]["labels"]):
                        self.assertGreater(manifests.least_pods(service), budget["spec"]["maxUnavailable"], f"{overlay}: {service}")
                for pooler in manifests.of("Pooler"):
                    if selects(budget["spec"]["selector"], {"cnpg.io/poolerName": pooler["metadata"]["name"]}):
                        self.assertGreater(pooler["spec"]["instances"], budget["spec"]["maxUnavailable"])

    def test_flags_of_the_manifests_exist(self):
        declared = set()
        for path in [*ROOT.glob("common/**/*.cc"), *ROOT.glob("services/**/*.cc")]:
            declared |= {name.upper() for name in re.findall(r"ABSL_FLAG\(\s*[\w:<> ]+,\s*(\w+),", path.read_text())}
        for manifests, owner, _ in self.each_server_and_job(OVERLAYS + EXTRAS):
            for key in manifests.settings(owner).keys() - LIBPQ:
                self.assertIn(key.removeprefix("MASTHEAD_"), declared, key)


if __name__ == "__main__":
    unittest.main()
