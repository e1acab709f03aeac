"""Policies by name."""

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
