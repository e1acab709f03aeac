"""What we hold true of every rendered manifest. Each policy yields one line for each object that breaks it.

The names are those of kube-linter, kube-score and polaris where they have one, so that their documentation tells the reason. Three of their
checks we break on purpose: no CPU limit (throttling hurts the slowest readers; the request sizes the pool), `IfNotPresent` with a digest
instead of `Always` (the digest is the freshness), and no pod anti-affinity (spread constraints say the same and scale).
"""

import re

from manifests import KUBERNETES, SERVICES, selects, title

POLICIES = {}


def policy(name):
    def register(check):
        POLICIES[name] = check
        return check

    return register


def look(thing, path):
    """The value at a dotted path, or None."""
    for key in path.split("."):
        thing = thing.get(key) if isinstance(thing, dict) else None
    return thing


# Fields that every pod and every container must have with exactly this value; None: must be absent.
POD_FIELDS = {
    "automountServiceAccountToken": ("automountServiceAccountToken", False),
    "enable-service-links": ("enableServiceLinks", False),
    "run-as-non-root": ("securityContext.runAsNonRoot", True),
    "container-security-context-user-group-id": ("securityContext.runAsUser", 65532),
    "container-seccomp-profile": ("securityContext.seccompProfile.type", "RuntimeDefault"),
    "host-network": ("hostNetwork", None),
    "host-pid": ("hostPID", None),
    "host-ipc": ("hostIPC", None),
    "unsafe-sysctls": ("securityContext.sysctls", None),
}
CONTAINER_FIELDS = {
    "runAsRootAllowed": ("securityContext.runAsNonRoot", True),
    "no-read-only-root-fs": ("securityContext.readOnlyRootFilesystem", True),
    "privilege-escalation-container": ("securityContext.allowPrivilegeEscalation", False),
    "privileged-container": ("securityContext.privileged", False),
    "drop-net-raw-capability": ("securityContext.capabilities.drop", ["ALL"]),
    "insecureCapabilities": ("securityContext.capabilities.add", None),
    "unsafe-proc-mount": ("securityContext.procMount", None),
    "container-image-pull-policy": ("imagePullPolicy", "IfNotPresent"),
    "no-cpu-limit": ("resources.limits.cpu", None),
}


def field_policy(name, path, wanted, of_container):
    @policy(name)
    def check(manifests):
        places = [(o, c) for o, _, c in manifests.containers()] if of_container else [(o, p) for o, _, p in manifests.pods()]
        for owner, place in places:
            if look(place, path) != wanted:
                yield f"{title(owner)}: {path} is {look(place, path)!r}, not {wanted!r}"


for _name, (_path, _wanted) in POD_FIELDS.items():
    field_policy(_name, _path, _wanted, False)
for _name, (_path, _wanted) in CONTAINER_FIELDS.items():
    field_policy(_name, _path, _wanted, True)


@policy("latest-tag")
def image_is_pinned(manifests):
    for owner, _, container in manifests.containers():
        image = container["image"]
        if not re.fullmatch(r"[\w.-]+(:\d+)?/[\w./-]+@sha256:[0-9a-f]{64}|localhost/[\w./-]+:(?!latest$)[\w.-]+", image):
            yield f"{title(owner)}: {image} is neither a digest nor a tag of this machine's own"


@policy("one-build")
def all_run_one_build(manifests):
    images = {container["image"] for _, _, container in manifests.containers()}
    if len(images) != 1:
        yield f"several images: {sorted(images)}"


@policy("migration-named-after-its-image")
def job_carries_the_digest(manifests):
    for owner, _, container in manifests.containers():
        digest = re.search(r"@sha256:([0-9a-f]{12})", container["image"])
        if owner["kind"] == "Job" and digest and not owner["metadata"]["name"].endswith("-" + digest[1]):
            yield f"{title(owner)}: not named after {digest[1]}"


@policy("unset-requirements")
def resources_are_set(manifests):
    for owner, _, container in manifests.containers():
        for what in ("cpu", "memory", "ephemeral-storage"):
            if not look(container, f"resources.requests.{what}"):
                yield f"{title(owner)}: no request for {what}"
        for what in ("memory", "ephemeral-storage"):
            if look(container, f"resources.limits.{what}") != look(container, f"resources.requests.{what}"):
                yield f"{title(owner)}: {what} limit differs from its request"


@policy("hostPathSet")
def no_host_paths(manifests):
    for owner, _, pod in manifests.pods():
        if any("hostPath" in volume for volume in pod.get("volumes", [])):
            yield title(owner)


@policy("writable-host-mount")
def mounts_are_read_only(manifests):
    for owner, _, container in manifests.containers():
        for mount in container.get("volumeMounts", []):
            if not mount.get("readOnly"):
                yield f"{title(owner)}: {mount['mountPath']} is writable"


@policy("env-var-secret")
def secrets_come_as_files(manifests):
    for owner, _, container in manifests.containers():
        for one in container.get("env", []):
            if look(one, "valueFrom.secretKeyRef") or re.search(r"PASSWORD|SECRET(?!.*_FILE$)|TOKEN", one["name"]):
                yield f"{title(owner)}: {one['name']}"
        if any("secretRef" in source for source in container.get("envFrom", [])):
            yield f"{title(owner)}: envFrom a Secret"


def secrets_of(pod):
    """Names of the Secrets that a pod mounts."""
    for volume in pod.get("volumes", []):
        sources = [volume] + look(volume, "projected.sources") if "projected" in volume else [volume]
        for source in sources:
            secret = source.get("secret", {})
            if secret:
                yield secret.get("secretName") or secret["name"]


@policy("migration-sees-its-database-only")
def jobs_hold_no_keys(manifests):
    for job in manifests.of("Job"):
        service = job["metadata"]["labels"]["app.kubernetes.io/name"]
        seen = set(secrets_of(job["spec"]["template"]["spec"]))
        database = manifests.database_of(service)
        allowed = {f"{service}-db-app"} | ({f"{database['metadata']['name']}-ca"} if database else set())
        if seen != allowed:
            yield f"{title(job)}: mounts {sorted(seen)}"


@policy("authority-without-its-key")
def authorities_stay_private(manifests):
    """CloudNativePG keeps the key of a database's authority beside its certificate: a pod takes the certificate alone."""
    for owner, _, pod in manifests.pods():
        for volume in pod.get("volumes", []):
            for source in look(volume, "projected.sources") or []:
                secret = source.get("secret", {})
                if secret.get("name", "").endswith("-ca") and [item["key"] for item in secret.get("items", [])] != ["ca.crt"]:
                    yield f"{title(owner)}: {secret}"


@policy("sensitiveConfigmapContent")
def config_maps_hold_no_secrets(manifests):
    for config in manifests.of("ConfigMap"):
        for key, value in config.get("data", {}).items():
            if re.search(r"BEGIN .*PRIVATE KEY|://[^/\s]*:[^/\s]*@|password=", value):
                yield f"{title(config)}: {key}"
    for secret in manifests.of("Secret"):
        yield f"{title(secret)}: Secrets are made in the cluster, never here"


@policy("duplicate-env-var")
def environment_has_no_duplicates(manifests):
    for owner, _, container in manifests.containers():
        names = [one["name"] for one in container.get("env", [])]
        if len(names) != len(set(names)):
            yield title(owner)


@policy("non-existent-service-account")
def service_accounts_exist(manifests):
    for owner, _, pod in manifests.pods():
        name = pod.get("serviceAccountName", "default")
        account = manifests.find("ServiceAccount", name)
        if not account or account.get("automountServiceAccountToken") is not False:
            yield f"{title(owner)}: {name}"


@policy("access-to-secrets")
def nobody_has_rights_in_the_cluster(manifests):
    for thing in manifests.of("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"):
        yield title(thing)


@policy("priority-class-name")
def priority_class_exists(manifests):
    for owner, _, pod in manifests.pods():
        if not manifests.find("PriorityClass", pod.get("priorityClassName", "")):
            yield title(owner)


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


@policy("privileged-ports")
def ports_need_no_privilege(manifests):
    for owner, _, container in manifests.containers():
        for port in container.get("ports", []):
            if port["containerPort"] < 1024 or "hostPort" in port:
                yield f"{title(owner)}: {port}"


@policy("pod-probes")
def servers_are_probed(manifests):
    for owner in manifests.deployments():
        for container in owner["spec"]["template"]["spec"]["containers"]:
            ports = {port["containerPort"] for port in container.get("ports", [])}
            for probe, service in (("startupProbe", "liveness"), ("livenessProbe", "liveness"), ("readinessProbe", "readiness")):
                grpc = look(container, f"{probe}.grpc") or {}
                if grpc.get("port") not in ports or grpc.get("service") != service:
                    yield f"{title(owner)}: {probe} asks {grpc}"


@policy("no-rolling-update-strategy")
def rollouts_never_take_capacity(manifests):
    for owner in manifests.deployments():
        if look(owner, "spec.strategy.rollingUpdate.maxUnavailable") != 0 or not look(owner, "spec.progressDeadlineSeconds"):
            yield title(owner)


@policy("pod-topology-spread-constraints")
def pods_are_spread(manifests):
    for owner in manifests.deployments():
        labels = owner["spec"]["template"]["metadata"]["labels"]
        spread = owner["spec"]["template"]["spec"].get("topologySpreadConstraints", [])
        keys = {one["topologyKey"] for one in spread if selects(one["labelSelector"], labels)}
        if not {"kubernetes.io/hostname", "topology.kubernetes.io/zone"} <= keys:
            yield f"{title(owner)}: spread over {sorted(keys)}"


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


@policy("job-ttl-seconds-after-finished")
def jobs_end(manifests):
    for job in manifests.of("Job"):
        for field in ("ttlSecondsAfterFinished", "activeDeadlineSeconds", "backoffLimit"):
            if not job["spec"].get(field):
                yield f"{title(job)}: no {field}"
        if look(job, "spec.template.spec.restartPolicy") != "Never":
            yield f"{title(job)}: restartPolicy"


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
