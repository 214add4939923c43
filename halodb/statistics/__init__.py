"""Statistics of a library: how many products of what, and what they are like."""

from halodb.statistics.report import StatsReport, StatsTable
from halodb.statistics.stats import stats

__all__ = ["StatsReport", "StatsTable", "stats"]
