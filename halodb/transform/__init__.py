"""A pass: workers enumerate the products of an input's pending jobs and write shards."""

from halodb.transform.plan import Limits
from halodb.transform.progress import Progress
from halodb.transform.run import PassReport, run_pass, transform

__all__ = ["Limits", "PassReport", "Progress", "run_pass", "transform"]
