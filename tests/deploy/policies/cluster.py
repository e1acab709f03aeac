"""Policies of everything else: workloads, services, scalers, databases, routes."""

import re

from manifests import KUBERNETES, SERVICES, selects, title
from policies.pods import secrets_of
from policies.registry import look, policy


@policy("only-what-is-known")
def workloads_are_of_known_kinds(manifests):
    """What else makes pods would need policies of its own."""
    for thing in manifests.of("StatefulSet", "DaemonSet", "CronJob", "ReplicaSet", "Pod", "Ingress"):
        yield title(thing)


@policy("stable-version")
def apis_are_stable(manifests):
    """Of Kubernetes itself; some operators have nothing but a beta to offer."""
    for thing in manifests.objects:
        group, _, version = thing["apiVersion"].rpartition("/")
        if ("." not in group or group.endswith(".k8s.io")) and not re.fullmatch(r"v\d+", version):
            yield f"{title(thing)}: {thing['apiVersion']}"


@policy("label-values")
def labels_are_labels(manifests):
    labelled = [(thing, thing["metadata"].get("labels", {})) for thing in manifests.objects] + [(owner, labels) for owner, labels, _ in manifests.pods()]
    for thing, labels in labelled:
        for key, value in labels.items():
            if not isinstance(value, str) or not re.fullmatch(r"([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?", value):
                yield f"{title(thing)}: {key}={value!r}"


@policy("metadataAndInstanceMismatched")
def labels_name_the_object(manifests):
    for owner in manifests.deployments():
        labels = owner["metadata"]["labels"]
        if labels.get("app.kubernetes.io/name") != owner["metadata"]["name"] or "app.kubernetes.io/instance" in labels:
            yield f"{title(owner)}: {labels}"


@policy("sensitiveConfigmapContent")
def config_maps_hold_no_secrets(manifests):
    for config in manifests.of("ConfigMap"):
        for key, value in config.get("data", {}).items():
            if re.search(r"BEGIN .*PRIVATE KEY|://[^/\s]*:[^/\s]*@|password=", value):
                yield f"{title(config)}: {key}"
    for secret in manifests.of("Secret"):
        yield f"{title(secret)}: Secrets are made in the cluster, never here"


@policy("access-to-secrets")
def nobody_has_rights_in_the_cluster(manifests):
    for thing in manifests.of("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"):
        yield title(thing)


@policy("use-namespace")
def everything_is_in_the_namespace(manifests):
    for thing in manifests.objects:
        if thing["kind"] not in ("Namespace", "PriorityClass") and thing["metadata"].get("namespace") != "masthead":
            yield title(thing)


@policy("restricted-pod-security")
def namespace_enforces_restricted(manifests):
    for space in manifests.of("Namespace"):
        labels = space["metadata"].get("labels", {})
        if labels.get("pod-security.kubernetes.io/enforce") != "restricted" or "pod-security.kubernetes.io/enforce-version" not in labels:
            yield title(space)


@policy("no-rolling-update-strategy")
def rollouts_never_take_capacity(manifests):
    for owner in manifests.deployments():
        if look(owner, "spec.strategy.rollingUpdate.maxUnavailable") != 0 or not look(owner, "spec.progressDeadlineSeconds"):
            yield title(owner)


@policy("mismatching-selector")
def selectors_take_their_own_pods_only(manifests):
    for owner in manifests.deployments():
        taken = [title(other) for other, labels, _ in manifests.pods() if selects(owner["spec"]["selector"], labels)]
        if taken != [title(owner)]:
            yield f"{title(owner)}: takes {taken}"


@policy("minimum-three-replicas")
def somebody_sets_replicas(manifests):
    for owner in manifests.deployments():
        scalers = manifests.scalers(owner["metadata"]["name"])
        if len(scalers) != 1:
            yield f"{title(owner)}: {len(scalers)} decide how many there are: {scalers}"
        elif scalers[0][0] < (2 if "replicas" in owner["spec"] else 3):
            yield f"{title(owner)}: too few replicas"


@policy("dangling-horizontalpodautoscaler")
def autoscalers_have_a_target(manifests):
    rollouts = bool(manifests.of("Rollout"))
    for scaler in manifests.of("HorizontalPodAutoscaler", "ScaledObject"):
        target = scaler["spec"]["scaleTargetRef"]
        if not manifests.find(target["kind"], target["name"]) or target["kind"] != ("Rollout" if rollouts else "Deployment"):
            yield title(scaler)
    for rollout in manifests.of("Rollout"):
        if not manifests.find(look(rollout, "spec.workloadRef.kind"), look(rollout, "spec.workloadRef.name")):
            yield title(rollout)


@policy("missingPodDisruptionBudget")
def evictions_are_bounded(manifests):
    for owner in manifests.deployments():
        labels = owner["spec"]["template"]["metadata"]["labels"]
        budgets = [b for b in manifests.of("PodDisruptionBudget") if selects(b["spec"]["selector"], labels)]
        if len(budgets) != 1:
            yield f"{title(owner)}: {len(budgets)} budgets"
        for budget in budgets:
            if budget["spec"].get("maxUnavailable") != 1 or budget["spec"].get("unhealthyPodEvictionPolicy") != "AlwaysAllow":
                yield f"{title(budget)}: {budget['spec']}"


@policy("dangling-service")
def services_have_pods(manifests):
    for service in manifests.of("Service"):
        pods = [(labels, pod) for _, labels, pod in manifests.pods() if selects(service["spec"]["selector"], labels)]
        if len(pods) != 1:
            yield f"{title(service)}: selects the pods of {len(pods)} owners"
            continue
        names = {port["name"] for container in pods[0][1]["containers"] for port in container.get("ports", [])}
        for port in service["spec"]["ports"]:
            if port["targetPort"] not in names:
                yield f"{title(service)}: no port {port['targetPort']}"


@policy("exposed-services")
def services_are_headless(manifests):
    for service in manifests.of("Service"):
        if service["spec"].get("clusterIP") != "None" or service["spec"].get("type", "ClusterIP") != "ClusterIP":
            yield title(service)


@policy("database-survives-a-machine")
def databases_lose_nothing(manifests):
    wanted = {"postgresql.synchronous.dataDurability": "required", "postgresql.synchronous.failoverQuorum": True, "bootstrap.initdb.dataChecksums": True,
              "enablePDB": True, "affinity.podAntiAffinityType": "required"}
    for cluster in manifests.of("Cluster"):
        for path, value in wanted.items():
            if look(cluster["spec"], path) != value:
                yield f"{title(cluster)}: {path} is {look(cluster['spec'], path)!r}"
        # One may be away and the quorum stands.
        if cluster["spec"]["instances"] < look(cluster["spec"], "postgresql.synchronous.number") + 2:
            yield f"{title(cluster)}: too few instances"
        if not look(cluster["spec"], "walStorage.size"):
            yield f"{title(cluster)}: a full WAL fills the data's volume"


@policy("database-is-backed-up")
def databases_are_backed_up(manifests):
    for cluster in manifests.of("Cluster"):
        backups = [one["spec"] for one in manifests.of("ScheduledBackup") if look(one, "spec.cluster.name") == cluster["metadata"]["name"]]
        archivers = [plugin["name"] for plugin in cluster["spec"].get("plugins", []) if plugin.get("isWALArchiver")]
        possible = [look(one, "pluginConfiguration.name") in archivers if one["method"] == "plugin" else bool(look(cluster["spec"], "backup.volumeSnapshot.className"))
                    for one in backups]
        if possible != [True]:
            yield f"{title(cluster)}: backups {backups}, archivers {archivers}"


@policy("dangling-database")
def nothing_names_a_missing_cluster(manifests):
    for thing in manifests.of("ScheduledBackup", "Pooler", "Database"):
        if not manifests.find("Cluster", look(thing, "spec.cluster.name")):
            yield title(thing)


@policy("dangling-secret")
def secrets_come_from_somewhere(manifests):
    """Every Secret is made by what stands here, or named in the README as what operators bring."""
    made = {look(one, "spec.secretName") for one in manifests.of("Certificate")} | {look(one, "spec.target.name") for one in manifests.of("ExternalSecret")}
    for name in manifests.databases():
        made |= {f"{name}-app", f"{name}-ca"}
    brought = (KUBERNETES / "README.md").read_text()
    services = "|".join(SERVICES)
    for owner, _, pod in manifests.pods():
        for name in set(secrets_of(pod)) - made:
            if f"`{re.sub(services, '<service>', name)}`" not in brought and f"`{name}`" not in brought:
                yield f"{title(owner)}: {name}"


@policy("tlsSettingsMissing")
def certificates_name_their_service(manifests):
    for owner in manifests.deployments():
        name = owner["metadata"]["name"]
        secrets = [look(volume, "secret.secretName") for volume in owner["spec"]["template"]["spec"]["volumes"] if volume["name"] == "tls"]
        if secrets != [f"{name}-tls"]:
            yield f"{title(owner)}: TLS from {secrets}"
        for certificate in manifests.of("Certificate"):
            if certificate["spec"]["secretName"] == f"{name}-tls" and certificate["spec"]["uris"] != [f"spiffe://masthead/{name}"]:
                yield f"{title(certificate)}: {certificate['spec']['uris']}"


@policy("dangling-targets")
def targets_and_routes_exist(manifests):
    wanted = []
    for owner in manifests.deployments():
        for key, value in manifests.settings(owner).items():
            if key.endswith("_TARGET") and value.startswith("dns:///"):
                wanted.append((title(owner), *value.removeprefix("dns:///").split(":")))
    for route in manifests.of("GRPCRoute", "HTTPRoute"):
        wanted += [(title(route), b["name"], b["port"]) for rule in route["spec"]["rules"] for b in rule["backendRefs"]]
    for who, name, port in wanted:
        service = manifests.find("Service", name)
        if "." not in name and (not service or int(port) not in [p["port"] for p in service["spec"]["ports"]]):
            yield f"{who}: no Service {name} with port {port}"


@policy("dangling-servicemonitor")
def monitors_find_their_port(manifests):
    for monitor in manifests.of("ServiceMonitor"):
        for service in manifests.of("Service"):
            if not selects(monitor["spec"]["selector"], service["metadata"]["labels"]):
                yield f"{title(monitor)}: misses {title(service)}"
            elif not {e["port"] for e in monitor["spec"]["endpoints"]} <= {p["name"] for p in service["spec"]["ports"]}:
                yield f"{title(monitor)}: {title(service)} has no such port"
