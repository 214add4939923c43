"""Functions of a SMILES alone, and those of RDKit behind them; what is slow to import waits until it is asked for."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from rdkit import Chem, RDConfig
from rdkit.Chem import rdMolDescriptors

from halodb.errors import QueryError
from halodb.functions.molecules import Compute


def _later(module: str, name: str) -> Compute:
    """A function of RDKit whose module is imported when it is first called."""

    @cache
    def found() -> Compute:
        function: Compute = getattr(importlib.import_module(module), name)
        return function

    def function(molecule: Chem.Mol) -> Any:
        return found()(molecule)

    return function


def _scaffold(molecule: Chem.Mol) -> Any:
    from rdkit.Chem.Scaffolds.MurckoScaffold import MurckoScaffoldSmiles

    return MurckoScaffoldSmiles(mol=molecule)  # type: ignore[no-untyped-call]


def _inchikey(molecule: Chem.Mol) -> Any:
    return Chem.MolToInchiKey(molecule) or None  # type: ignore[no-untyped-call]  # empty where InChI has none


def _sa_score(molecule: Chem.Mol) -> Any:
    return _sa_scorer()(molecule)


@cache
def _sa_scorer() -> Callable[[Chem.Mol], Any]:
    """Ertl and Schuffenhauer's score, J. Cheminform. 2009, 1, 8: a script that RDKit ships beside its package."""
    script = Path(RDConfig.RDContribDir) / "SA_Score" / "sascorer.py"
    found = importlib.util.spec_from_file_location("halodb_sascorer", script)
    if not script.is_file() or found is None or found.loader is None:
        raise QueryError(
            f"sa_score needs RDKit's Contrib/SA_Score, and {script} is not there.",
            "Install RDKit from PyPI or conda-forge, which bring it, or leave sa_score out.",
        )
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    score: Callable[[Chem.Mol], Any] = module.calculateScore
    return score


PROPERTIES: dict[str, Compute] = {
    "canonical": Chem.MolToSmiles,
    "inchikey": _inchikey,
    "formula": rdMolDescriptors.CalcMolFormula,
    "scaffold": _scaffold,
    "mol_weight": _later("rdkit.Chem.Descriptors", "MolWt"),
    "exact_mass": rdMolDescriptors.CalcExactMolWt,
    "logp": _later("rdkit.Chem.Crippen", "MolLogP"),
    "tpsa": rdMolDescriptors.CalcTPSA,
    "hbd": rdMolDescriptors.CalcNumHBD,
    "hba": rdMolDescriptors.CalcNumHBA,
    "rotatable_bonds": rdMolDescriptors.CalcNumRotatableBonds,
    "rings": rdMolDescriptors.CalcNumRings,
    "heavy_atoms": Chem.Mol.GetNumHeavyAtoms,
    "fraction_csp3": rdMolDescriptors.CalcFractionCSP3,
    "stereo_centres": rdMolDescriptors.CalcNumAtomStereoCenters,
    "formal_charge": Chem.GetFormalCharge,
    "qed": _later("rdkit.Chem.QED", "qed"),
    "sa_score": _sa_score,
}
"""What RDKit computes, by the name of the function in SQL."""

CHEAP = PROPERTIES.keys() - {"canonical", "inchikey", "scaffold", "logp", "qed", "sa_score"}
"""Those that take less time than to parse the SMILES."""
