"""Receipts: a unit's last write, a small JSON file with what it made for each job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from halodb.documents import BareName, Document, read_whole_document, write_document
from halodb.errors import LibraryError
from halodb.files import digest, read_error, short_digest
from halodb.inputs.analogues import AS_GIVEN
from halodb.units.unit import Unit


class ShardRecord(BaseModel):
    """A file as it was written: name, rows, size in bytes, and the BLAKE2b digest of its bytes."""

    model_config = ConfigDict(frozen=True)

    file: BareName
    rows: int
    bytes: int
    digest: str

    @classmethod
    def of(cls, written: Path, rows: int, name: str) -> ShardRecord:
        """The record of a file that is written and about to get its name."""
        return cls(file=name, rows=rows, bytes=written.stat().st_size, digest=digest(written))

    def is_there(self, directory: Path) -> bool:
        """Whether the file is in the directory with the size it was written with.

        Raises:
            LibraryError: the directory cannot be looked at; that it is not there is no error.
        """
        file = directory / self.file
        try:
            return file.stat().st_size == self.bytes
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise _unreadable(error, file) from error

    def is_whole(self, directory: Path) -> bool:
        """Whether the file has the very bytes that were written.

        Raises:
            LibraryError: the file is there and cannot be read.
        """
        try:
            return self.is_there(directory) and digest(directory / self.file) == self.digest
        except OSError as error:
            raise _unreadable(error, directory / self.file) from error


class JobReceipt(BaseModel):
    """What a unit made for one job.

    Attributes:
        job: name of the job.
        fingerprint: of the job's input, rules and engine; a receipt of another fingerprint does not count.
        matched: parents with one site or more.
        sites: sites in all.
        products: rows in the shards.
        rejects: rows in the reject shard, by reason.
        shards: files with products, in the job's shard directory.
        reject_shard: the file with rejects, where there are any.
        left_out: what the sugar mask and limits left out, by `<what>: <rule>`; not there in older receipts.
    """

    model_config = ConfigDict(frozen=True)

    job: BareName
    fingerprint: str
    matched: int
    sites: int
    products: int
    rejects: dict[str, int]
    shards: tuple[ShardRecord, ...]
    reject_shard: ShardRecord | None = None
    left_out: dict[str, int] = Field(default_factory=dict)

    @property
    def files(self) -> tuple[ShardRecord, ...]:
        """All files that the unit wrote for the job."""
        return self.shards if self.reject_shard is None else (*self.shards, self.reject_shard)

    def is_there(self, shards: Path) -> bool:
        """Whether all its files are in the job's shard directory; a receipt counts only then."""
        return all(file.is_there(shards) for file in self.files)


class Receipt(Document):
    """A unit is done when its receipt is there. Seconds in all, and of these the ones spent on its last shards.

    `start` and `stop` are places in the order in which its pass takes the rows of the input: units of two orders say
    nothing of each other.

    Attributes:
        order: name of that order, see `inputs.analogues`; receipts of version 1 know the input's own alone.
        early_shards: of its shards, those that were written because memory was short.
        in_row_order: the rows of its shards, one shard after the other, ascend by (parent_row, site, rule, smiles).
    """

    newest: ClassVar[int] = 2

    model_config = ConfigDict(frozen=True)

    start: int
    stop: int
    parents: int
    seconds: float
    writing_seconds: float = 0.0
    worker: int
    order: str = AS_GIVEN
    in_row_order: bool = False
    early_shards: int = 0
    jobs: tuple[JobReceipt, ...]

    @property
    def unit(self) -> Unit:
        """The rows that this receipt answers for, by their places in its order."""
        return Unit(self.start, self.stop)


def write_receipt(directory: Path, receipt: Receipt) -> None:
    """Write a receipt under a name made of its rows and jobs: a unit that is run again replaces its own receipt."""
    file = receipt_file(directory, receipt.unit, ((job.job, job.fingerprint) for job in receipt.jobs))
    write_document(file, receipt, indent=None)


def receipt_file(directory: Path, unit: Unit, jobs: Iterable[tuple[str, str]]) -> Path:
    """The receipt of a unit for some jobs, each with its fingerprint."""
    tag = short_digest(*sorted(f"{job} {fingerprint}" for job, fingerprint in jobs))
    return directory / f"{unit.name}.{tag}.json"


def read_receipt(path: Path) -> Receipt | None:
    """A receipt; None for one that is gone or damaged, which is as good as none: its unit runs again.

    Raises:
        NewerVersionError: a newer halodb wrote it.
        LibraryError: the file is there and the system does not let it be read.
    """
    return read_whole_document(path, Receipt)


def load_receipts(directory: Path) -> Iterator[Receipt]:
    """All receipts in a directory that can be read, in the order of their rows.

    Raises:
        LibraryError: the directory or a receipt is there and cannot be read, or a newer halodb wrote it.
    """
    try:
        paths = sorted(path for path in directory.iterdir() if path.suffix == ".json")
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unreadable(error, directory) from error
    for path in paths:
        receipt = read_receipt(path)
        if receipt is not None:
            yield receipt


def load_made(directory: Path, shards: Mapping[str, Path]) -> Iterator[tuple[Receipt, JobReceipt]]:
    """What units made for some jobs, as far as all its files are there; each row of the input once a job.

    A unit that was run again for some of its jobs has two receipts: both name the shards of these jobs, which are the
    same files. Where an input was cut in another way meanwhile, a unit that overlaps an earlier one does not count; nor
    does one whose rows are in another order than those of the job's first unit.

    Args:
        directory: of the receipts.
        shards: the shard directory of each job, by its fingerprint.

    Raises:
        LibraryError: a receipt or a shard is there and cannot be looked at, or a newer halodb wrote the receipt.
    """
    covered = dict.fromkeys(shards, 0)
    orders: dict[str, str] = {}
    for receipt in load_receipts(directory):
        for made in receipt.jobs:
            job, place = made.fingerprint, shards.get(made.fingerprint)
            if place is None or receipt.start < covered[job] or not made.is_there(place):
                continue
            if orders.setdefault(job, receipt.order) == receipt.order:
                covered[job] = receipt.stop
                yield receipt, made


def _unreadable(error: OSError, path: Path) -> LibraryError:
    return LibraryError(read_error(error, path), "Look at the disk, then run the command again.")
