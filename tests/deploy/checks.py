"""The checks of kube-linter, kube-score and polaris by name, and what stands for each here: a policy, another test, or the reason why not."""

NETWORK = "test: network_test"  # Policies as a graph: nobody is without one, none names a stranger.
SCHEMA = "test: schema_test"
NUMBERS = "test: numbers_test"
ABSENT = "policy: only-what-is-known"  # There are none of its kind.

# Broken on purpose.
NO_CPU_LIMIT = "not: throttling hurts the slowest readers; the request sizes the pool"
BY_DIGEST = "not: a digest is its own freshness, and a node without the registry can still start"
SPREAD = "not: spread constraints say the same, and scale"
ORDER = "not: fields stand in the order in which one reads them"

KUBE_LINTER = {
    "dangling-service": "policy: dangling-service", "deprecated-service-account-field": SCHEMA, "docker-sock": "policy: hostPathSet",
    "drop-net-raw-capability": "policy: drop-net-raw-capability", "duplicate-env-var": "policy: duplicate-env-var", "env-var-secret": "policy: env-var-secret",
    "host-ipc": "policy: host-ipc", "host-network": "policy: host-network", "host-pid": "policy: host-pid", "invalid-target-ports": "policy: dangling-service",
    "job-ttl-seconds-after-finished": "policy: job-ttl-seconds-after-finished", "latest-tag": "policy: latest-tag", "liveness-port": "policy: pod-probes",
    "mismatching-selector": "policy: mismatching-selector", "no-anti-affinity": SPREAD, "no-extensions-v1beta": "policy: stable-version",
    "no-read-only-root-fs": "policy: no-read-only-root-fs", "non-existent-service-account": "policy: non-existent-service-account",
    "pdb-max-unavailable": "policy: missingPodDisruptionBudget", "pdb-min-available": "policy: missingPodDisruptionBudget",
    "pdb-unhealthy-pod-eviction-policy": "policy: missingPodDisruptionBudget", "privilege-escalation-container": "policy: privilege-escalation-container",
    "privileged-container": "policy: privileged-container", "readiness-port": "policy: pod-probes", "run-as-non-root": "policy: run-as-non-root",
    "sensitive-host-mounts": "policy: hostPathSet", "ssh-port": "policy: privileged-ports", "startup-port": "policy: pod-probes",
    "unsafe-sysctls": "policy: unsafe-sysctls", "unset-cpu-requirements": NO_CPU_LIMIT, "unset-memory-requirements": "policy: unset-requirements",
    "access-to-create-pods": "policy: access-to-secrets", "access-to-secrets": "policy: access-to-secrets", "cluster-admin-role-binding": "policy: access-to-secrets",
    "dangling-horizontalpodautoscaler": "policy: dangling-horizontalpodautoscaler", "dangling-ingress": "policy: dangling-targets",
    "dangling-networkpolicy": NETWORK, "dangling-networkpolicypeer-podselector": NETWORK, "dangling-servicemonitor": "policy: dangling-servicemonitor",
    "default-service-account": "policy: non-existent-service-account", "env-value-from": "policy: env-var-secret", "exposed-services": "policy: exposed-services",
    "hpa-minimum-three-replicas": "policy: minimum-three-replicas", "minimum-three-replicas": "policy: minimum-three-replicas",
    "no-liveness-probe": "policy: pod-probes", "no-readiness-probe": "policy: pod-probes", "no-rolling-update-strategy": "policy: no-rolling-update-strategy",
    "non-isolated-pod": NETWORK, "priority-class-name": "policy: priority-class-name", "privileged-ports": "policy: privileged-ports",
    "read-secret-from-env-var": "policy: env-var-secret", "restart-policy": "policy: job-ttl-seconds-after-finished", "schema-validation": SCHEMA,
    "sorted-keys": ORDER, "unsafe-proc-mount": "policy: unsafe-proc-mount", "use-namespace": "policy: use-namespace",
    "wildcard-in-rules": "policy: access-to-secrets", "writable-host-mount": "policy: writable-host-mount",
}
KUBE_SCORE = {
    "container-cpu-requests-equal-limits": NO_CPU_LIMIT, "container-memory-requests-equal-limits": "policy: unset-requirements",
    "container-ephemeral-storage-request-and-limit": "policy: unset-requirements", "container-image-pull-policy": BY_DIGEST,
    "container-image-tag": "policy: latest-tag", "container-ports-check": "policy: dangling-service", "container-resources": "policy: unset-requirements",
    "container-seccomp-profile": "policy: container-seccomp-profile", "container-security-context-privileged": "policy: privileged-container",
    "container-security-context-readonlyrootfilesystem": "policy: no-read-only-root-fs",
    "container-security-context-user-group-id": "policy: container-security-context-user-group-id", "cronjob-has-deadline": ABSENT, "cronjob-restartpolicy": ABSENT,
    "deployment-has-host-podantiaffinity": SPREAD, "deployment-has-poddisruptionbudget": "policy: missingPodDisruptionBudget",
    "deployment-pod-selector-labels-match-template-metadata-labels": "policy: mismatching-selector", "deployment-replicas": "policy: minimum-three-replicas",
    "deployment-strategy": "policy: no-rolling-update-strategy", "deployment-targeted-by-hpa-does-not-have-replicas-configured": "policy: minimum-three-replicas",
    "environment-variable-key-duplication": "policy: duplicate-env-var", "horizontalpodautoscaler-has-target": "policy: dangling-horizontalpodautoscaler",
    "horizontalpodautoscaler-replicas": "policy: minimum-three-replicas", "ingress-targets-service": "policy: dangling-targets", "label-values": "policy: label-values",
    "networkpolicy-targets-pod": NETWORK, "pod-networkpolicy": NETWORK, "pod-probes": "policy: pod-probes", "pod-probes-identical": "policy: pod-probes",
    "pod-topology-spread-constraints": "policy: pod-topology-spread-constraints", "poddisruptionbudget-has-policy": "policy: missingPodDisruptionBudget",
    "service-targets-pod": "policy: dangling-service", "service-type": "policy: exposed-services", "stable-version": "policy: stable-version",
    "statefulset-has-host-podantiaffinity": ABSENT, "statefulset-has-poddisruptionbudget": ABSENT, "statefulset-has-servicename": ABSENT,
    "statefulset-pod-selector-labels-match-template-metadata-labels": ABSENT,
}
POLARIS = {
    "automountServiceAccountToken": "policy: automountServiceAccountToken", "clusterrolePodExecAttach": "policy: access-to-secrets",
    "rolePodExecAttach": "policy: access-to-secrets", "clusterrolebindingPodExecAttach": "policy: access-to-secrets",
    "rolebindingClusterRolePodExecAttach": "policy: access-to-secrets", "rolebindingRolePodExecAttach": "policy: access-to-secrets",
    "clusterrolebindingClusterAdmin": "policy: access-to-secrets", "rolebindingClusterAdminClusterRole": "policy: access-to-secrets",
    "rolebindingClusterAdminRole": "policy: access-to-secrets", "cpuRequestsMissing": "policy: unset-requirements", "cpuLimitsMissing": NO_CPU_LIMIT,
    "memoryRequestsMissing": "policy: unset-requirements", "memoryLimitsMissing": "policy: unset-requirements", "dangerousCapabilities": "policy: insecureCapabilities",
    "insecureCapabilities": "policy: insecureCapabilities", "deploymentMissingReplicas": "policy: minimum-three-replicas", "hostIPCSet": "policy: host-ipc",
    "hostNetworkSet": "policy: host-network", "hostPIDSet": "policy: host-pid", "hostPathSet": "policy: hostPathSet", "hostPortSet": "policy: privileged-ports",
    "hostProcess": "policy: hostProcess", "hpaMaxAvailability": "policy: minimum-three-replicas", "hpaMinAvailability": "policy: minimum-three-replicas",
    "linuxHardening": "policy: container-seccomp-profile", "livenessProbeMissing": "policy: pod-probes", "readinessProbeMissing": "policy: pod-probes",
    "metadataAndInstanceMismatched": "policy: metadataAndInstanceMismatched", "missingNetworkPolicy": NETWORK,
    "missingPodDisruptionBudget": "policy: missingPodDisruptionBudget", "notReadOnlyRootFilesystem": "policy: no-read-only-root-fs",
    "pdbDisruptionsIsZero": "policy: missingPodDisruptionBudget", "pdbMinAvailableGreaterThanHPAMinReplicas": NUMBERS,
    "priorityClassNotSet": "policy: priority-class-name", "privilegeEscalationAllowed": "policy: privilege-escalation-container", "procMount": "policy: unsafe-proc-mount",
    "pullPolicyNotAlways": BY_DIGEST, "runAsPrivileged": "policy: privileged-container", "runAsRootAllowed": "policy: runAsRootAllowed",
    "sensitiveConfigmapContent": "policy: sensitiveConfigmapContent", "sensitiveContainerEnvVar": "policy: env-var-secret", "tagNotSpecified": "policy: latest-tag",
    "tlsSettingsMissing": "policy: tlsSettingsMissing", "topologySpreadConstraint": "policy: pod-topology-spread-constraints",
}
CHECKS = {"kube-linter": KUBE_LINTER, "kube-score": KUBE_SCORE, "polaris": POLARIS}
