"""Policies of pods and their containers."""

import re

from manifests import selects, title
from policies.registry import look, policy


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
    "hostProcess": ("securityContext.windowsOptions", None),
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


@policy("priority-class-name")
def priority_class_exists(manifests):
    for owner, _, pod in manifests.pods():
        if not manifests.find("PriorityClass", pod.get("priorityClassName", "")):
            yield title(owner)


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


@policy("pod-topology-spread-constraints")
def pods_are_spread(manifests):
    for owner in manifests.deployments():
        labels = owner["spec"]["template"]["metadata"]["labels"]
        spread = owner["spec"]["template"]["spec"].get("topologySpreadConstraints", [])
        keys = {one["topologyKey"] for one in spread if selects(one["labelSelector"], labels)}
        if not {"kubernetes.io/hostname", "topology.kubernetes.io/zone"} <= keys:
            yield f"{title(owner)}: spread over {sorted(keys)}"


@policy("job-ttl-seconds-after-finished")
def jobs_end(manifests):
    for job in manifests.of("Job"):
        for field in ("ttlSecondsAfterFinished", "activeDeadlineSeconds", "backoffLimit"):
            if not job["spec"].get(field):
                yield f"{title(job)}: no {field}"
        if look(job, "spec.template.spec.restartPolicy") != "Never":
            yield f"{title(job)}: restartPolicy"
