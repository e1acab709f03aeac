"""What we hold true of every rendered manifest. Each policy yields one line for each object that breaks it.

The names are those of kube-linter, kube-score and polaris where they have one, so that their documentation tells the reason. checks.py
lists what stands for each of theirs, and those that we break on purpose.
"""

from policies import cluster, pods
from policies.pods import CONTAINER_FIELDS, POD_FIELDS, secrets_of
from policies.registry import POLICIES, look

__all__ = ["CONTAINER_FIELDS", "POD_FIELDS", "POLICIES", "cluster", "look", "pods", "secrets_of"]
