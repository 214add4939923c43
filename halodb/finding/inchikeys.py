"""The products that have some InChIKeys."""

from __future__ import annotations

from collections.abc import Collection

from rdkit import Chem
from rdkit.Chem.rdinchi import MolToInchiKey

from halodb.engine import run_statement
from halodb.errors import UsageError
from halodb.files import format_seconds
from halodb.library import Library
from halodb.workers.listener import Listener

_MOST_COMPUTED = 1_000_000
"""Products, seven minutes."""
_SECONDS_A_KEY = 0.0004
_WORTH_TELLING = 10.0
_AT_A_TIME = 10_000


def smiles_of_inchikeys(library: Library, wanted: Collection[str], listener: Listener) -> dict[str, set[str]]:
    """The SMILES of the products that have some InChIKeys, by these; none where no product has one.

    Where an index has InChIKeys they are looked up. Elsewhere nothing but the molecule itself tells, so those of all
    other products are computed.

    Raises:
        UsageError: there are too many products.
    """
    found: dict[str, set[str]] = {key: set() for key in wanted}
    for key, smiles in run_statement(library.connection, "find/by_inchikey", {"keys": sorted(wanted)}).fetchall():
        found[key].add(smiles)
    (rows,) = run_statement(library.connection, "find/how_many").fetchall()[0]
    seconds = format_seconds(rows * _SECONDS_A_KEY)
    if rows > _MOST_COMPUTED:
        raise UsageError(
            f"to compute the InChIKeys of {rows:,} products would take {seconds}.",
            f"Give the SMILES instead, or note them with `halodb index --inchikeys {library.path}`.",
        )
    if rows * _SECONDS_A_KEY > _WORTH_TELLING:
        listener.message(f"computing the InChIKeys of {rows:,} products, about {seconds}")
    products = run_statement(library.connection, "find/all_smiles")
    while batch := products.fetchmany(_AT_A_TIME):
        for (smiles,) in batch:
            molecule = Chem.MolFromSmiles(smiles or "")
            key = MolToInchiKey(molecule) if molecule is not None else ""
            if key in found:
                found[key].add(smiles)
    return found
