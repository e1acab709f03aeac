"""What the NetworkPolicies of a rendering allow: pods of ours and peers by label, as a set of (from, to, port)."""

from manifests import SERVICES, selects, title

# Namespaces that our policies name, as the peers they stand for.
OUTSIDE = {
    "ingress": {"masthead/ingress": "true"},
    "mail-relay": {"masthead/mail-relay": "true"},
    "monitoring": {"kubernetes.io/metadata.name": "monitoring"},
    "dns": {"kubernetes.io/metadata.name": "kube-system"},
    "database-operator": {"kubernetes.io/metadata.name": "cnpg-system"},
    "scaler": {"kubernetes.io/metadata.name": "keda"},
}
# What an egress to the public internet must leave out: networks of the cluster's own, and the metadata of cloud machines.
PRIVATE = {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"}


def pods(manifests):
    """Names and labels of everything in the namespace that a policy can select: ours, and each service's database."""
    found = {f"{owner['metadata']['labels']['app.kubernetes.io/name']}{'-migrate' if owner['kind'] == 'Job' else ''}": labels
             for owner, labels, _ in manifests.pods()}
    for name, labels in manifests.databases().items():
        # An instance bears what the Cluster hands down; the Jobs that make one, and later ones, only CloudNativePG's own.
        found[name] = {"cnpg.io/cluster": name, **labels}
        found[f"{name}-bootstrap"] = {"cnpg.io/cluster": name}
    for pooler in manifests.of("Pooler"):
        found[pooler["metadata"]["name"]] = {"cnpg.io/poolerName": pooler["metadata"]["name"], **pooler["spec"]["template"]["metadata"]["labels"]}
    if not manifests.databases():
        found |= {f"{name}-db": {f"masthead/database-of-{name}": "true"} for name in SERVICES}
    return found


def governing(manifests, labels, direction):
    return [policy for policy in manifests.of("NetworkPolicy")
            if direction in policy["spec"]["policyTypes"] and selects(policy["spec"]["podSelector"], labels)]


def admits(rules, peer_key, labels, space):
    """Ports on which `rules` admit the peer (labels in our namespace, or the labels of another namespace); 'any' for all ports."""
    ports = set()
    for rule in rules:
        peers = rule.get(peer_key)
        open_to_all = peers is None or {} in peers
        for peer in peers or []:
            if "ipBlock" in peer:
                continue
            in_space = selects(peer["namespaceSelector"], space) if "namespaceSelector" in peer and space else "namespaceSelector" not in peer and not space
            pods_match = not space and "podSelector" in peer and selects(peer["podSelector"], labels) or bool(space)
            open_to_all |= in_space and pods_match
        if open_to_all:
            ports |= {port["port"] for port in rule["ports"]} if rule.get("ports") else {"any"}
    return ports


def internet(rules):
    """Ports on which `rules` admit the public internet; nothing private may be among it."""
    ports = set()
    for rule in rules:
        for block in [peer["ipBlock"] for peer in rule.get("to", []) if "ipBlock" in peer]:
            if not (block["cidr"] == "2000::/3" or block["cidr"] == "0.0.0.0/0" and set(block.get("except", [])) == PRIVATE):
                raise AssertionError(f"{block}: more than the public internet")
            ports |= {port["port"] for port in rule["ports"]}
    return ports


def edges(manifests):
    """(from, to, port) that both ends allow; an outside peer is one end only. A pod without a policy allows everything: it raises."""
    inside = pods(manifests)
    incoming, outgoing = {}, {}
    for name, labels in inside.items():
        for direction, into in (("Ingress", incoming), ("Egress", outgoing)):
            policies = governing(manifests, labels, direction)
            if not policies:
                raise AssertionError(f"{name}: no policy for {direction}")
            into[name] = [rule for policy in policies for rule in policy["spec"].get(direction.lower(), [])]
    found = set()
    for source, labels in inside.items():
        for target, target_labels in inside.items():
            both = admits(outgoing[source], "to", target_labels, None) & admits(incoming[target], "from", labels, None)
            found |= {(source, target, port) for port in both}
        found |= {(source, "internet", port) for port in internet(outgoing[source])}
        for peer, space in OUTSIDE.items():
            found |= {(source, peer, port) for port in admits(outgoing[source], "to", {}, space)}
            found |= {(peer, source, port) for port in admits(incoming[source], "from", {}, space)}
    return found


def dangling(manifests):
    """Policies and peers that select nothing of ours."""
    labels = list(pods(manifests).values())
    for policy in manifests.of("NetworkPolicy"):
        if not any(selects(policy["spec"]["podSelector"], one) for one in labels):
            yield f"{title(policy)}: selects nothing"
        for direction, key in (("ingress", "from"), ("egress", "to")):
            for rule in policy["spec"].get(direction, []):
                for peer in rule.get(key, []):
                    if "ipBlock" in peer:
                        continue
                    if "namespaceSelector" in peer:
                        known = any(selects(peer["namespaceSelector"], space) for space in OUTSIDE.values())
                    else:
                        known = any(selects(peer["podSelector"], one) for one in labels)
                    if not known:
                        yield f"{title(policy)}: {direction} names {peer}"
