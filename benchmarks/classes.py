"""How well parents are classified by structure: against the shipped file, and against skeletons whose class is sure.

The second part are rules written down here, which the classification does not share: a molecule with one or more of
these skeletons, all of one class, belongs to that class for a chemist; others say nothing.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from rdkit import Chem, rdBase

from halodb.halogenation.classify import classify

SKELETONS = {
    "polyphenol": {
        "flavone, flavonol": "O=c1cc(-c2ccccc2)oc2ccccc12",
        "isoflavone": "O=c1c(-c2ccccc2)coc2ccccc12",
        "flavanone": "O=C1CC(c2ccccc2)Oc2ccccc21",
        "flavan-3-ol": "OC1Cc2ccccc2OC1c1ccccc1",
        "chalcone": "O=C(C=Cc1ccccc1)c1ccccc1[OX2]",
        "stilbene": "[OX2]c1ccc(C=Cc2ccccc2)cc1",
        "anthraquinone": "O=C1c2ccccc2C(=O)c2cccc([OX2])c12",
        "xanthone": "O=c1c2ccccc2oc2ccccc12",
        "coumarin": "O=c1ccc2ccc([OX2])cc2o1",
        "galloyl": "O=C([OX2])c1cc([OX2H])c([OX2H])c([OX2H])c1",
    },
    "terpenoid": {
        "steroid": "C1CCC2C(C1)CCC1C2CCC2CCCC12",
        "oleanane, ursane": "C1CCC2C(C1)CCC1C2CCC2C1CCC1CCCCC12",
        "lupane": "C1CCC2C(C1)CCC1C2CCC2C1CCC1CCCC12",
        "kaurane": "C1CCC2C(C1)CCC13CCC(CCC12)C3",
        "labdane": "CC1(C)CCCC2(C)C1CCC(C)C2",
        "limonoid": "CC1(C)CCCC2(C)C1CCC1(C)C2CCC2(C)C(c3ccoc3)CCC12",
        "guaianolide": "CC1CCC2C(=C)C(=O)OC2C2C(C)CCC12",
        "bornane, pinane": "CC1(C)C2CCC1(C)CC2",
    },
    "alkaloid": {
        "tetrahydroisoquinoline": "C1CN([CX4])Cc2ccccc12",
        "beta-carboline": "C1CNCc2[nH]c3ccccc3c12",
        "quinoline": "c1ccc2ncccc2c1",
        "isoquinoline": "c1ccc2cnccc2c1",
        "tropane": "CN1C2CCC1CCC2",
        "quinolizidine": "C1CCN2CCCCC2C1",
        "pyrrolizidine": "C1CC2CCCN2C1",
        "morphinan": "C1CC2C3CC4=CC=CC5=C4C2(CCN3)C(O5)C1",
        "monoterpene indole": "C1CN2CCc3c([nH]c4ccccc34)C2CC1",
        "xanthine": "O=c1nc(=O)c2nc[n,c]c2n1",
    },
    "aa_peptide": {
        "tripeptide": "[NX3;H2,H1][CX4;H1,H2]C(=O)[NX3][CX4;H1,H2]C(=O)[NX3][CX4;H1,H2]C(=O)",
    },
    "lipid": {
        "fatty acid": "[OX2H]C(=O)[CH2][CH2][CH2][CH2][CH2][CH2][CH2][CH2][CH2,CH3]",
        "glyceride": "[CH2]([OX2]C(=O)[CH2][CH2][CH2][CH2][CH2][CH2][CH2])[CX4;H1]([OX2])[CH2][OX2]",
    },
}


class Score(NamedTuple):
    """Molecules of one class, how many of them were put into it, and into which others."""

    of: int
    right: int
    wrong: dict[str, int]


@cache
def _queries() -> dict[str, list[Chem.Mol]]:
    return {name: [Chem.MolFromSmarts(each) for each in smarts.values()] for name, smarts in SKELETONS.items()}


def sure_class(molecule: Chem.Mol) -> str | None:
    """The class that the skeletons of a molecule tell; None where they tell none, or several.

    >>> sure_class(Chem.MolFromSmiles("O=c1c(O)c(-c2ccccc2)oc2ccccc12"))
    'polyphenol'
    """
    told = {name for name, queries in _queries().items() if any(map(molecule.HasSubstructMatch, queries))}
    return told.pop() if len(told) == 1 else None


def score_shipped() -> dict[str, Score]:
    """The classes of the shipped natural products, which people gave."""
    text = files("halodb.demo").joinpath("natural_products.csv").read_text(encoding="utf-8")
    rows = ((row["class"], Chem.MolFromSmiles(row["smiles"])) for row in csv.DictReader(text.splitlines()))
    return _scores((meant, classify(molecule)) for meant, molecule in rows)


def score_skeletons(file: Path, stride: int = 1) -> dict[str, Score]:
    """The classes of natural products whose skeletons are sure.

    Args:
        file: their SMILES, gzipped, one a line.
        stride: only lines whose number it divides are looked at.
    """
    pairs = []
    with rdBase.BlockLogs(), gzip.open(file, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            molecule = None if number % stride else Chem.MolFromSmiles(line.split()[0])
            meant = None if molecule is None else sure_class(molecule)
            if molecule is not None and meant is not None:
                pairs.append((meant, classify(molecule)))
    return _scores(pairs)


def _scores(pairs: Iterable[tuple[str, str]]) -> dict[str, Score]:
    counts = Counter(pairs)
    found = {}
    for name in sorted({meant for meant, _ in counts}):
        of = {told: count for (meant, told), count in counts.items() if meant == name}
        wrong = {told: count for told, count in sorted(of.items()) if told != name}
        found[name] = Score(sum(of.values()), of.get(name, 0), wrong)
    return found


if __name__ == "__main__":
    import sys

    shown = {"the shipped file": score_shipped()}
    if len(sys.argv) > 1:
        shown["skeletons"] = score_skeletons(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    for title, scores in shown.items():
        right, of = sum(each.right for each in scores.values()), sum(each.of for each in scores.values())
        sys.stdout.write(f"{title}: {right:,} of {of:,} ({right / of:.1%})\n")
        for name, score in scores.items():
            wrong = ", ".join(f"{count:,} {told}" for told, count in score.wrong.items())
            sys.stdout.write(f"  {name}: {score.right:,} of {score.of:,}{f' (else {wrong})' if wrong else ''}\n")
