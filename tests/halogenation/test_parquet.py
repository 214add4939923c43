"""Parquet files of parents and of inputs, as all kinds of writers make them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from halodb.errors import InputError
from halodb.inputs import open_input, read_smiles, slices
from tests.halogenation.files import read_file


def damaged_strings() -> pa.Array[Any]:
    """`CCO`, two bytes that are not UTF-8, `CCN`."""
    offsets = pa.array([0, 3, 5, 8], pa.int32()).buffers()[1]
    return pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"CCOC\xe9CCN")])


def written(directory: Path, table: pa.Table, name: str = "parents.parquet") -> Path:
    file = directory / name
    file.parent.mkdir(exist_ok=True)
    pq.write_table(table, file)
    return file


def input_of(directory: Path, table: pa.Table) -> Path:
    return written(directory, table, "polyphenol-1X/products.parquet")


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
)
def test_text_in_all_of_arrows_ways(tmp_path: Path, kind: pa.DataType) -> None:
    column: pa.Array[Any] = pa.array(["CCO", None, "CCN"])
    column = column.dictionary_encode() if pa.types.is_dictionary(kind) else column.cast(kind)
    table = pa.table({"SMILES": column, "id": [1, 2, 3], "class": pa.nulls(3)})
    assert read_file(written(tmp_path, table)).pairs == [("CCO", "1"), (None, "2"), ("CCN", "3")]
    file = input_of(tmp_path, pa.table({"smiles": column}))
    assert list(read_smiles(open_input(file).path, 0, 3)) == ["CCO", None, "CCN"]


def test_bytes_that_are_not_utf_8_make_a_reject(tmp_path: Path) -> None:
    found = read_file(written(tmp_path, pa.table({"smiles": damaged_strings()})))
    assert found.pairs == [("CCO", None), ("CCN", None)]
    assert found.rows[1].reject == r"text that is not UTF-8: C\xe9"
    found = read_file(written(tmp_path, pa.table({"smiles": ["C", "N", "O"], "name": damaged_strings()})))
    assert found.pairs == [("C", "CCO"), ("O", "CCN")]
    for column in (damaged_strings(), damaged_strings().dictionary_encode(), damaged_strings().cast(pa.string_view())):
        assert slices.texts_of(column, "replace")[::2] == ["CCO", "CCN"]
    file = input_of(tmp_path, pa.table({"smiles": damaged_strings()}))
    assert list(read_smiles(file, 0, 3)) == ["CCO", r"C\xe9", "CCN"]


@pytest.mark.parametrize(
    "column", [pa.array([b"C"]), pa.array([1]), pa.nulls(1), pa.array([["C"]]), pa.array([{"a": "C"}])]
)
def test_a_column_of_smiles_that_is_no_text_is_refused(tmp_path: Path, column: pa.Array[Any]) -> None:
    with pytest.raises(InputError, match="not text"):
        read_file(written(tmp_path, pa.table({"smiles": column})))
    with pytest.raises(InputError, match="not text"):
        open_input(input_of(tmp_path, pa.table({"smiles": column})))


@pytest.mark.parametrize("names", [["smiles", "smiles"], ["smiles", "SMILES"], ["Smiles", "smiles"]])
def test_two_columns_of_one_name_are_refused(tmp_path: Path, names: list[str]) -> None:
    table = pa.Table.from_arrays([pa.array(["C"]), pa.array(["N"])], names=names)
    with pytest.raises(InputError, match="2 columns"):
        read_file(written(tmp_path, table))
    with pytest.raises(InputError, match="2 columns"):
        open_input(input_of(tmp_path, table))


def test_metadata_that_are_no_text(tmp_path: Path) -> None:
    table = pa.table({"smiles": ["C"]}).replace_schema_metadata({b"halodb.rdkit": b"\xff\xfe"})
    assert open_input(input_of(tmp_path, table)).canonical_by == "��"


def test_a_name_that_is_no_text_is_left_out(tmp_path: Path) -> None:
    found = read_file(written(tmp_path, pa.table({"smiles": ["C"], "name": [["x"]]})))
    assert found.pairs == [("C", None)]
    assert found.tally.ignored == ["name"]


def test_long_rows_come_in_small_batches(tmp_path: Path) -> None:
    long = ["C" * 200_000 + str(number) for number in range(40)]
    file = written(tmp_path, pa.table({"smiles": long}))
    sizes = [batch.nbytes for batch in batches(file, 40)]
    assert max(sizes) < 2 * 1024**2
    assert sum(sizes) > 40 * 200_000


def test_usual_rows_come_in_batches_of_the_usual_size(tmp_path: Path) -> None:
    file = written(tmp_path, pa.table({"smiles": [f"{'C' * (number % 70)}O" for number in range(20_000)]}))
    assert len(next(batches(file, 20_000))) == slices._BATCH_ROWS


def batches(file: Path, rows: int) -> Iterator[pa.RecordBatch]:
    return slices.read_rows(file, 0, rows, ["smiles"])


def test_rows_of_any_slice(tmp_path: Path) -> None:
    file = tmp_path / "parents.parquet"
    pq.write_table(pa.table({"smiles": [str(number) for number in range(100)]}), file, row_group_size=7)
    assert list(read_smiles(file, 20, 45)) == [str(number) for number in range(20, 45)]
