"""`halodb run`: all passes, each transformed, deduplicated and verified, whatever becomes of the others."""

from __future__ import annotations

import contextlib
import logging
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace as changed
from datetime import UTC, datetime
from pathlib import Path

from halodb.cluster import check_cluster, executor_of, shared_path
from halodb.errors import DiskFullError, HalodbError, HalodbWarning, OutputError
from halodb.files import disk_full, format_bytes, free_bytes
from halodb.jobs import load_manifests, writing
from halodb.jobs.state import State
from halodb.memory import DEFAULT_BUDGET, MemoryMeter, parse_budget
from halodb.pipeline.attempt import Failures, attempt
from halodb.pipeline.history import earlier_runs, interrupted_pass, passes_in_all
from halodb.pipeline.options import RunOptions
from halodb.pipeline.page import write_page
from halodb.pipeline.passes import Pass, find_passes, refresh
from halodb.pipeline.plan import Plan, PlannedPass, make_plan, plan_passes
from halodb.pipeline.record import Recorder, read_record
from halodb.pipeline.report import (
    COMPLETE,
    GOING_ON,
    INCOMPLETE,
    STOPPED,
    PassSummary,
    PipelineReport,
    RunSummary,
    make_report,
    read_report,
    waiting_jobs,
    write_report,
)
from halodb.pipeline.told import lines_of, warnings_of
from halodb.pipeline.trace import MemoryTrace
from halodb.rules import RuleSet, read_rules
from halodb.transformation import Limits, Progress
from halodb.transformation.estimate import WORTH_AN_ESTIMATE
from halodb.workers.executor import Executor
from halodb.workers.governor import WorkerBudget
from halodb.workers.listener import SILENT, Listener

_LOG = logging.getLogger(__name__)


def run(
    library: Path | str,
    inputs: Path | str,
    *,
    jobs: Sequence[str] = (),
    rule_file: Path | None = None,
    workers: int | None = None,
    memory: str | int = DEFAULT_BUDGET,
    temp_directory: Path | str | None = None,
    retry: int = 1,
    keep_shards: bool = False,
    replace: bool = False,
    strict: bool = False,
    limits: Limits | None = None,
    cluster: str | None = None,
    listener: Listener = SILENT,
) -> PipelineReport:
    """Do all jobs that the rules make of the inputs of a directory: transform, dedup, verify, report.

    Jobs that are done are not done again, nor are units with a receipt; stopped or killed, it goes on when it is run
    again. Jobs that another input, rule or version made are made anew. A job that cannot be done leaves the others be.

    Args:
        library: directory of the library; made where it is not there.
        inputs: directory with `<class>-<k>X/products.parquet`.
        jobs: names of jobs, or patterns such as `polyphenol-*`; all by default.
        rule_file: a rule file of your own; the shipped transforms by default.
        workers: processes; the machine's cores by default. The result does not depend on it.
        memory: budget of the process tree: `50%` (of RAM), `16GB`, `16GiB`, or bytes.
        temp_directory: where DuckDB spills; in the library by default.
        retry: how often a pass in which something failed is tried again; what is finished is not done again.
        keep_shards: leave the shards where they are.
        replace: also make the jobs whose directory holds a result that halodb did not make; that is set aside.
        strict: do not begin where less disk is free than the plan expects to need.
        limits: what one parent and one worker may take.
        cluster: where the work is done, if not here: the address of a Dask scheduler (`tcp://...`, `tls://...`), the
            file that it wrote (`scheduler.json`), or `local` for one on this machine. The result does not depend on it.
            `workers` is for this machine, `memory` for this process tree; workers elsewhere have their own.
        listener: told the plan before it begins, how far it is, and a line for people now and then.

    Returns:
        The report, as it is in `transform_pipeline_report.json`; `failures` tells which jobs could not be done.

    Raises:
        UsageError: no job has such a name, or the budget cannot be understood.
        RuleFileError: the rule file is not valid.
        InputError: there is no input.
        LibraryError: another process is writing to the library.
        DiskFullError, OutputError: the library cannot be written to.

    Example:
        >>> report = halodb.run("library", "inputs", workers=16, memory="16GB")  # doctest: +SKIP
        >>> report.complete  # doctest: +SKIP
        True
    """
    check_cluster(cluster, workers)
    options = RunOptions(
        library=shared_path(library, cluster),
        limits=limits or Limits(),
        temp_directory=shared_path(temp_directory, cluster) if temp_directory else None,
        retry=retry,
        keep_shards=keep_shards,
        replace=replace,
    )
    rules, held = read_rules(rule_file), parse_budget(memory)
    found = find_passes(options.library, shared_path(inputs, cluster), rules, jobs, options.limits)
    with writing(options.library, logged=True):
        trace = MemoryTrace(options.library)
        with (
            MemoryMeter(on_sample=trace.add) as meter,
            executor_of(cluster, meter, workers, held, options.library, listener) as executor,
        ):
            planned = _planned(found.passes, executor, options, listener)
            plan = make_plan(planned, found.unused, rules, options.library, executor.budget)
            _begin(plan, strict, listener)
            pipeline = _Pipeline(found.passes, plan, rules, options, executor, trace, listener)
            try:
                pipeline.do_all()
            except BaseException:
                with contextlib.suppress(HalodbError):  # the first error is the one to tell
                    pipeline.end(STOPPED)
                raise
            return pipeline.end()


def _begin(plan: Plan, strict: bool, listener: Listener) -> None:
    """Say what is about to be done, and what may go wrong."""
    for line in lines_of(plan):
        _LOG.info("%s", line)
    listener.planned(plan)
    for warning in warnings_of(plan):
        _LOG.warning("%s", warning)
        listener.message(warning)
    if strict and plan.disk_is_short:
        raise DiskFullError(
            f"{format_bytes(plan.disk_needed)} are expected to be needed, {format_bytes(plan.disk_free)} are free.",
            "Nothing was begun. Free some room, choose another disk, or leave --strict out.",
        )


def _planned(passes: Sequence[Pass], executor: Executor, options: RunOptions, listener: Listener) -> list[PlannedPass]:
    return plan_passes(
        passes,
        executor,
        options.limits,
        estimated=lambda one: one.rows >= WORTH_AN_ESTIMATE,
        listener=listener,
        place=options.library if executor.patience else None,
    )


class _Pipeline:
    """A run under way. The caller holds the library."""

    def __init__(
        self,
        passes: Sequence[Pass],
        plan: Plan,
        rules: RuleSet,
        options: RunOptions,
        executor: Executor,
        trace: MemoryTrace,
        listener: Listener,
    ) -> None:
        self._passes = passes
        self._rules = rules
        self._options = options
        self._executor = executor
        self._trace = trace
        self._listener = listener
        self._began_at = datetime.now(UTC)
        self._began = time.monotonic()
        self._peak_memory = 0
        self._earlier = earlier_runs(read_report(options.library), read_record(options.library))
        self._summaries: list[PassSummary] = []
        self._recorder = Recorder(options.library, plan, options.temp_directory, self._began_at)

    @property
    def _budget(self) -> WorkerBudget:
        """As it is now: a cluster grows and shrinks."""
        return self._executor.budget

    def do_all(self) -> None:
        """Do the passes, one after another."""
        planned = self._recorder.record.plan.passes
        for number, (one, plan) in enumerate(zip(self._passes, planned, strict=True), 1):
            later = sum(other.seconds or 0.0 for other in planned[number:])
            try:
                self._do(one, f"{number} of {len(planned)}", later)
            except DiskFullError as error:
                raise self._with_need(error, plan) from error
            self._tell_on_disk(self._report(GOING_ON))

    def end(self, outcome: str = "") -> PipelineReport:
        """Write down how it ended."""
        last = interrupted_pass(self._recorder.record)
        if last is not None:
            self._summaries.append(last)
        report = self._report(outcome)
        totals = report.totals
        _LOG.info(
            "%d of %d jobs done, %d failed, %d unique products", totals.done, totals.jobs, totals.failed, totals.unique
        )
        self._tell_on_disk(report, page=True)
        self._recorder.end()
        return report

    def _tell_on_disk(self, report: PipelineReport, *, page: bool = False) -> None:
        """Write what tells of the run; where somebody has such a file open all the time, the run goes on without it."""
        library = self._options.library
        writes: list[Callable[[], None]] = [lambda: write_report(library, report), self._trace.write]
        if page:
            writes.append(lambda: write_page(library, report))
        for write in writes:
            try:
                write()
            except DiskFullError:
                raise
            except OutputError as error:
                warnings.warn(f"not written: {error.message}", HalodbWarning, stacklevel=2)

    def _do(self, one: Pass, place: str, later: float) -> None:
        """Try a pass until nothing fails, or it was tried often enough."""
        name = str(one.name)
        summary = PassSummary(input=name, rows=one.rows, jobs=len(one.job_names))
        self._budget.meter.restart_peak()
        failures: Failures = {}

        def show(progress: Progress) -> None:
            progress = changed(progress, place=place, later=later)
            self._recorder.progress(progress)
            self._listener.progress(progress)

        heard = Listener(progress=show, deduplicating=lambda: self._recorder.set(name, State.DEDUPLICATING))
        for again in range(self._options.retry + 1):
            one = refresh(one, self._options.library, self._rules, self._options.limits)
            self._tell(one)
            self._recorder.set(name, State.TRANSFORMING)
            failures = attempt(
                one,
                self._options,
                self._executor,
                summary,
                listener=heard,
            )
            if not failures:
                break
            for reason, count in Counter(str(error) for error in failures.values()).items():
                _LOG.error("%s: %d jobs failed: %s", name, count, reason)
            if again < self._options.retry:
                self._listener.message(f"{name}: {next(iter(failures.values()))} Trying again.")
        self._recorder.record.failures.update((job, str(error)) for job, error in failures.items())
        self._recorder.set(name, State.FAILED if failures else State.DONE)
        summary.peak_memory = self._budget.meter.peak
        self._peak_memory = max(self._peak_memory, summary.peak_memory)
        summary.finished = not failures
        if summary.attempts:
            self._summaries.append(summary)
            free = format_bytes(free_bytes(self._options.library))
            _LOG.info("%s: %d jobs failed, %s of disk free", name, len(failures), free)

    def _tell(self, one: Pass) -> None:
        """Say which jobs are made anew, and why."""
        anew: dict[tuple[str, str], list[str]] = {}
        for job in one.wanted:
            if job.state is State.STALE or (job.state is State.FOREIGN and self._options.replace):
                anew.setdefault((job.why, "made anew"), []).append(job.name)
            elif job.state is State.TRANSFORMING and job.why:
                anew.setdefault((job.why, "what is missing is made again"), []).append(job.name)
        for (why, what), names in anew.items():
            others = f" and {len(names) - 1} more" if len(names) > 1 else ""
            self._listener.message(f"{names[0]}{others} {why}; {what}.")

    def _with_need(self, error: DiskFullError, plan: PlannedPass) -> DiskFullError:
        """The same error with what the whole pass was expected to need, where that is known."""
        return disk_full(self._options.library, plan.disk_needed) if plan.sampled else error

    def _report(self, outcome: str = "") -> PipelineReport:
        failures = self._recorder.record.failures
        summary = RunSummary(
            began_at=self._began_at,
            seconds=round(time.monotonic() - self._began, 3),
            workers=self._budget.workers,
            memory_budget=self._budget.bytes,
            peak_memory=max(self._peak_memory, self._budget.meter.peak),
            outcome=outcome or (INCOMPLETE if failures else COMPLETE),
            passes=tuple(self._summaries),
        )
        runs = [*self._earlier, summary]
        manifests = list(load_manifests(self._options.library))
        asked = waiting_jobs(self._rules, [(one.name, one.job_names) for one in self._passes])
        return make_report(runs, passes_in_all(runs), manifests, asked, failures)
