"""Files as databases and programs write them: header lines, formats, packings, parts; all columns travel."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
from rdkit import Chem

from halodb.errors import InputError
from halodb.reading import Wanted, stage_parents
from tests.halogenation.files import read, read_file, refused

HEADERS = {  # header and row, and which columns are read
    "ChEMBL, chemreps": (
        "chembl_id\tcanonical_smiles\tstandard_inchi\tstandard_inchi_key\nCHEMBL153534\tCc1cc(O)ccc1\tInChI=1S/C7H8O\tKEY\n",
        ("canonical_smiles", "chembl_id"),
    ),
    "ChEMBL, the web": (
        '"ChEMBL ID";"Name";"Synonyms";"Molecular Weight";"Smiles";"Inchi Key"\n"CHEMBL1";"M-CRESOL";"";"108.14";"Cc1cc(O)ccc1";"K"\n',
        ("Smiles", "Name"),
    ),
    "PubChem, download": (
        "cid,cmpdname,mw,isosmiles,canonicalsmiles\n342,m-cresol,108.14,Cc1cc(O)ccc1,Cc1cc(O)ccc1\n",
        ("isosmiles", "cid"),
    ),
    "PubChem, PUG": (
        '"CID","CanonicalSMILES","IsomericSMILES"\n342,"CC1=CC(O)=CC=C1","Cc1cc(O)ccc1"\n',
        ("IsomericSMILES", "CID"),
    ),
    "PubChem, of today": (
        "CID,Title,SMILES,ConnectivitySMILES\n342,m-cresol,Cc1cc(O)ccc1,CC1=CC(O)=CC=C1\n",
        ("SMILES", "Title"),
    ),
    "ZINC, tranches": (
        "smiles\tzinc_id\tinchikey\tmwt\tlogp\tpurchasable\nCc1cc(O)ccc1\tZINC1\tKEY\t108.1\t2\t50\n",
        ("smiles", "zinc_id"),
    ),
    "COCONUT": (
        "identifier,canonical_smiles,standard_inchi,name,np_likeness\nCNP0001,Cc1cc(O)ccc1,InChI=1S,m-cresol,1.5\n",
        ("canonical_smiles", "name"),
    ),
    "COCONUT of old": (
        "coconut_id,unique_smiles,clean_smiles_,murko_framework_smiles\nCNP1,Cc1cc(O)ccc1,,c1ccccc1\n",
        ("unique_smiles", "coconut_id"),
    ),
    "LOTUS": (
        "structure_wikidata,structure_inchikey,structure_smiles,structure_smiles_2D,structure_nameTraditional,organism_name\n"
        "Q1,KEY,Cc1cc(O)ccc1,CC1=CC(O)=CC=C1,m-cresol,Homo sapiens\n",
        ("structure_smiles", "structure_nameTraditional"),
    ),
    "NPAtlas": (
        "npaid\tcompound_id\tcompound_name\tcompound_smiles\torigin_type\nNPA1\t1\tm-cresol\tCc1cc(O)ccc1\tFungus\n",
        ("compound_smiles", "compound_name"),
    ),
    "FooDB": (
        "id,public_id,name,moldb_smiles,moldb_inchi,klass\n1,FDB1,m-cresol,Cc1cc(O)ccc1,InChI=1S,Phenols\n",
        ("moldb_smiles", "name"),
    ),
    "SuperNatural": ("ID;Name;SMILES;Toxicity Class\nSN1;m-cresol;Cc1cc(O)ccc1;4\n", ("SMILES", "Name")),
    "DrugBank": (
        "DrugBank ID,Name,CAS Number,SMILES,InChI\nDB1,m-cresol,108-39-4,Cc1cc(O)ccc1,InChI=1S\n",
        ("SMILES", "Name"),
    ),
    "isomers and not": (
        "SMILES_iso,canonical_smiles,MolName\nCc1cc(O)ccc1,CC1=CC(O)=CC=C1,a\n",
        ("SMILES_iso", None),
    ),
    "the older program": (
        "smiles,root_parent_smiles,halogen,rule,inchikey,k\nCc1cc(O)ccc1,Cc1ccccc1,F,R1,KEY,1\n",
        ("smiles", "inchikey"),
    ),
    "the name of a person": (
        "Nr.,Struktur,Quelle\n1,Cc1cc(O)ccc1,Teer\n2,CCO,Wein\n3,CCN,Luft\n",
        ("Struktur", None),
    ),
    "any SMILES": ("compound,rdkit SMILES\nm-cresol,Cc1cc(O)ccc1\n", ("rdkit SMILES", None)),
    "bars": ("Title|smiles|n\nm-cresol|Cc1cc(O)ccc1|1\n", ("smiles", "Title")),
    "R": ('"","smiles","name"\n"1","Cc1cc(O)ccc1","m-cresol"\n', ("smiles", "name")),
    "KNApSAcK": ("C_ID\tMetabolite\tSMILES\tOrganism\nC1\tm-cresol\tCc1cc(O)ccc1\tHomo\n", ("SMILES", "C_ID")),
    "Excel": ("sep=;\nTitle;Canonical SMILES\nm-cresol;Cc1cc(O)ccc1\n", ("Canonical SMILES", "Title")),
}


@pytest.mark.parametrize("database", HEADERS)
def test_header_lines_of_databases(tmp_path: Path, database: str) -> None:
    content, (smiles, name) = HEADERS[database]
    for suffix in ("csv", "txt"):
        found = read(tmp_path, f"parents.{suffix}", content)
        assert found.rows[0].smiles == "Cc1cc(O)ccc1", suffix
        assert (found.tally.columns["smiles"], found.tally.columns.get("name")) == (smiles, name)


CRESOL = [("Cc1cccc(O)c1", "m-cresol"), ("CCO", "ethanol")]


def molecule(smiles: str, name: str, **tags: str) -> Chem.Mol:
    made = Chem.MolFromSmiles(smiles)
    made.SetProp("_Name", name)
    for tag, value in tags.items():
        made.SetProp(tag, value)
    return made


def sd_file(*molecules: Chem.Mol) -> str:
    content = io.StringIO()
    with Chem.SDWriter(content) as writer:
        for each in molecules:
            writer.write(each)
    return content.getvalue()


def as_parquet(table: pa.Table) -> bytes:
    content = io.BytesIO()
    pq.write_table(table, content)
    return content.getvalue()


def as_feather(table: pa.Table) -> bytes:
    content = io.BytesIO()
    pyarrow.feather.write_feather(table, content)
    return content.getvalue()


def as_workbook(rows: list[list[Any]]) -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    content, book = io.BytesIO(), openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("Notes").append(["made by", "me"])
    book.save(content)
    return content.getvalue()


MOL2 = """# made by hand
@<TRIPOS>MOLECULE
ethanol
 3 2 0 0 0
SMALL
NO_CHARGES

@<TRIPOS>ATOM
      1 C1          0.0000    0.0000    0.0000 C.3     1  UNL1        0.0000
      2 C2          1.5000    0.0000    0.0000 C.3     1  UNL1        0.0000
      3 O1          2.0000    1.4000    0.0000 O.3     1  UNL1        0.0000
@<TRIPOS>BOND
     1     1     2    1
     2     2     3    1
"""

TABLE = pa.table(
    {"Smiles": [smiles for smiles, _ in CRESOL], "Name": [name for _, name in CRESOL], "mass": [108.1, 46.1]}
)
FORMATS: dict[str, Callable[[], bytes]] = {
    "parents.smi": lambda: b"Cc1cccc(O)c1 m-cresol\nCCO ethanol\n",
    "parents.ism": lambda: b"Cc1cccc(O)c1\tm-cresol\nCCO\tethanol\n",
    "parents.can": lambda: b"Cc1cccc(O)c1\tm-cresol\nCCO\tethanol\n",
    "parents.txt": lambda: b"Cc1cccc(O)c1 m-cresol\nCCO ethanol\n",
    "CID-SMILES": lambda: b"m-cresol\tCc1cccc(O)c1\nethanol\tCCO\n",
    "parents.tab": lambda: b"Name\tSmiles\tmass\nm-cresol\tCc1cccc(O)c1\t108.1\nethanol\tCCO\t46.1\n",
    "parents.csv": lambda: b"Name,Smiles,mass\nm-cresol,Cc1cccc(O)c1,108.1\nethanol,CCO,46.1\n",
    "parents.sdf": lambda: sd_file(molecule(*CRESOL[0], mass="108.1"), molecule(*CRESOL[1], mass="46.1")).encode(),
    "parents.parquet": lambda: as_parquet(TABLE),
    "parents.feather": lambda: as_feather(TABLE),
    "parents.xlsx": lambda: as_workbook(
        [
            ["List of 2026"],
            [],
            ["Name", "Smiles", "mass"],
            ["m-cresol", "Cc1cccc(O)c1", 108.1],
            ["ethanol", "CCO", 46.1],
        ]
    ),
}


def zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("__MACOSX/._x", b"nothing")
        archive.writestr(f"list/{name}", content)
    return packed.getvalue()


def zstandard(_: str, content: bytes) -> bytes:
    return bytes(pa.compress(content, "zstd", asbytes=True))


PACKINGS: dict[str, Callable[[str, bytes], bytes]] = {
    "": lambda _, content: content,
    ".gz": lambda _, content: gzip.compress(content),
    ".bz2": lambda _, content: bz2.compress(content),
    ".xz": lambda _, content: lzma.compress(content),
    ".zst": zstandard,
    ".zip": zipped,
}


def beside(directory: Path) -> list[dict[str, Any]]:
    return pq.read_table(directory / "staged" / "parents.beside.parquet").drop_columns("part_of_file").to_pylist()


@pytest.mark.parametrize("name", FORMATS)
def test_formats_and_packings(tmp_path: Path, name: str) -> None:
    content = FORMATS[name]()
    for suffix, pack in PACKINGS.items():
        found = read(tmp_path, name + suffix, pack(name, content))
        assert found.pairs == CRESOL, suffix
        if b"mass" in content or name.endswith(("parquet", "feather", "xlsx")):
            assert [str(row["mass"]) for row in beside(tmp_path)] == ["108.1", "46.1"], suffix


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst", ".zip"])
def test_what_is_cut_short_is_told_with_the_line(tmp_path: Path, suffix: str) -> None:
    rows = "".join(f"C{'C' * (number * 7 % 90)}O n{number * 7919 % 99991}\n" for number in range(60_000))
    content = PACKINGS[suffix]("parents.smi", rows.encode())
    told = refused(tmp_path, f"parents.smi{suffix}", content[: len(content) // 2])
    assert "cut short" in told or "damaged" in told
    if suffix not in {".zip", ".bz2"}:  # whose blocks are large
        assert "read up to line" in told


def test_a_bad_record_stops_nothing(tmp_path: Path) -> None:
    good, other = sd_file(molecule(*CRESOL[0])), sd_file(molecule(*CRESOL[1]))
    five_bonds = f"{Chem.MolToMolBlock(Chem.MolFromSmiles('CC(C)(C)(C)C', sanitize=False), kekulize=False)}$$$$\n"
    content = good + "no mol block\n$$$$\n" + five_bonds + sd_file(Chem.Mol()) + other + good[:200]
    found = read(tmp_path, "parents.sdf", content)
    assert [(row.smiles, row.name) for row in found.rows if row.reject is None] == [CRESOL[0], (None, None), CRESOL[1]]
    cut = "record is cut short or no mol block"
    assert [reason.partition(",")[0] for _, reason in found.rejects] == [cut, "mol block is not a molecule", cut]
    assert len(found.rows) == 6
    assert found.rows[4].line == content[: content.index("ethanol")].count("\n") + 1
    mol2 = read(tmp_path, "parents.mol2", MOL2 + MOL2.replace("C.3", "X.9").replace("ethanol", "odd") + MOL2)
    assert mol2.pairs == [("CCO", "ethanol"), ("CCO", "ethanol")]
    assert [line for line, _ in mol2.rejects] == [MOL2.count("\n") + 2]


def test_enhanced_stereo_and_queries_in_an_sd_file_are_rejects(tmp_path: Path) -> None:
    racemate = Chem.MolFromSmiles("C[C@H](N)C(=O)O |&1:1|")
    query = Chem.MolFromSmarts("[#6,#7]-[#8]")
    found = read(tmp_path, "parents.sdf", f"{Chem.MolToV3KMolBlock(racemate)}$$$$\n{Chem.MolToMolBlock(query)}$$$$\n")
    assert [reason for _, reason in found.rejects] == [
        "enhanced stereo that halodb does not keep",
        "mol block is a query, with atoms or bonds that are left open",
    ]


def test_a_directory_of_parts_is_one_file(tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    (parts / "_SUCCESS").write_bytes(b"")
    (parts / "README.md").write_text("nothing of use", encoding="utf-8")
    (parts / "a.csv").write_text("smiles,name,mass\nCCO,ethanol,46.1\nC1CC,broken,1\n", encoding="utf-8")
    pq.write_table(pa.table({"smiles": ["CCN"], "mass": [45.1], "toxic": [True]}), parts / "b.parquet")
    found = read_file(parts)
    assert [row.smiles for row in found.rows] == ["CCO", "C1CC", "CCN"]
    assert any("README.md" in told for told in found.tally.skipped)
    others = pq.read_table(tmp_path / "staged" / "parents.beside.parquet").to_pylist()
    assert [(row["part_of_file"], row["mass"], row["toxic"]) for row in others] == [
        ("a.csv", "46.1", None),
        ("a.csv", "1", None),
        ("b.parquet", "45.1", True),
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a,b,c\nCCO,CCCN,1\nCCC,CCCC,2\n", "2 columns that hold SMILES: `a`, `b` (all columns: a, b, c)"),
        ("rdkit smiles,my_smiles\nCCO,CCO\n", "2 columns for one thing: `rdkit smiles`, `my_smiles`"),
        ("parent_smiles,halogen\nCCO,F\n", "has no column `smiles` (its columns: parent_smiles, halogen)"),
    ],
)
def test_what_may_mean_two_things_is_refused_with_the_columns(tmp_path: Path, content: str, told: str) -> None:
    assert told in refused(tmp_path, "parents.csv", content)


def staged(directory: Path, name: str, content: str | bytes, wanted: Wanted) -> list[tuple[Any, ...]]:
    file = directory / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    stage_parents(file, directory / "staged" / "parents.parquet", wanted)
    rows = pq.read_table(directory / "staged" / "parents.parquet").to_pylist()
    return [(row["smiles"], row["name"], row["class"], row["reject"]) for row in rows]


def test_columns_that_are_asked_for(tmp_path: Path) -> None:
    content = "name,smiles,Drug SMILES,Family\nx,CCO,CCN,Lipid\n"
    wanted = Wanted(smiles="drug smiles", name="smiles", class_name="family")
    assert staged(tmp_path, "a.csv", content, wanted) == [("CCN", "CCO", "lipid", None)]
    assert staged(tmp_path, "a.csv", "x,CCO,7\n", Wanted(smiles="2", name="1")) == [("CCO", "x", None, None)]
    assert staged(tmp_path, "a.smi", "x CCO\n".replace(" ", "\t"), Wanted(smiles="2")) == [("CCO", "x", None, None)]
    assert staged(tmp_path, "a.csv", "smiles,class\nCCO,Phenols\n", Wanted(class_name="")) == [
        ("CCO", None, None, None)
    ]
    tagged = sd_file(molecule("CCO", "", trivial="ethanol", family="Lipid"))
    wanted = Wanted(name="trivial", class_name="Family")
    assert staged(tmp_path, "a.sdf", tagged, wanted) == [("CCO", "ethanol", "lipid", None)]
    with pytest.raises(InputError, match=r"no column `mass` \(its columns: smiles\)"):
        staged(tmp_path, "a.csv", "smiles\nCCO\n", Wanted(name="mass"))


def test_unknown_classes_go_where_it_is_asked_for(tmp_path: Path) -> None:
    content = "smiles,class\nCCO,Lipids\nCCN, Steroid \nCCC,nan\n"
    assert [row[2:] for row in staged(tmp_path, "a.csv", content, Wanted())] == [
        ("lipid", None),
        (None, "class is not known: Steroid"),
        (None, None),
    ]
    known = Wanted(classes=("lipid", "steroid"))
    assert [row[2] for row in staged(tmp_path, "a.csv", content, known)] == ["lipid", "steroid", None]
    assert [row[2:] for row in staged(tmp_path, "a.csv", content, Wanted(unknown_class="classify"))] == [
        ("lipid", None),
        (None, None),
        (None, None),
    ]
    assert beside(tmp_path)[1] == {"given_class": "Steroid"}
    assert [row[2] for row in staged(tmp_path, "a.csv", content, Wanted(unknown_class="Other"))] == [
        "lipid",
        "other",
        None,
    ]
