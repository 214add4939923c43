"""What the older program left is shown with its size, and removed when that is asked for."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import halodb as package
from halodb.cleaning import Kind
from tests.conftest import NH2, OME, Run

SQLITE = b"SQLite format 3\0" + b"x" * 4080


def littered(phenol_library: Path, directory: Path) -> tuple[Path, dict[Path, Kind]]:
    """A library with debris, and what of it is what; all else must stay."""
    library = Path(shutil.copytree(phenol_library / "library", directory / "library"))
    whole = (library / OME / "products.parquet").read_bytes()
    foreign = "polyphenol-2X_FG_PHENOL_OH__OH__TO__NH2_BATCHED"
    files = {
        Path("dedup.db"): (SQLITE, Kind.OLDER),
        Path("dedup.db-wal"): (b"w" * 1000, Kind.OLDER),
        Path("dedup.db-shm"): (b"s" * 10, Kind.OLDER),
        Path(NH2) / "products_dedup.db": (SQLITE, Kind.OLDER),
        Path(foreign) / "seen.db-wal": (b"w", Kind.OLDER),  # its database is gone
        Path(foreign) / "products.parquet": (whole[:-9], Kind.HALF_WRITTEN),
        Path(foreign) / "batches" / "batch_7.parquet": (b"", Kind.HALF_WRITTEN),
        Path(OME) / "products.aside-1.parquet": (whole, Kind.ASIDE),
        Path("mine.db"): (SQLITE, None),
        Path("mine.db-wal"): (b"mine", None),
        Path("notes.parquet"): (whole, None),
        Path(foreign) / "log.txt": (b"mine", None),
    }
    for name, (content, _) in files.items():
        (library / name).parent.mkdir(parents=True, exist_ok=True)
        (library / name).write_bytes(content)
    return library, {name: kind for name, (_, kind) in files.items() if kind is not None}


def all_files(library: Path) -> set[Path]:
    found = {Path(base) / name for base, _, names in os.walk(library) for name in names}
    return {path.relative_to(library) for path in found if not path.name.startswith(".halodb")}


def test_debris_is_shown_with_its_size_and_removed_when_asked(
    halodb: Run, phenol_library: Path, tmp_path: Path
) -> None:
    library, debris = littered(phenol_library, tmp_path)
    before = all_files(library)
    found = package.find_leftovers(library)
    assert found.waste == ()
    shown = {path.relative_to(library): waste.kind for waste in found.offered for path in waste.files}
    assert shown == debris
    assert sum(waste.bytes for waste in found.offered) == sum((library / name).stat().st_size for name in debris)
    done = halodb("clean", library, "--yes")
    assert done.returncode == 0, done.stderr
    assert all_files(library) == before
    assert "kept: databases of the older program" in done.stderr
    assert "5.1 kB" in done.stderr
    done = halodb("clean", library, "--yes", "--debris")
    assert "half-written Parquet files" in done.stderr
    assert all_files(library) == before - set(debris)


def test_options_of_the_older_program_are_answered(halodb: Run, tmp_path: Path) -> None:
    for arguments, answer in (
        (("run", tmp_path, "-i", tmp_path, "--flush-interval", 5000), "--memory SIZE"),
        (("transform", tmp_path, "-l", tmp_path, "--batch-size=2000"), "into units"),
        (("halogenate", tmp_path, "--target-memory", 70.0), "--memory 50%"),
    ):
        done = halodb(*arguments)
        assert done.returncode == 2
        assert "is of the older program" in done.stderr
        assert answer in done.stderr
        assert len(done.stderr.splitlines()) == 1
