"""The pipeline: all jobs of all inputs, from a plan to a report, whatever happens on the way."""

from halodb.pipeline.plan import Plan, plan
from halodb.pipeline.report import PipelineReport
from halodb.pipeline.run import run
from halodb.pipeline.status import Status, read_status, watch_status
from halodb.pipeline.stop import stop

__all__ = ["PipelineReport", "Plan", "Status", "plan", "read_status", "run", "stop", "watch_status"]
