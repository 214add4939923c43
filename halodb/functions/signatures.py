"""The functions of chemistry that SQL may call: names, parameters, what they give. Imports no RDKit."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Signature:
    """A function of SQL.

    Attributes:
        name: its name.
        gives: SQL type of its value.
        about: what it is, and which function of RDKit.
        second: name of its second parameter, a text too; None where the SMILES is the only one.
        aliases: other names of the very same function: those of RDKit's PostgreSQL cartridge, or another spelling.
    """

    name: str
    gives: str
    about: str
    second: str | None = None
    aliases: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of its parameters."""
        return ("smiles",) if self.second is None else ("smiles", self.second)


SIGNATURES = (
    Signature("substructure", "BOOLEAN", "whether a SMARTS matches; without stereo", "smarts", ("substruct",)),
    Signature("substructure_count", "INTEGER", "in how many sets of atoms it matches", "smarts", ("substruct_count",)),
    Signature("similarity", "DOUBLE", "Tanimoto of Morgan fingerprints, radius 2, 1,024 bits", "query"),
    Signature("alerts", "VARCHAR[]", "alerts of a FilterCatalog: PAINS, BRENK, NIH, ZINC, CHEMBL", "catalog"),
    Signature("canonical", "VARCHAR", "the SMILES as RDKit writes it"),
    Signature("inchikey", "VARCHAR", "standard InChIKey", aliases=("mol_inchikey",)),
    Signature("formula", "VARCHAR", "CalcMolFormula", aliases=("mol_formula",)),
    Signature("scaffold", "VARCHAR", "MurckoScaffoldSmiles; empty where there is no ring"),
    Signature("mol_weight", "DOUBLE", "average mass, MolWt", aliases=("mol_amw",)),
    Signature("exact_mass", "DOUBLE", "monoisotopic mass, CalcExactMolWt", aliases=("mol_exactmw",)),
    Signature("logp", "DOUBLE", "Crippen's, MolLogP", aliases=("mol_logp",)),
    Signature("tpsa", "DOUBLE", "CalcTPSA", aliases=("mol_tpsa",)),
    Signature("hbd", "INTEGER", "CalcNumHBD; the cartridge's mol_hbd is Lipinski's count, another one"),
    Signature("hba", "INTEGER", "CalcNumHBA; the cartridge's mol_hba is Lipinski's count, another one"),
    Signature("rotatable_bonds", "INTEGER", "CalcNumRotatableBonds", aliases=("mol_numrotatablebonds",)),
    Signature("rings", "INTEGER", "CalcNumRings", aliases=("mol_numrings",)),
    Signature("heavy_atoms", "INTEGER", "GetNumHeavyAtoms", aliases=("mol_numheavyatoms",)),
    Signature("fraction_csp3", "DOUBLE", "CalcFractionCSP3", aliases=("mol_fractioncsp3",)),
    Signature("stereo_centres", "INTEGER", "CalcNumAtomStereoCenters, assigned or not", aliases=("stereo_centers",)),
    Signature("formal_charge", "INTEGER", "GetFormalCharge"),
    Signature("qed", "DOUBLE", "drug-likeness, 0 to 1"),
    Signature("sa_score", "DOUBLE", "synthetic accessibility, 1 (easy) to 10, RDKit's Contrib/SA_Score"),
)

MACROS = ("n_f", "n_cl", "n_br", "n_i")
"""Halogen counts, in pure SQL (`sql/functions/halogens.sql`)."""

BY_NAME = {name: signature for signature in SIGNATURES for name in (signature.name, *signature.aliases)}

_WORD = re.compile(r"\w+")


def names_in(text: str) -> set[str]:
    """Names of functions that occur in SQL, as whatever: to register one in vain costs less than to parse.

    >>> sorted(names_in("SELECT LogP(smiles) FROM products WHERE mol_amw(smiles) < 300"))
    ['logp', 'mol_amw']
    """
    return {word.lower() for word in _WORD.findall(text)} & BY_NAME.keys()
