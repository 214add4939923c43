# halodb: what a developer runs. Each target makes its own virtual environment where there is none.
# On Windows, without make, see "On Windows" in README.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BENCH_READY := $(VENV)/.ready-bench
LOWEST := .venv-lowest

.PHONY: demo test test-all test-lowest test-windows docs bench bench-full rehearsal lint

demo: $(READY)
	$(BIN)/halodb demo

test: $(READY)
	$(BIN)/python -m pytest

test-all: $(READY)
	$(BIN)/python -m pytest -m "slow or not slow"

# With the lowest version of each dependency that pyproject.toml admits.
test-lowest:
	$(PYTHON) -m venv --clear $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet uv
	$(LOWEST)/bin/uv pip install --quiet --python $(LOWEST)/bin/python --resolution lowest-direct --editable ".[test]"
	$(LOWEST)/bin/python -m pytest

docs: $(READY)
	$(BIN)/python -m pip install --quiet --editable ".[docs]"
	$(BIN)/mkdocs build --site-dir build/site

# A Windows Python under Wine, which it sets up in ~/.cache/halodb-wine; see tests/windows/README.md. Debian, about an hour.
test-windows: $(READY)
	$(BIN)/python -m tests.windows

bench: $(BENCH_READY)
	$(BIN)/python -m benchmarks all

bench-full: $(BENCH_READY)
	$(BIN)/python -m benchmarks all --full

# The job that the older program could not end; ROWS=100000 for a trial in a minute. It goes on where it was stopped.
rehearsal: $(BENCH_READY)
	$(BIN)/python -m benchmarks rehearsal $(if $(ROWS),--rows $(ROWS))

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[test,lint]"
	touch $(READY)

$(BENCH_READY): $(READY)
	$(BIN)/python -m pip install --quiet --editable ".[bench]"
	touch $(BENCH_READY)
