"""Rules in CEL, the language of admission policies and of custom resources' own validations."""

import json
import subprocess

from manifests import ROOT, kubectl


def judge(cases):
    """For each case ({"bindings", "variables", "rules"}) what its rules came to: True, False, or a text that says why nothing."""
    done = subprocess.run(["node", ROOT / "tests/deploy/cel.mjs", kubectl().parent], input=json.dumps(cases), check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)
