"""Functions of a SMILES and a query: each query is read once, and one that RDKit cannot read is an error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rdkit import Chem, DataStructs
from rdkit.Chem import FilterCatalog
from rdkit.Chem.rdfiltercatalog import RunFilterCatalog
from rdkit.Chem.rdFingerprintGenerator import GetMorganGenerator

from halodb.errors import QueryError, did_you_mean
from halodb.functions.molecules import Compute, may_be_read, read_molecule

_MORGAN = GetMorganGenerator(radius=2, fpSize=1024)
_QUERIES = 256
_NO_MOLECULE = "no valid RDKit molecule"
"""What RunFilterCatalog says of a SMILES that it cannot read."""
_CATALOGS = FilterCatalog.FilterCatalogParams.FilterCatalogs.names

Catalog = FilterCatalog.FilterCatalog


@lru_cache(_QUERIES)
def counter_of(smarts: str) -> Compute:
    """How often a SMARTS matches a molecule."""
    query = _query(smarts)
    return lambda molecule: len(molecule.GetSubstructMatches(query, maxMatches=100_000))


@lru_cache(_QUERIES)
def similarity_to(smiles: str) -> Compute:
    """Tanimoto similarity of a molecule to the one of a SMILES."""
    molecule = read_molecule(smiles)
    if molecule is None:
        raise QueryError(f"the molecule {smiles!r} to compare with is no SMILES.", "Correct it.")
    fingerprint = _MORGAN.GetFingerprint(molecule)
    return lambda other: DataStructs.TanimotoSimilarity(fingerprint, _MORGAN.GetFingerprint(other))


@lru_cache(_QUERIES)
def catalog_of_smarts(smarts: str) -> Catalog:
    """A catalog with one entry, the SMARTS."""
    made = Catalog()
    matcher = FilterCatalog.SmartsMatcher("query", _query(smarts))
    made.AddEntry(FilterCatalog.FilterCatalogEntry("query", matcher))
    return made


@lru_cache(_QUERIES)
def catalog_of_alerts(name: str) -> Catalog:
    """One of RDKit's catalogs of alerts, by its name in any case."""
    known = {each.upper(): value for each, value in _CATALOGS.items()}
    if name.upper() not in known:
        remedy = did_you_mean(name, _CATALOGS, otherwise=f"There are {', '.join(_CATALOGS)}.")
        raise QueryError(f"there is no catalog {name!r} of alerts.", remedy)
    return Catalog(FilterCatalog.FilterCatalogParams(known[name.upper()]))


def matches(catalog: Catalog, smiles: Sequence[str]) -> list[list[str] | None]:
    """Names of the entries of a catalog that match each molecule; None where RDKit cannot read the SMILES.

    RDKit reads and matches in C++, a third faster than from Python, and lets DuckDB's other threads work meanwhile.
    """
    texts = [text for text in smiles if may_be_read(text)]
    try:
        found = [_names(entries) for entries in RunFilterCatalog(catalog, texts, 1)]
    except (ValueError, RuntimeError):  # at an impossible valence it breaks off, and names no row: one at a time then
        found = [_matches_of(catalog, text) for text in texts]
    each = iter(found)
    return [next(each) if may_be_read(text) else None for text in smiles]


def _matches_of(catalog: Catalog, smiles: str) -> list[str] | None:
    molecule = read_molecule(smiles)
    return None if molecule is None else _names(catalog.GetMatches(molecule))


def _names(entries: Iterable[FilterCatalog.FilterCatalogEntry]) -> list[str] | None:
    names = [entry.GetDescription() for entry in entries]
    return None if names == [_NO_MOLECULE] else names


def _query(smarts: str) -> Chem.Mol:
    query = Chem.MolFromSmarts(smarts) if smarts.strip() else None
    if query is None:
        raise QueryError(f"{smarts!r} is no SMARTS.", "Correct the query.")
    return query
