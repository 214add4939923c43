"""What is told of a halogenation: what was read, and all that was left out."""

from __future__ import annotations

from collections.abc import Iterator

from halodb.halogenation.halogenate import HalogenateReport
from halodb.halogenation.parents import REJECTS_FILE, ParentsRecord
from halodb.halogenation.without_products import WITHOUT_PRODUCTS_FILE
from halodb.inputs import parse_input_name
from halodb.jobs.left_out import told_of_left_out
from halodb.reading.looks import look_of
from halodb.rules import read_rules

_MANY = 0.5
"""Share of rejects from which on a file was probably not read as it was meant."""

_COLUMNS_SHOWN = 12


def told_of(record: ParentsRecord) -> Iterator[str]:
    """Sentences for people, what matters most first."""
    first = record.first_reject
    if first and record.rejected > _MANY * record.rows:
        look, remedy = look_of(first.smiles or "", first.reason)
        yield f"WARNING: {record.rejected:,} of {record.rows:,} rows were left out.{look} {remedy}"
    rejects = ", ".join(f"{count:,} {reason}" for reason, count in record.rejects.items()) or "none"
    yield f"{record.rows:,} parents, {record.duplicates:,} duplicates, rejects: {rejects}"
    if first:
        yield f"All rejects with their lines are in {REJECTS_FILE}; the first: {first}"
    if record.columns:
        read = ", ".join(f"{what} from `{name}`" for what, name in record.columns.items())
        yield f"Columns: {read}{_ignored(record)}"
    if record.unknown_classes:
        told = ", ".join(f"{count:,} `{name}`" for name, count in record.unknown_classes.items())
        yield f"Rows of classes that the rules do not know (--unknown-class says where they go): {told}"
        yield from (f"  {sentence}" for sentence in record.first_unknown)
        more = sum(record.unknown_classes.values()) - len(record.first_unknown)
        if more > 0:
            yield f"  and {more:,} more"
    if record.changes:
        told = ", ".join(f"{count:,} {kind}" for kind, count in record.changes.items())
        yield f"Standardized (--no-standardize leaves them as they are): {told}; what they were is in given_smiles"
    if record.tags:
        yield "Tags: " + ", ".join(f"{count:,} {tag}" for tag, count in record.tags.items())
    if record.skipped:
        yield "Lines skipped: " + ", ".join(f"{count:,} {kind}" for kind, count in record.skipped.items())
    if record.spanning:
        yield f"Rows with a quoted field that goes on over several lines: {record.spanning:,}"


def told_of_products(report: HalogenateReport) -> Iterator[str]:
    """Sentences for people: what the mask and limits left out, and which parents gave nothing, input by input."""
    for name, counts in report.left_out.items():
        if left_out := told_of_left_out([counts]):
            yield f"{name}: {left_out}"
    for name, reasons in report.without_products.items():
        class_name, k = parse_input_name(name)
        for reason, count in reasons.items():
            many = "" if count == 1 else "s"
            yield f"{count:,} parent{many} of `{name if k else class_name}`: {reason}"
    transforms = read_rules()
    unused = [name for name in report.rows if not transforms.in_scope(parse_input_name(name).class_name)]
    rows = sum(report.rows[name] for name in unused)
    if rows:
        share = rows / sum(report.rows.values())
        yield f"No shipped transform is in scope for {', '.join(unused)}: {rows:,} rows, {share:.0%} of all"
    if report.without_products:
        yield f"All parents that gave nothing are in {WITHOUT_PRODUCTS_FILE}"


def _ignored(record: ParentsRecord) -> str:
    if not record.ignored:
        return ""
    shown = ", ".join(record.ignored[:_COLUMNS_SHOWN])
    more = len(record.ignored) - _COLUMNS_SHOWN
    return f"; kept beside: {shown}" + (f" and {more:,} more" if more > 0 else "")
