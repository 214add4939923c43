"""SD files and MOL files: records that RDKit reads one by one, their tags as columns.

The text is cut into records at `$$$$` here, so that a record that is damaged has its line and takes no other with it;
what a record says is RDKit's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from rdkit import Chem, rdBase

from halodb.chemistry.elements import HYDROGEN
from halodb.errors import InputError
from halodb.inputs.columns import find_named, plain_name
from halodb.reading.columns import CLASS_NAMES, NAME_NAMES, Wanted
from halodb.reading.row import Column, ParentRow, Reading, Tally, given_row, rejected
from halodb.reading.text import LONGEST_LINE, TextFile

_END = "$$$$"
_TAG = re.compile(r"^>.*?<(.*)>")
_BLOCK_END = "M  END"
_MOST_TAGS = 1000
"""Columns: a file with more of them has values where names should be."""

_MOL2_BEGIN, _MOL2_TYPE = "@<TRIPOS>MOLECULE", "_TriposAtomType"


class Record(NamedTuple):
    """Some lines of a file: the number of the first, from 1, its number among the records, and its text."""

    line: int
    number: int
    text: str


def read_sdf(text: TextFile, tally: Tally, wanted: Wanted) -> Reading:
    """How an SD file is read: SMILES by the mol blocks, names by a tag or the title, other tags as columns.

    Raises:
        InputError: a tag that was asked for is nowhere in it, or there are too many tags.
    """
    tags = _tags(text)
    name = _tag(wanted.name, NAME_NAMES, tags, text.path)
    class_name = _tag(wanted.class_name, CLASS_NAMES, tags, text.path)
    smiles = None if wanted.smiles is None else tags[find_named(wanted.smiles, tags, text.path)]
    named_by_title = wanted.name is None
    others = [tag for tag in tags if tag not in {class_name, smiles} and (tag != name or named_by_title)]
    tally.columns = {"smiles": smiles or "the mol block"}
    tally.columns["name"] = f"the title, else {name}" if name and named_by_title else (name or "the title")
    if class_name:
        tally.columns["class"] = class_name
    tally.ignored += [tag for tag in others if tag not in tally.ignored]

    def row(record: Record) -> ParentRow:
        molecule, found = _parsed(record.text)
        title = record.text.partition("\n")[0].strip()
        given = found.get(name or "")
        called = (title or given) if named_by_title else given
        reject = None
        if smiles is None:
            written, reject = _smiles_of(record.text, molecule)
        else:
            written = found.get(smiles)
        if reject is not None:
            return rejected(written, f"{reject}: record {record.number:,}", record.line, called)
        parent = given_row(written, called, found.get(class_name or ""), record.line)
        return parent._replace(others=tuple(found.get(tag) for tag in others))

    return Reading(tuple(map(Column, others)), _rows(_sd_records(text), row))


def read_mol2(text: TextFile, tally: Tally, wanted: Wanted) -> Reading:
    """How a MOL2 file is read: SMILES by its blocks, names by their second line; it has no other columns.

    Raises:
        InputError: a column was asked for.
    """
    asked = wanted.smiles or wanted.name or wanted.class_name
    if asked:
        raise InputError(f"{text.path} has no column `{asked}`: MOL2 has none.", "Leave the option out.")
    tally.columns = {"smiles": "the MOL2 block", "name": "its name"}

    def row(record: Record) -> ParentRow:
        lines = record.text.split("\n", 2)
        name = lines[1].strip() if len(lines) > 1 else ""
        molecule = _of_mol2(record.text)
        if molecule is None:
            return rejected(None, f"MOL2 block does not parse: record {record.number:,}", record.line, name)
        return given_row(Chem.MolToSmiles(molecule), None if name.startswith("***") else name, None, record.line)

    return Reading((), _rows(_mol2_records(text), row))


def _of_mol2(text: str) -> Chem.Mol | None:
    """What RDKit makes of a MOL2 block; where all hydrogens were left out, with those that valences ask for."""
    molecule = Chem.MolFromMol2Block(text, removeHs=False)
    if molecule is not None and any(atom.GetAtomicNum() == HYDROGEN for atom in molecule.GetAtoms()):
        return Chem.RemoveHs(molecule)
    molecule = Chem.MolFromMol2Block(text, sanitize=False)
    if molecule is None:
        return None
    for atom in molecule.GetAtoms():
        atom.SetNoImplicit(False)
        atom.SetNumRadicalElectrons(0)
        kind = atom.GetProp(_MOL2_TYPE) if atom.HasProp(_MOL2_TYPE) else ""
        if kind in {"O.3", "S.3", "C.3", "C.2", "C.ar", "N.3"}:  # charged for want of hydrogens
            atom.SetFormalCharge(0)
    if Chem.SanitizeMol(molecule, catchErrors=True):
        return None
    Chem.AssignStereochemistryFrom3D(molecule)
    return molecule


def _rows(records: Iterator[Record], row: Callable[[Record], ParentRow]) -> Iterator[ParentRow]:
    silence = rdBase.BlockLogs()
    try:
        for record in records:
            yield row(record)
    finally:
        del silence


def _sd_records(text: TextFile) -> Iterator[Record]:
    held: list[str] = []
    size, number, first = 0, 1, 1
    for line_number, line in enumerate(text.lines(), 1):
        if line.rstrip() == _END:
            yield Record(first, number, "".join(held))
            held, size, number, first = [], 0, number + 1, line_number + 1
            continue
        held.append(line)
        size += len(line)
        if size > LONGEST_LINE:
            raise InputError(
                f"{text.path}, record {number:,} (line {first:,}) is longer than {LONGEST_LINE:,} characters.",
                "Records end with a line $$$$.",
            )
    if any(map(str.strip, held)):
        yield Record(first, number, "".join(held))


def _mol2_records(text: TextFile) -> Iterator[Record]:
    held: list[str] = []
    number = first = 0
    for line_number, line in enumerate(text.lines(), 1):
        if line.startswith(_MOL2_BEGIN):
            if number:
                yield Record(first, number, "".join(held))
            held, number, first = [], number + 1, line_number
        if number:
            held.append(line)
    if number:
        yield Record(first, number, "".join(held))


def _tags(text: TextFile) -> list[str]:
    """The names of all tags of a file, in the order in which they first come."""
    found: dict[str, None] = {}
    for line in text.lines():
        if line[0] == ">" and (match := _TAG.match(line)):
            found.setdefault(match[1])
            if len(found) > _MOST_TAGS:
                raise InputError(f"{text.path} has more than {_MOST_TAGS:,} kinds of tags.", "Give fewer of them.")
    return list(found)


def _tag(asked: str | None, usual: Sequence[str], tags: Sequence[str], file: str) -> str | None:
    if asked is not None:
        return tags[find_named(asked, tags, file)] if asked.strip() else None
    by_name = {plain_name(tag): tag for tag in reversed(tags)}
    return next((by_name[name] for name in map(plain_name, usual) if name in by_name), None)


def _parsed(text: str) -> tuple[Chem.Mol | None, dict[str, str]]:
    """What RDKit makes of a record: the molecule, and the tags that are not empty."""
    supplier = Chem.SDMolSupplier()
    supplier.SetData(f"{text}{_END}\n")
    molecule = next(iter(supplier), None)
    if molecule is None:
        return None, _tags_of(text)
    names = molecule.GetPropNames(includePrivate=False, includeComputed=False)
    return molecule, {name: value for name in names if (value := molecule.GetProp(name).strip())}


def _tags_of(text: str) -> dict[str, str]:
    """The tags of a record whose mol block RDKit does not read."""
    found: dict[str, str] = {}
    tag: str | None = None
    for line in text.split("\n"):
        match = _TAG.match(line)
        if match:
            tag = match[1]
        elif not line.strip():
            tag = None
        elif tag is not None:
            found[tag] = f"{found[tag]}\n{line}" if tag in found else line
    return found


def _smiles_of(text: str, molecule: Chem.Mol | None) -> tuple[str | None, str | None]:
    """The SMILES of a record, and why it cannot be used."""
    if molecule is None:
        return None, _why(text)
    if not molecule.GetNumAtoms():
        return None, None  # an empty SMILES
    if any(atom.HasQuery() for atom in molecule.GetAtoms()):
        return Chem.MolToSmiles(molecule), "mol block is a query, with atoms or bonds that are left open"
    kinds = {group.GetGroupType() for group in molecule.GetStereoGroups()}
    if kinds - {Chem.StereoGroupType.STEREO_ABSOLUTE}:
        return Chem.MolToSmiles(molecule), "enhanced stereo that halodb does not keep"
    return Chem.MolToSmiles(molecule), None


def _why(text: str) -> str:
    if not any(line.startswith(_BLOCK_END) for line in text.split("\n")):
        return "record is cut short or no mol block: it has no M  END"
    unsanitized = Chem.MolFromMolBlock(text.partition(_BLOCK_END)[0] + _BLOCK_END + "\n", sanitize=False)
    if unsanitized is None:
        return "mol block does not parse"
    problems = Chem.DetectChemistryProblems(unsanitized)
    return f"mol block is not a molecule, {problems[0].Message()}" if problems else "mol block is not a molecule"
