"""Every object is one that a strict API server takes: no unknown field, no wrong type, no duplicate key.

The checker and the OpenAPI files of Kubernetes stand beside the checkout where it is developed; MASTHEAD_K8S_SCHEMAS names the files' folder.
"""

import os
import pathlib
import subprocess
import sys
import unittest

from manifests import EXTRAS, KUBERNETES, OVERLAYS, kustomize, render

SCHEMAS = os.environ.get("MASTHEAD_K8S_SCHEMAS")
CHECKER = pathlib.Path(SCHEMAS).parent / "tools/kstrict.py" if SCHEMAS else None


def check(text):
    return subprocess.run([sys.executable, CHECKER, SCHEMAS], input=text, capture_output=True, text=True)


@unittest.skipUnless(SCHEMAS, "MASTHEAD_K8S_SCHEMAS is not set: THE MANIFESTS' SCHEMAS ARE NOT CHECKED")
class Schema(unittest.TestCase):
    def test_every_overlay_is_valid(self):
        for overlay in OVERLAYS + EXTRAS:
            result = check(render(overlay))
            self.assertEqual(result.returncode, 0, f"{overlay}\n{result.stdout}{result.stderr}")

    def test_the_admission_policy_is_valid(self):
        result = check(kustomize(KUBERNETES / "policy"))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_an_unknown_field_is_seen(self):
        result = check(render("production").replace("minReadySeconds:", "minReadySecond:"))
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("unknown field", result.stdout)


if __name__ == "__main__":
    unittest.main()
