"""The end of a pass: what its units counted goes into the manifests, if it is all of the input."""

from __future__ import annotations

from collections.abc import Sequence

from halodb.errors import LibraryError
from halodb.files import until_seen
from halodb.jobs import Counts, Manifest
from halodb.jobs.made import missing_rows
from halodb.jobs.manifest import write_manifest
from halodb.jobs.state import State
from halodb.transformation.pass_plan import PassPlan, made_so_far
from halodb.units import Unit


def finish_pass(
    plan: PassPlan, manifests: dict[str, Manifest], seconds: float, peak_memory: int, patience: float = 0.0
) -> None:
    """Write what the units counted into the manifests: the jobs are transformed.

    Args:
        plan: of the pass.
        manifests: of its jobs, by name; replaced.
        seconds: that the pass took.
        peak_memory: bytes.
        patience: seconds in which receipts and shards of other machines come to be seen.

    Raises:
        InputError: the input was replaced since the first unit: by now nothing of it may count.
        LibraryError: receipts or shards are missing.
    """
    plan.check_unchanged()
    until_seen(lambda: _is_complete(plan, manifests), patience)
    counts = {fingerprint: Counts() for fingerprint in plan.fingerprints}
    worker_seconds = dict.fromkeys(plan.fingerprints, 0.0)
    units: dict[str, list[Unit]] = {fingerprint: [] for fingerprint in plan.fingerprints}
    for receipt, made in made_so_far(plan):
        units[made.fingerprint].append(receipt.unit)
        count = counts[made.fingerprint]
        worker_seconds[made.fingerprint] += receipt.seconds
        count.parents += receipt.parents
        count.matched += made.matched
        count.sites += made.sites
        count.products += made.products
        for reason, number in made.rejects.items():
            count.rejects[reason] = count.rejects.get(reason, 0) + number
        for what, number in made.left_out.items():
            count.left_out[what] = count.left_out.get(what, 0) + number
    for job, fingerprint in zip(plan.jobs, plan.fingerprints, strict=True):
        manifest = manifests[job.name]
        _check_complete(manifest, units[fingerprint], counts[fingerprint])
        manifests[job.name] = manifest.moved(
            State.TRANSFORMED,
            counts=counts[fingerprint],
            transform_seconds=round(manifest.transform_seconds + seconds, 3),
            worker_seconds=round(worker_seconds[fingerprint], 3),
            peak_memory=max(manifest.peak_memory, peak_memory),
        )
        write_manifest(job.directory, manifests[job.name])


def _is_complete(plan: PassPlan, manifests: dict[str, Manifest]) -> bool:
    """Whether every row of every job is answered for, as far as is to be seen here."""
    units: dict[str, list[Unit]] = {fingerprint: [] for fingerprint in plan.fingerprints}
    for receipt, made in made_so_far(plan):
        units[made.fingerprint].append(receipt.unit)
    of_jobs = zip(plan.jobs, plan.fingerprints, strict=True)
    return not any(missing_rows(manifests[job.name], units[fingerprint]) for job, fingerprint in of_jobs)


def _check_complete(manifest: Manifest, units: Sequence[Unit], counts: Counts) -> None:
    """Every row of the input must be answered for by a receipt whose shards are there: files may have vanished."""
    missing = missing_rows(manifest, units)
    if missing or manifest.parents_expected not in {None, counts.parents}:
        rows = f"rows {missing[0].start:,} to {missing[0].stop:,}" if missing else "some rows"
        raise LibraryError(
            f"{manifest.job}: receipts or shards of {rows} of {manifest.input.path} have vanished or are damaged.",
            "Something else removes files of the library? Run again: only what is missing is made again.",
        )
