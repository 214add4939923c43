"""Statistics as a file: the long table as CSV, TSV or Parquet, or the report as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyarrow as pa

from halodb.errors import UsageError
from halodb.exporting.export import target_of
from halodb.exporting.form import Kind
from halodb.exporting.parts import ParquetPart, TextPart
from halodb.statistics.report import LONG_COLUMNS, StatsReport

_TYPES: tuple[pa.DataType, ...] = (pa.string(), pa.string(), pa.string(), pa.float64(), pa.int64(), pa.bool_())


def checked_output(file: Path, replace: bool) -> Callable[[StatsReport], None]:
    """What writes statistics to a file, whose place and ending are looked at before there are any.

    Raises:
        UsageError: the name tells no format, or one of molecules.
        OutputError: something is there already, or nothing can be written there.
    """
    target, _ = target_of(file, coordinates="2d", split=None, replace=replace)
    if target.form.of_molecules:
        raise UsageError(f"{file.name} would be of molecules.", "Let it end with .csv, .tsv, .json or .parquet.")

    def write(report: StatsReport) -> None:
        with target.place() as place:
            if target.form.kind is Kind.PARQUET:
                schema = pa.schema(list(zip(LONG_COLUMNS, _TYPES, strict=True)))
                rows = [dict(zip(LONG_COLUMNS, row, strict=True)) for row in report.long_rows()]
                table = ParquetPart(place, schema)
                table.write(pa.Table.from_pylist(rows, schema=schema))
                table.close()
                return
            text = TextPart(place, compressed=target.form.compressed)
            text.write([_TEXTS[target.form.kind](report).encode()])
            text.close()

    return write


def as_csv(report: StatsReport, delimiter: str = ",") -> str:
    """The long table as text."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(LONG_COLUMNS)
    for table, item, statistic, value, of, sampled in report.long_rows():
        writer.writerow((table, item, statistic, f"{value:.10g}", of, str(sampled).lower()))
    return text.getvalue()


def as_json(report: StatsReport) -> str:
    """The report as JSON."""
    return report.model_dump_json(indent=2) + "\n"


_TEXTS: dict[Kind, Callable[[StatsReport], str]] = {
    Kind.CSV: as_csv,
    Kind.TSV: partial(as_csv, delimiter="\t"),
    Kind.JSON: as_json,
}
