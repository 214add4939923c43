"""`halodb find`: whether and where compounds are in a library."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rdkit import Chem, rdBase

from halodb.chemistry.writings import writings_of
from halodb.engine import run_statement
from halodb.errors import UsageError
from halodb.finding.asked import ProductId, kind_of, parse_id
from halodb.finding.inchikeys import smiles_of_inchikeys
from halodb.finding.origins import with_origins
from halodb.finding.report import Answer, FindReport, Hit, Kind
from halodb.library import Library, open_library
from halodb.memory import DEFAULT_BUDGET
from halodb.workers.listener import SILENT, Listener

_NOT_A_MOLECULE = "RDKit reads no molecule in it"
_NO_SUCH_ROW = "no row of the library has this id; another library wrote it, or its job was made anew since"

Placed = tuple[Hit, int]
"""A row of `products`, and its number in the file of its job."""


def find(
    library: Path | str,
    queries: Sequence[str],
    *,
    memory: str | int = DEFAULT_BUDGET,
    temp_directory: Path | str | None = None,
    listener: Listener = SILENT,
) -> FindReport:
    """Whether and where compounds are in a library, with what they were made of.

    A SMILES may be written in any way: RDKit canonicalizes it, and of the few molecules that have several canonical
    SMILES all are looked for. An id is looked up in its row. An InChIKey is looked up where `halodb index --inchikeys`
    noted it; elsewhere the keys of all products are computed, 0.4 ms each, which is refused for more than a million.

    Args:
        library: directory of the library.
        queries: ids (the column `id` of the view `products`), InChIKeys and SMILES, mixed.
        memory: budget of this process: `50%` (of RAM), `16GB` or `16GiB`.
        temp_directory: where DuckDB spills; in the library by default.
        listener: told when it takes long.

    Raises:
        LibraryError: there is no library.
        UsageError: nothing was asked for, or an InChIKey of a large library without them.
        DiskFullError, QueryError: no room to spill, or not enough memory.

    Example:
        >>> halodb.find("library", ["COc1ccc(F)cc1"]).answers[0].hits[0].id  # doctest: +SKIP
        'polyphenol-1X_FG_PHENOL_OH__OH__TO__OMe.12.1.12'
    """
    started = time.monotonic()
    if not queries:
        raise UsageError("nothing is asked for.", "Give a SMILES, an InChIKey or an id, or a file of them with --file.")
    asked = [(query.strip(), kind_of(query.strip())) for query in queries]
    with open_library(library, memory=memory, temp_directory=temp_directory) as opened, rdBase.BlockLogs():
        run_statement(opened.connection, "find/keyed_rows_of_indexes" if opened.has_index else "find/keyed_rows")
        by_id = dict(_by_ids(opened, {text for text, kind in asked if kind is Kind.ID}))
        keys = _keys(opened, asked, listener)
        by_smiles = _by_smiles(opened, set().union(*keys.values()))
        found = [
            by_id.get(text, []) if kind is Kind.ID else [hit for key in sorted(keys[text]) for hit in by_smiles[key]]
            for text, kind in asked
        ]
        told = with_origins(opened.connection, {hit.id: hit for hits in found for hit, _ in hits})
    answers = [
        Answer(query=text, kind=kind, hits=_in_order(hits, told), problem=_problem(kind, hits, keys.get(text)))
        for (text, kind), hits in zip(asked, found, strict=True)
    ]
    return FindReport(library=str(library), answers=tuple(answers), seconds=round(time.monotonic() - started, 3))


def _keys(library: Library, asked: Iterable[tuple[str, Kind]], listener: Listener) -> dict[str, set[str]]:
    """The SMILES to look for, by what was asked; none where it is no molecule."""
    keys = {}
    for text in {text for text, kind in asked if kind is Kind.SMILES}:
        molecule = Chem.MolFromSmiles(text) if text else None
        keys[text] = writings_of(molecule) if molecule is not None and molecule.GetNumAtoms() else set()
    inchikeys = {text for text, kind in asked if kind is Kind.INCHIKEY}
    return keys | (smiles_of_inchikeys(library, inchikeys, listener) if inchikeys else {})


def _by_ids(library: Library, ids: Iterable[str]) -> Iterator[tuple[str, list[Placed]]]:
    """The rows of ids, job by job: of each file only what has them is read."""
    of_job: dict[tuple[str, int, str], list[tuple[str, ProductId]]] = defaultdict(list)
    for text in ids:
        parsed = parse_id(text)
        of_job[parsed.job].append((text, parsed))
    for (class_name, k, rule), wanted in of_job.items():
        rows = [parsed.row for _, parsed in wanted]
        parameters = {"class": class_name, "k": k, "rule": rule, "rows": rows}
        there = {row: hit for hit, row in _hits(library, "find/by_row", parameters)}
        for text, parsed in wanted:
            hit = there.get(parsed.row)
            if hit is not None and hit.id == text:
                yield text, [(hit, parsed.row)]


def _by_smiles(library: Library, keys: set[str]) -> dict[str, list[Placed]]:
    found: dict[str, list[Placed]] = defaultdict(list)
    if keys:
        for hit, row in _hits(library, "find/by_smiles", {"keys": sorted(keys)}):
            found[hit.smiles].append((hit, row))
    return found


def _hits(library: Library, statement: str, parameters: dict[str, Any]) -> Iterator[Placed]:
    for made, class_name, k, rule, label, smiles, parent_row, site, sources, row in run_statement(
        library.connection, statement, parameters
    ).fetchall():
        yield (
            Hit(
                id=made,
                job=f"{class_name}-{k}X_{rule}",
                class_name=class_name,
                k=k,
                rule=rule,
                label=label,
                smiles=smiles,
                parent_row=parent_row,
                site=site,
                sources=sources,
            ),
            row,
        )


def _in_order(hits: Iterable[Placed], told: dict[str, Hit]) -> tuple[Hit, ...]:
    return tuple(told[hit.id] for hit, _ in sorted(hits, key=lambda placed: (placed[0].job, placed[1])))


def _problem(kind: Kind, hits: Sequence[Placed], keys: set[str] | None) -> str | None:
    if hits:
        return None
    if kind is Kind.ID:
        return _NO_SUCH_ROW
    return _NOT_A_MOLECULE if kind is Kind.SMILES and not keys else None
