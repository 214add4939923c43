"""A pass: workers enumerate the products of an input's pending jobs and write shards."""

from halodb.transformation.pass_plan import Limits
from halodb.transformation.pass_report import PassReport
from halodb.transformation.run_pass import run_pass
from halodb.transformation.transform import transform
from halodb.workers.progress import Progress

__all__ = ["Limits", "PassReport", "Progress", "run_pass", "transform"]
