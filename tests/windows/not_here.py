"""Tests that a Windows Python under Wine cannot run, and why; a plugin of pytest, which shows each as skipped."""

from __future__ import annotations

import pytest

REASONS: dict[str, str] = {
    "tests/pipeline/test_memory.py::test_a_small_budget_has_fewer_workers": "working sets count shared pages many times",
}
"""Why, by the begin of a test's name: `tests/file.py::test`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what the list names."""
    for item in items:
        for name, reason in REASONS.items():
            if item.nodeid.startswith(name):
                item.add_marker(pytest.mark.skip(reason=f"under Wine: {reason}"))
