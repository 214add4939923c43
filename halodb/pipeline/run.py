"""`halodb run`: all passes, each transformed, deduplicated and verified, whatever becomes of the others."""

from __future__ import annotations

import contextlib
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace as changed
from datetime import UTC, datetime
from pathlib import Path

from halodb.errors import DiskFullError, HalodbError, HalodbWarning, OutputError
from halodb.files import disk_full
from halodb.jobs import load_manifests, writing
from halodb.memory import DEFAULT_BUDGET, MemoryMeter
from halodb.pipeline.attempt import Failures, PassOptions, attempt
from halodb.pipeline.page import write_page
from halodb.pipeline.passes import Pass, find_passes, refresh
from halodb.pipeline.plan import PlannedPass, make_plan, plan_pass
from halodb.pipeline.record import PassState, Recorder
from halodb.pipeline.report import (
    PassSummary,
    PipelineReport,
    RunSummary,
    make_report,
    read_report,
    waiting_jobs,
    write_report,
)
from halodb.pipeline.trace import MemoryTrace
from halodb.rules import RuleSet, read_rules
from halodb.transformation import Limits, Progress
from halodb.transformation.governor import Crew, assemble
from halodb.transformation.progress import OnProgress, ignore
from halodb.transformation.standing import Standing

_WORTH_AN_ESTIMATE = 20_000
"""Rows of an input; a smaller pass is done before anybody asks how long it takes."""

OnWord = Callable[[str], None]


def run(
    library: Path | str,
    inputs: Path | str,
    *,
    jobs: Sequence[str] = (),
    rule_file: Path | None = None,
    workers: int | None = None,
    memory: str = DEFAULT_BUDGET,
    temp_directory: Path | str | None = None,
    retry: int = 1,
    keep_shards: bool = False,
    replace: bool = False,
    limits: Limits | None = None,
    on_progress: OnProgress = ignore,
    on_word: OnWord = lambda _: None,
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
        memory: budget of the process tree: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where DuckDB spills; in the library by default.
        retry: how often a pass in which something failed is tried again; what is finished is not done again.
        keep_shards: leave the shards where they are.
        replace: also make the jobs whose directory holds a result that halodb did not make; that is set aside.
        limits: what one parent and one worker may take.
        on_progress: called about twice a second.
        on_word: called with a line for people now and then.

    Returns:
        The report, as it is in `transform_pipeline_report.json`; `failures` tells which jobs could not be done.

    Raises:
        UsageError: no job has such a name, or the budget cannot be understood.
        RuleFileError: the rule file is not valid.
        InputError: there is no input.
        LibraryError: another process is writing to the library.
        DiskFullError, OutputError: the library cannot be written to.
    """
    library, limits, rules = Path(library), limits or Limits(), read_rules(rule_file)
    passes = find_passes(library, Path(inputs), rules, jobs, limits)
    options = PassOptions(library, limits, Path(temp_directory) if temp_directory else None, keep_shards, replace)
    with writing(library):
        trace = MemoryTrace(library)
        with MemoryMeter(on_sample=trace.add) as meter:
            crew = assemble(meter, workers, memory)
            pipeline = _Pipeline(passes, rules, options, crew, trace, retry, on_progress, on_word)
            try:
                pipeline.do_all()
            except BaseException:
                with contextlib.suppress(HalodbError):  # the first error is the one to tell
                    pipeline.end()
                raise
            return pipeline.end()


class _Pipeline:
    """A run under way. The caller holds the library."""

    def __init__(
        self,
        passes: Sequence[Pass],
        rules: RuleSet,
        options: PassOptions,
        crew: Crew,
        trace: MemoryTrace,
        retry: int,
        on_progress: OnProgress,
        on_word: OnWord,
    ) -> None:
        self._passes = passes
        self._rules = rules
        self._options = options
        self._crew = crew
        self._trace = trace
        self._retry = retry
        self._on_progress = on_progress
        self._on_word = on_word
        self._began_at = datetime.now(UTC)
        self._began = time.monotonic()
        self._peak_memory = 0
        earlier = read_report(options.library)
        self._summaries = {one.input: one for one in earlier.passes} if earlier else {}
        planned = [plan_pass(one, crew, options.limits, estimated=one.rows >= _WORTH_AN_ESTIMATE) for one in passes]
        self._recorder = Recorder(
            options.library, make_plan(planned, rules, options.library, crew), options.temp_directory
        )

    def do_all(self) -> None:
        """Do the passes, one after another."""
        planned = self._recorder.record.plan.passes
        for number, (one, plan) in enumerate(zip(self._passes, planned, strict=True), 1):
            try:
                self._do(one, f"{number}/{len(planned)} ")
            except DiskFullError as error:
                raise self._with_need(error, plan) from error
            self._tell_on_disk(self._report())

    def end(self) -> PipelineReport:
        """Write down how it ended."""
        report = self._report()
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

    def _do(self, one: Pass, prefix: str) -> None:
        """Try a pass until nothing fails, or it was tried often enough."""
        name = str(one.name)
        summary = PassSummary(input=name, rows=one.rows, jobs=len(one.job_names))
        self._crew.meter.restart_peak()
        failures: Failures = {}

        def show(moment: Progress) -> None:
            moment = changed(moment, title=prefix + moment.title)
            self._recorder.progress(moment)
            self._on_progress(moment)

        for again in range(self._retry + 1):
            one = refresh(one, self._options.library, self._rules, self._options.limits)
            self._tell(one)
            self._recorder.set(name, PassState.TRANSFORMING)
            failures = attempt(
                one,
                self._options,
                self._crew,
                summary,
                on_progress=show,
                on_dedup=lambda: self._recorder.set(name, PassState.DEDUPLICATING),
            )
            if not failures:
                break
            if again < self._retry:
                self._on_word(f"{name}: {next(iter(failures.values()))} Trying again.")
        self._recorder.record.failures.update((job, str(error)) for job, error in failures.items())
        self._recorder.set(name, PassState.FAILED if failures else PassState.DONE)
        summary.peak_memory = self._crew.meter.peak
        self._peak_memory = max(self._peak_memory, summary.peak_memory)
        if summary.attempts:
            self._summaries[name] = summary

    def _tell(self, one: Pass) -> None:
        """Say which jobs are made anew, and why."""
        anew: dict[str, list[str]] = {}
        for job in one.wanted:
            if job.standing is Standing.CHANGED or (job.standing is Standing.FOREIGN and self._options.replace):
                anew.setdefault(job.why, []).append(job.job.name)
        for why, names in anew.items():
            others = f" and {len(names) - 1} more" if len(names) > 1 else ""
            self._on_word(f"{names[0]}{others} {why}; made anew.")

    def _with_need(self, error: DiskFullError, plan: PlannedPass) -> DiskFullError:
        """The same error with what the whole pass was expected to need, where that is known."""
        return disk_full(self._options.library, plan.disk_needed) if plan.sampled else error

    def _report(self) -> PipelineReport:
        summary = RunSummary(
            began_at=self._began_at,
            seconds=round(time.monotonic() - self._began, 3),
            workers=self._crew.workers,
            memory_budget=self._crew.budget,
            peak_memory=max(self._peak_memory, self._crew.meter.peak),
        )
        manifests = list(load_manifests(self._options.library))
        asked = waiting_jobs(self._rules, [(one.name, one.job_names) for one in self._passes])
        return make_report(summary, list(self._summaries.values()), manifests, asked, self._recorder.record.failures)
