"""Paths that Windows would refuse are told before a run begins."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import halodb
from halodb.errors import UsageError
from halodb.jobs.paths import refuse_long_paths
from tests.conftest import OME, make_input

LONGEST = 259


def deep(length: int) -> str:
    """A library whose path has so many characters."""
    return "C:\\" + "l" * (length - 3)


def longest_below(library: Path) -> int:
    return max(len(str(path.relative_to(library))) for path in library.rglob("*"))


def test_the_edge() -> None:
    last = max(length for length in range(10, LONGEST) if fits(deep(length)))
    assert all(fits(deep(length)) for length in range(10, last))
    assert not any(fits(deep(length)) for length in range(last + 1, LONGEST))
    with pytest.raises(UsageError, match="at least 7 characters shorter") as refused:
        refuse_long_paths(deep(last + 7), [OME])
    assert OME in str(refused.value)
    assert f"{LONGEST + 7} characters" in str(refused.value)
    refuse_long_paths(deep(last + 7), ["polyphenol-1X_SHORT"])
    refuse_long_paths("\\\\?\\" + deep(last + 7), [OME])  # the name of a file for which there is no limit


def fits(library: str) -> bool:
    try:
        refuse_long_paths(library, ["lipid-1X_A", OME])
    except UsageError:
        return False
    return True


def test_characters_are_counted_as_windows_does() -> None:
    last = max(length for length in range(10, LONGEST) if fits(deep(length)))
    assert fits(deep(last - 1)[:-1] + "é")
    assert not fits(deep(last)[:-1] + "\N{TEST TUBE}")


def test_no_file_of_a_real_library_is_longer_than_what_is_reckoned_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Temporary names included, and parents that are regrouped."""
    monkeypatch.setattr("halodb.inputs.regroup._LARGEST_ROW_GROUP", 2)
    seen: list[Path] = []
    plain = Path.replace

    def replace(path: Path, target: Path) -> Path:
        seen.append(path)
        return plain(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    source = make_input(tmp_path, ["Oc1ccccc1", "CCO", "Cc1ccccc1O"], row_group=3)
    library = tmp_path / "library"
    halodb.transform(source, library, rules=[OME.partition("_")[2]], workers=1)
    assert any("parents." in path.name for path in seen)
    halodb.dedup(library, keep_shards=True)
    longest = max(
        longest_below(library), *(len(str(path.relative_to(library))) for path in seen if library in path.parents)
    )
    with pytest.raises(UsageError) as refused:
        refuse_long_paths(deep(LONGEST), [OME])
    (told,) = re.findall(r"paths of (\d+) characters", str(refused.value))
    assert longest <= int(told) - LONGEST - 1
