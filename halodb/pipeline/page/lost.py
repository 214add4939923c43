"""What was lost: rejects by reason, with some of their molecules."""

from __future__ import annotations

from rdkit import rdBase

from halodb.drawing.entries import Entry
from halodb.drawing.page import Drawing
from halodb.engine import run_statement
from halodb.errors import reason_of
from halodb.library import Library
from halodb.pictures.depict import picture_of
from halodb.pictures.pair import Pair, read
from halodb.pipeline.page.looks import Lost
from halodb.pipeline.page.time import Time
from halodb.pipeline.report import PipelineReport

_MOST_REASONS = 12
_EXAMPLES = 3
_MOST_ATOMS = 150
_LONGEST = 4 * _MOST_ATOMS
_NOT_READ, _TOO_LARGE = "RDKit reads no molecule in it", "too large to be drawn here"


def lost_molecules(library: Library, report: PipelineReport, time: Time) -> tuple[Lost, ...]:
    """Rejects by reason, the most frequent first, with some molecules while there is time."""
    counts = sorted(report.totals.rejects.items(), key=lambda each: (-each[1], each[0]))
    found = []
    for number, (reason, count) in enumerate(counts):
        if number >= _MOST_REASONS or time.is_over:
            found.append(Lost(reason, count))
            continue
        parameters = {"reason": reason, "rows": _EXAMPLES}
        rows = run_statement(library.connection, "report/rejects", parameters).fetchall()
        drawings = [_drawing(smiles or "", site, why, f"{name}, row {row}") for smiles, site, why, name, row in rows]
        found.append(Lost(reason, count, tuple(drawings)))
    return tuple(found)


def _drawing(smiles: str, site: int | None, why: str, name: str) -> Drawing:
    """A rejected molecule with the site marked."""
    entry = Entry(smiles, name, why)
    if len(smiles) > _LONGEST:
        return Drawing(entry, reason=_TOO_LARGE)
    with rdBase.BlockLogs():
        molecule = read(smiles)
    if molecule is None or molecule.GetNumAtoms() > _MOST_ATOMS:
        return Drawing(entry, reason=_NOT_READ if molecule is None else _TOO_LARGE)
    marked = frozenset({site} if site is not None and site < molecule.GetNumAtoms() else ())
    try:
        return Drawing(entry, product=picture_of(Pair(molecule, changed=marked)))
    except (ValueError, RuntimeError) as error:  # what RDKit raises of a molecule
        return Drawing(entry, reason=reason_of(error))
