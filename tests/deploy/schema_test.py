"""Every object is one that a strict API server takes: no unknown field, no wrong type, no duplicate key.

The checker and the OpenAPI files of Kubernetes stand beside the checkout where it is developed; MASTHEAD_K8S_SCHEMAS names the files' folder.
"""

import json
import os
import pathlib
import subprocess
import sys
import unittest

import cel
from manifests import Manifests, EXTRAS, KUBERNETES, OVERLAYS, kustomize, render

SCHEMAS = os.environ.get("MASTHEAD_K8S_SCHEMAS")
CHECKER = pathlib.Path(SCHEMAS).parent / "tools/kstrict.py" if SCHEMAS else None


def check(text):
    return subprocess.run([sys.executable, CHECKER, SCHEMAS], input=text, capture_output=True, text=True)


def custom_schemas():
    """By apiVersion and kind."""
    found = {}
    for path in (pathlib.Path(SCHEMAS) / "crds").glob("*.json"):
        one = json.loads(path.read_text())
        found[f"{one['group']}/{one['version']}", one["kind"]] = one["schema"]
    return found


def with_defaults(schema, value):
    """As the API server stores it. CEL cannot name a field `namespace`: it is `__namespace__` there."""
    if isinstance(value, list):
        return [with_defaults(schema.get("items", {}), one) for one in value]
    if not isinstance(value, dict):
        return value
    properties = schema.get("properties", {})
    whole = {key: one["default"] for key, one in properties.items() if "default" in one} | value
    whole = {key: with_defaults(properties.get(key) or schema.get("additionalProperties") or {}, one) for key, one in whole.items()}
    return whole | ({"__namespace__": whole["namespace"]} if "namespace" in whole else {})


def own_rules(schema, value, path=""):
    """(path, rules, value) wherever a custom resource's schema states rules of its own; those about changes need a former state."""
    rules = [rule["rule"] for rule in schema.get("x-kubernetes-validations", []) if "oldSelf" not in rule["rule"]]
    if rules:
        yield path, rules, value
    for key, one in value.items() if isinstance(value, dict) else ():
        inner = schema.get("properties", {}).get(key) or schema.get("additionalProperties")
        if isinstance(inner, dict):
            yield from own_rules(inner, one, f"{path}.{key}")
    for one in value if isinstance(value, list) else ():
        yield from own_rules(schema.get("items", {}), one, f"{path}[]")


@unittest.skipUnless(SCHEMAS, "MASTHEAD_K8S_SCHEMAS is not set: THE MANIFESTS' SCHEMAS ARE NOT CHECKED")
class Schema(unittest.TestCase):
    def test_every_overlay_is_valid(self):
        for overlay in OVERLAYS + EXTRAS:
            result = check(render(overlay))
            self.assertEqual(result.returncode, 0, f"{overlay}\n{result.stdout}{result.stderr}")

    def test_the_admission_policy_is_valid(self):
        result = check(kustomize(KUBERNETES / "policy"))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_custom_resources_keep_the_rules_of_their_own(self):
        schemas, found = custom_schemas(), []
        for overlay in OVERLAYS + EXTRAS:
            for thing in Manifests(overlay).objects:
                schema = schemas.get((thing["apiVersion"], thing["kind"]))
                if schema:
                    name = f"{overlay}: {thing['kind']}/{thing['metadata']['name']}"
                    found += [(name + path, rules, value) for path, rules, value in own_rules(schema, with_defaults(schema, thing))]
        answers = cel.judge([{"bindings": {"self": value}, "rules": rules} for _, rules, value in found])
        self.assertGreater(sum(map(len, answers)), 100)
        for (where, rules, _), given in zip(found, answers):
            for rule, answer in zip(rules, given):
                self.assertIs(answer, True, f"{where}: {rule}")

    def test_an_unknown_field_is_seen(self):
        result = check(render("production").replace("minReadySeconds:", "minReadySecond:"))
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("unknown field", result.stdout)


if __name__ == "__main__":
    unittest.main()
