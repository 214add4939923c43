"""Compiling a rule: from its SMIRKS to the substitution that it comes down to, or to the reason why it is none.

A substitution does what RDKit's reaction engine would do (ReactionRunner.cpp of RDKit 2026.09) for rules that exchange
one terminal group: a group that hangs on one atom by a single bond becomes another, or a hydrogen does. This holds only
where nothing else can change, so each check here refuses what the engine would do beside the exchange: to change an
atom that is kept, to make or break a ring, to set stereochemistry, a charge or an isotope. Refused rules are left to
the engine.
"""

from __future__ import annotations

from functools import lru_cache

from rdkit import Chem, rdBase
from rdkit.Chem import rdChemReactions

from halodb.chemistry.elements import SYMBOLS
from halodb.chemistry.queries import bond_mark, conjuncts, only_element, written
from halodb.chemistry.substitution import ATTACHMENT, SubstituentAtom, Substitution
from halodb.rules import Rule

_ORDERS = {Chem.BondType.SINGLE: 1, Chem.BondType.DOUBLE: 2, Chem.BondType.TRIPLE: 3}
_BOND_OF_MARK = {
    "": Chem.BondType.SINGLE, "-": Chem.BondType.SINGLE, "=": Chem.BondType.DOUBLE, "#": Chem.BondType.TRIPLE,
}  # fmt: skip
"""Orders that the engine gives the bonds of a product: a bond that is not spelled out is single."""
_SPELLED_OUT = ("-", "=", "#")
_SINGLE = ("", "-")


class NotASubstitutionError(Exception):
    """A rule that is no exchange of a terminal group; the text says why, to go after `because`."""


def compile_rule(rule: Rule) -> Substitution:
    """The substitution that a valid rule comes down to.

    Args:
        rule: a valid one, as `halodb.read_rules` gives it.

    Raises:
        NotASubstitutionError: the rule does something else than to exchange one terminal group.

    >>> from halodb.rules import read_rules
    >>> methyl_ether = compile_rule(read_rules().rule("FG_PHENOL_OH__OH__TO__OMe"))
    >>> methyl_ether.keeps_head, [atom.element for atom in methyl_ether.substituent]
    (True, [8, 6])
    """
    with rdBase.BlockLogs():
        reaction = rdChemReactions.ReactionFromSmarts(rule.smirks)
    return _Compiler(reaction.GetReactantTemplate(0), reaction.GetProductTemplate(0)).substitution()


@lru_cache(maxsize=4096)
def substitution_of(rule: Rule) -> Substitution | None:
    """The substitution that a valid rule comes down to, or None where it is none; compiled once."""
    try:
        return compile_rule(rule)
    except NotASubstitutionError:
        return None


class _Compiler:
    """Reads the two templates of one reaction."""

    def __init__(self, before: Chem.Mol, after: Chem.Mol) -> None:
        self._before, self._after = before, after
        self._old = self._by_map(before)
        self._new = self._by_map(after)

    def substitution(self) -> Substitution:
        """The substitution, or NotASubstitutionError."""
        self._check_templates()
        added = [atom for atom in self._after.GetAtoms() if not atom.GetAtomMapNum()]
        lost = [atom for atom in self._before.GetAtoms() if atom.GetAtomMapNum() not in self._new]
        if not added:
            raise NotASubstitutionError("it adds no atom")
        grown = {other.GetIdx() for atom in added for other in atom.GetNeighbors() if other.GetAtomMapNum()}
        if len(grown) != 1:
            raise NotASubstitutionError("the new atoms do not hang on one atom that is kept")
        after = self._after.GetAtomWithIdx(grown.pop())
        before = self._old[after.GetAtomMapNum()]
        if lost:
            substitution = self._of_group(before, after, lost)
        elif before.GetDegree() == 1:
            substitution = self._on_head(before, after)
        elif before.GetDegree() == 0:
            substitution = self._of_hydrogen(before, after)
        else:
            raise NotASubstitutionError("an atom that is kept gains a bond and has several in the query")
        self._check_bonds(substitution.head)
        _check_valences(substitution)
        return substitution

    def _of_group(self, before: Chem.Atom, after: Chem.Atom, lost: list[Chem.Atom]) -> Substitution:
        """A group is lost from an atom that new atoms are bonded to: `[c:1]O>>[c:1]N`."""
        places = {atom.GetIdx() for atom in lost}
        bridges = [
            (atom, bond)
            for atom in lost
            for bond in atom.GetBonds()
            if bond.GetOtherAtomIdx(atom.GetIdx()) not in places
        ]
        if len(bridges) != 1 or bridges[0][1].GetOtherAtomIdx(bridges[0][0].GetIdx()) != before.GetIdx():
            raise NotASubstitutionError("the atoms that go do not hang on the atom that bears the new ones by one bond")
        head, bond = bridges[0]
        if bond_mark(bond) not in _SINGLE:
            raise NotASubstitutionError("the group that goes does not hang on a single bond")
        leaving = tuple((atom.GetIdx(), atom.GetDegree()) for atom in lost if atom.GetIdx() != head.GetIdx())
        substituent = _grow(after, ATTACHMENT, [])
        if not _is_one_group(substituent):
            raise NotASubstitutionError("the new group does not hang on one single bond")
        site = self._old[1].GetIdx()
        return Substitution(site, before.GetIdx(), head.GetIdx(), head.GetDegree(), leaving, 0, tuple(substituent))

    def _on_head(self, before: Chem.Atom, after: Chem.Atom) -> Substitution:
        """New atoms are bonded to a terminal atom, which gives up hydrogens: `[c:1][OH:2]>>[c:1][O:2]C`."""
        (bond,) = before.GetBonds()
        if bond_mark(bond) not in _SINGLE:
            raise NotASubstitutionError("the atom that is extended does not hang on a single bond")
        head = SubstituentAtom(ATTACHMENT, Chem.BondType.SINGLE, after.GetAtomicNum())
        substituent = _grow(after, 0, [head])
        given_up = sum(_ORDERS[atom.order] for atom in substituent if atom.parent == 0)
        attachment = bond.GetOtherAtomIdx(before.GetIdx())
        return Substitution(self._old[1].GetIdx(), attachment, before.GetIdx(), 1, (), given_up, tuple(substituent))

    def _of_hydrogen(self, before: Chem.Atom, after: Chem.Atom) -> Substitution:
        """A hydrogen makes room for one group: `[cH:1]>>[c:1]F`."""
        substituent = _grow(after, ATTACHMENT, [])
        if not _is_one_group(substituent):
            raise NotASubstitutionError("a hydrogen is not replaced by one group on a single bond")
        return Substitution(self._old[1].GetIdx(), before.GetIdx(), None, 0, (), 1, tuple(substituent))

    def _check_templates(self) -> None:
        if len(Chem.GetMolFrags(self._before)) > 1 or len(Chem.GetMolFrags(self._after)) > 1:
            raise NotASubstitutionError("it has several fragments")
        for template in (self._before, self._after):
            if any(atom.GetChiralTag() != Chem.ChiralType.CHI_UNSPECIFIED for atom in template.GetAtoms()):
                raise NotASubstitutionError("it says something of stereo centres")
            if any(bond.GetBondDir() != Chem.BondDir.NONE for bond in template.GetBonds()):
                raise NotASubstitutionError("it says something of double bonds' stereo")
        for atom in self._after.GetAtoms():
            number = atom.GetAtomMapNum()
            if not number:
                _check_new(atom)
            elif number in self._old:
                self._check_kept(number, atom)
            else:
                raise NotASubstitutionError(f"atom {number} of the product is not in the query")
        for bond in self._after.GetBonds():
            if not (bond.GetBeginAtom().GetAtomMapNum() and bond.GetEndAtom().GetAtomMapNum()):
                _order(bond)

    def _check_kept(self, number: int, atom: Chem.Atom) -> None:
        """An atom of the product must be what each atom is that matches its map number in the query."""
        element = only_element(atom)
        if element is None:
            raise NotASubstitutionError(f"{written(atom)} says more of a kept atom than its element")
        name, value = element
        if conjuncts(self._old[number]).get(name) != value:
            raise NotASubstitutionError(f"atom {number} may change its element or become aromatic or aliphatic")

    def _check_bonds(self, head: int | None) -> None:
        """Bonds between kept atoms must stay as they are, and the product must be free of new rings."""
        kept = {
            frozenset((one.GetAtomMapNum(), two.GetAtomMapNum())): bond
            for bond in self._after.GetBonds()
            if (one := bond.GetBeginAtom()).GetAtomMapNum() and (two := bond.GetEndAtom()).GetAtomMapNum()
        }
        inside = 0
        for bond in self._before.GetBonds():
            ends = frozenset((bond.GetBeginAtom().GetAtomMapNum(), bond.GetEndAtom().GetAtomMapNum()))
            if not all(number in self._new for number in ends):
                continue
            inside += 1
            same = kept.get(ends)
            if same is None or bond_mark(same) != bond_mark(bond):
                raise NotASubstitutionError("a bond between kept atoms changes")
            if bond_mark(bond) not in _SPELLED_OUT and head not in (bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()):
                raise NotASubstitutionError("the order of a bond between kept atoms is not spelled out")
        if inside != len(kept):
            raise NotASubstitutionError("it makes a bond between kept atoms")
        if self._after.GetNumBonds() - len(kept) != sum(not atom.GetAtomMapNum() for atom in self._after.GetAtoms()):
            raise NotASubstitutionError("it makes a ring")

    @staticmethod
    def _by_map(template: Chem.Mol) -> dict[int, Chem.Atom]:
        mapped = [atom for atom in template.GetAtoms() if atom.GetAtomMapNum()]
        found = {atom.GetAtomMapNum(): atom for atom in mapped}
        if len(found) != len(mapped):
            raise NotASubstitutionError("a map number occurs twice")
        return found


def _check_new(atom: Chem.Atom) -> None:
    name, value = only_element(atom) or ("", 0)
    if name != "AtomType" or value not in SYMBOLS:
        raise NotASubstitutionError(f"the new atom {written(atom)} is not a plain one")


def _grow(after: Chem.Atom, place: int, substituent: list[SubstituentAtom]) -> list[SubstituentAtom]:
    """A substituent with the new atoms around one atom of the product.

    Breadth first and higher orders first, so that the substituents of several rules begin alike, see `edit_sequence`.
    """
    grown = list(substituent)
    seen = {after.GetIdx()}
    queue = [(after, place)]
    while queue:
        atom, parent = queue.pop(0)
        for bond in sorted(atom.GetBonds(), key=lambda each: -_ORDERS[_order(each)]):
            other = bond.GetOtherAtom(atom)
            if other.GetIdx() in seen or other.GetAtomMapNum():
                continue
            seen.add(other.GetIdx())
            grown.append(SubstituentAtom(parent, _order(bond), other.GetAtomicNum()))
            queue.append((other, len(grown) - 1))
    return grown


def _is_one_group(substituent: list[SubstituentAtom]) -> bool:
    """Whether it hangs on the attachment atom by one single bond."""
    return [atom.order for atom in substituent if atom.parent == ATTACHMENT] == [Chem.BondType.SINGLE]


def _order(bond: Chem.Bond) -> Chem.BondType:
    mark = bond_mark(bond)
    if mark not in _BOND_OF_MARK:
        raise NotASubstitutionError("a bond of a new atom has no one order")
    return _BOND_OF_MARK[mark]


def _check_valences(substitution: Substitution) -> None:
    """The new group must be a molecule on a methyl group: then it is one on any atom that lost as much."""
    model = Chem.RWMol(Chem.MolFromSmiles("C"))
    for atom in substitution.substituent:
        place = model.AddAtom(Chem.Atom(atom.element))
        model.AddBond(atom.parent + 1, place, atom.order)
    with rdBase.BlockLogs():
        if Chem.SanitizeMol(model, catchErrors=True) != Chem.SanitizeFlags.SANITIZE_NONE:
            raise NotASubstitutionError("the new group is no molecule")
