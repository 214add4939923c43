"""A pass: workers enumerate the products of an input's pending jobs and write shards."""

from halodb.transformation.plan import Limits
from halodb.transformation.progress import Progress
from halodb.transformation.run import PassReport, run_pass, transform

__all__ = ["Limits", "PassReport", "Progress", "run_pass", "transform"]
