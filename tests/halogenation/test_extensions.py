"""CXSMILES: no molecule becomes another one because its extension is not kept."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rdkit import Chem

from halodb.chemistry.extension import split_smiles
from tests.halogenation.files import read, read_file

ALANINE = "C[C@H](N)C(=O)O"

KEPT = [
    "|a:1|",
    "||",
    "|(0,0,;1,0.5,;2,0,;1,-1,;2,-2,;0,-2,)|",
    "|$A;B;;;;$|",
    "|$A;;;;;$,a:1|",
    "|(0,0,;1,0.5,;2,0,;1,-1,;2,-2,;0,-2,),atomProp:0.note.x|",
]
NOT_KEPT = [
    "|o1:1|",
    "|&1:1|",
    "|a:1,o1:1|",
    "|(0,0,;1,0.5,;2,0,;1,-1,;2,-2,;0,-2,),&2:1|",
    "|^1:0|",
    "|w:1.0|",
    "|wU:1.0|",
    "|r|",
    "|c:0|",
    "|m:0:1.2|",
    "|Sg:n:1:n:ht|",
    "|something|",
]


@pytest.mark.parametrize("extension", KEPT)
def test_what_says_nothing_new_is_left_out(tmp_path: Path, extension: str) -> None:
    assert read(tmp_path, "parents.smi", f"{ALANINE} {extension} L-ala\n").pairs == [(ALANINE, "L-ala")]
    read_with_it = Chem.MolFromSmiles(f"{ALANINE} {extension}")
    assert Chem.MolToSmiles(read_with_it) == Chem.MolToSmiles(Chem.MolFromSmiles(ALANINE))
    kinds = {group.GetGroupType() for group in read_with_it.GetStereoGroups()}
    assert kinds <= {Chem.StereoGroupType.STEREO_ABSOLUTE}


@pytest.mark.parametrize("extension", NOT_KEPT)
def test_what_would_make_another_molecule_is_a_reject(tmp_path: Path, extension: str) -> None:
    expected = [(1, "CXSMILES extension that halodb does not keep")]
    assert read(tmp_path, "parents.smi", f"{ALANINE} {extension} rac-ala\n").rejects == expected
    quoted = read(tmp_path, "parents.csv", f'smiles,name\n"{ALANINE} {extension}",rac-ala\n')
    assert quoted.rejects == [(2, expected[0][1])]
    file = tmp_path / "parents.parquet"
    pq.write_table(pa.table({"smiles": [f"{ALANINE} {extension}"]}), file)
    assert read_file(file).rejects == [(None, expected[0][1])]


def test_the_reason_names_the_kind(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "parents.smi", f"{ALANINE} |&1:1| rac-ala\n").rows
    assert row == (f"{ALANINE} |&1:1| rac-ala", "rac-ala", None, 1, "CXSMILES extension that halodb does not keep: enhanced stereo, a racemate |&1:1|")  # fmt: skip


def test_an_extension_that_does_not_end(tmp_path: Path) -> None:
    assert read(tmp_path, "parents.smi", "CCO |o1:1 a\nCCN | b\n").rejects == [
        (1, "CXSMILES extension that does not end"),
        (2, "CXSMILES extension that does not end"),
    ]


def test_text_after_a_smiles_in_its_column(tmp_path: Path) -> None:
    """It may be a name, or the end of a SMILES that was broken in two."""
    content = 'smiles,id\nCCO ethanol,\nCCO |a:1| x,1\n"CC\nO",2\nCCC,3\n'
    assert read(tmp_path, "a.csv", content).rejects == [(line, "text after the SMILES") for line in (2, 3, 4)]


def test_a_smiles_alone() -> None:
    assert split_smiles("CCO") == ("CCO", "", None)
    assert split_smiles("CCO  a b") == ("CCO", "a b", None)
