"""Compiling a SMIRKS into a recipe: which atoms of a match change, and what grows on them.

A recipe says what RDKit's reaction engine would do (ReactionRunner.cpp of RDKit 2026.09) for the rules that come
down to one exchange of terminal groups: a group that hangs on one atom by a single bond becomes another, or a
hydrogen does. For anything else `compile_recipe` says why not, and the rule is left to the engine.
"""

from __future__ import annotations

from dataclasses import dataclass

from rdkit import Chem, rdBase
from rdkit.Chem import rdChemReactions

from halodb.chemistry.queries import bond_mark, conjuncts, only_element, written
from halodb.rules import Rule

ANCHOR = -1
"""The parent of a slot that hangs on the anchor."""

_NEW = frozenset({5, 6, 7, 8, 9, 15, 16, 17, 35, 53})
"""Elements that SMILES write outside brackets: B, C, N, O, F, P, S, Cl, Br, I."""
_ORDERS = {Chem.BondType.SINGLE: 1, Chem.BondType.DOUBLE: 2, Chem.BondType.TRIPLE: 3}
_SPELLED = ("-", "=", "#")


class NotARecipeError(Exception):
    """A rule that is no exchange of terminal groups; the text says why, to go after `because`."""


@dataclass(frozen=True)
class Slot:
    """One atom of the new group.

    Attributes:
        parent: place of the slot that it hangs on, or `ANCHOR`.
        order: of the bond between them.
        element: atomic number.
    """

    parent: int
    order: Chem.BondType
    element: int


@dataclass(frozen=True)
class Recipe:
    """An edit; atoms of the parent are named by their place in the query.

    Attributes:
        site: the atom with map number 1.
        anchor: the atom that keeps its place and bears the group.
        first: the atom that becomes slot 0, whether it keeps its element or not; None where slot 0 replaces a hydrogen.
        first_degree: bonds that `first` must have in the parent; with more, the engine would lose what hangs on it.
        doomed: the other atoms of the old group, each with its degree; they vanish.
        hydrogens: hydrogens that `first`, or the anchor where `first` is None, gives up.
        slots: the new group, each slot after its parent.
    """

    site: int
    anchor: int
    first: int | None
    first_degree: int
    doomed: tuple[tuple[int, int], ...]
    hydrogens: int
    slots: tuple[Slot, ...]

    @property
    def keeps_first(self) -> bool:
        """Whether `first` stays in the product as slot 0."""
        return self.first is not None and self.hydrogens > 0

    @property
    def changed(self) -> int:
        """The atom of the parent that the group begins at: `first`, or the anchor that loses a hydrogen."""
        return self.anchor if self.first is None else self.first

    def depth(self, place: int) -> int:
        """Bonds between slot 0 and this slot; slots beside slot 0 count as one away."""
        parent = self.slots[place].parent
        return 0 if parent == ANCHOR else 1 + self.depth(parent)

    @property
    def shape(self) -> tuple[tuple[int, Chem.BondType], ...]:
        """The group without its elements."""
        return tuple((slot.parent, slot.order) for slot in self.slots)


def compile_recipe(rule: Rule) -> Recipe:
    """The recipe of a valid rule.

    Raises:
        NotARecipeError: the rule does something else than to exchange one terminal group.
    """
    with rdBase.BlockLogs():
        reaction = rdChemReactions.ReactionFromSmarts(rule.smirks)
    return _Compiler(reaction.GetReactantTemplate(0), reaction.GetProductTemplate(0)).recipe()


class _Compiler:
    """Reads the two templates of one reaction."""

    def __init__(self, before: Chem.Mol, after: Chem.Mol) -> None:
        self._before, self._after = before, after
        self._old = self._by_map(before)
        self._new = self._by_map(after)

    def recipe(self) -> Recipe:
        """The recipe, or NotARecipeError."""
        self._check_templates()
        added = [atom for atom in self._after.GetAtoms() if not atom.GetAtomMapNum()]
        lost = [atom for atom in self._before.GetAtoms() if atom.GetAtomMapNum() not in self._new]
        if not added:
            raise NotARecipeError("it adds no atom")
        bearers = {other.GetIdx() for atom in added for other in atom.GetNeighbors() if other.GetAtomMapNum()}
        if len(bearers) != 1:
            raise NotARecipeError("the new atoms do not hang on one atom that is kept")
        bearer = self._after.GetAtomWithIdx(bearers.pop())
        kept = self._old[bearer.GetAtomMapNum()]
        if lost:
            recipe = self._exchange(bearer, kept, lost)
        elif kept.GetDegree() == 1:
            recipe = self._extension(bearer, kept)
        elif kept.GetDegree() == 0:
            recipe = self._substitution(bearer, kept)
        else:
            raise NotARecipeError("an atom that is kept gains a bond and has several in the query")
        self._check_bonds(recipe.first)
        _check_valences(recipe)
        return recipe

    def _exchange(self, bearer: Chem.Atom, kept: Chem.Atom, lost: list[Chem.Atom]) -> Recipe:
        places = {atom.GetIdx() for atom in lost}
        bridges = [
            (atom, bond)
            for atom in lost
            for bond in atom.GetBonds()
            if bond.GetOtherAtomIdx(atom.GetIdx()) not in places
        ]
        if len(bridges) != 1 or bridges[0][1].GetOtherAtomIdx(bridges[0][0].GetIdx()) != kept.GetIdx():
            raise NotARecipeError("the atoms that go do not hang on the atom that bears the new ones by one bond")
        first, bond = bridges[0]
        if bond_mark(bond) not in ("", "-"):
            raise NotARecipeError("the group that goes does not hang on a single bond")
        doomed = tuple((atom.GetIdx(), atom.GetDegree()) for atom in lost if atom.GetIdx() != first.GetIdx())
        slots = self._slots(bearer, ANCHOR, [])
        if sum(slot.parent == ANCHOR for slot in slots) != 1 or slots[0].order != Chem.BondType.SINGLE:
            raise NotARecipeError("the new group does not hang on one single bond")
        return Recipe(self._old[1].GetIdx(), kept.GetIdx(), first.GetIdx(), first.GetDegree(), doomed, 0, tuple(slots))

    def _extension(self, bearer: Chem.Atom, kept: Chem.Atom) -> Recipe:
        (bond,) = kept.GetBonds()
        if bond_mark(bond) not in ("", "-"):
            raise NotARecipeError("the atom that is extended does not hang on a single bond")
        head = Slot(ANCHOR, Chem.BondType.SINGLE, bearer.GetAtomicNum())
        slots = self._slots(bearer, 0, [head])
        given_up = sum(_ORDERS[slot.order] for slot in slots if slot.parent == 0)
        anchor = bond.GetOtherAtomIdx(kept.GetIdx())
        return Recipe(self._old[1].GetIdx(), anchor, kept.GetIdx(), 1, (), given_up, tuple(slots))

    def _substitution(self, bearer: Chem.Atom, kept: Chem.Atom) -> Recipe:
        slots = self._slots(bearer, ANCHOR, [])
        if sum(slot.parent == ANCHOR for slot in slots) != 1 or slots[0].order != Chem.BondType.SINGLE:
            raise NotARecipeError("a hydrogen is not replaced by one group on a single bond")
        return Recipe(self._old[1].GetIdx(), kept.GetIdx(), None, 0, (), 1, tuple(slots))

    def _slots(self, bearer: Chem.Atom, place: int, slots: list[Slot]) -> list[Slot]:
        """The new atoms around `bearer`, breadth first and higher orders first, so that shapes of rules begin alike."""
        seen = {bearer.GetIdx()}
        queue = [(bearer, place)]
        while queue:
            atom, parent = queue.pop(0)
            bonds = sorted(atom.GetBonds(), key=lambda bond: -_ORDERS[_order(bond)])
            for bond in bonds:
                other = bond.GetOtherAtom(atom)
                if other.GetIdx() in seen or other.GetAtomMapNum():
                    continue
                seen.add(other.GetIdx())
                slots.append(Slot(parent, _order(bond), other.GetAtomicNum()))
                queue.append((other, len(slots) - 1))
        return slots

    def _check_templates(self) -> None:
        if len(Chem.GetMolFrags(self._before)) > 1 or len(Chem.GetMolFrags(self._after)) > 1:
            raise NotARecipeError("it has several fragments")
        for template in (self._before, self._after):
            if any(atom.GetChiralTag() != Chem.ChiralType.CHI_UNSPECIFIED for atom in template.GetAtoms()):
                raise NotARecipeError("it says something of stereo centres")
            if any(bond.GetBondDir() != Chem.BondDir.NONE for bond in template.GetBonds()):
                raise NotARecipeError("it says something of double bonds' stereo")
        for atom in self._after.GetAtoms():
            number = atom.GetAtomMapNum()
            if number and number not in self._old:
                raise NotARecipeError(f"atom {number} of the product is not in the query")
            if not number:
                _check_new(atom)
            else:
                self._check_kept(number, atom)
        for bond in self._after.GetBonds():
            if not (bond.GetBeginAtom().GetAtomMapNum() and bond.GetEndAtom().GetAtomMapNum()):
                _order(bond)

    def _check_kept(self, number: int, atom: Chem.Atom) -> None:
        """An atom of the product must be what each atom is that matches its map number in the query."""
        element = only_element(atom)
        if element is None:
            raise NotARecipeError(f"{written(atom)} says more of a kept atom than its element")
        name, value = element
        if conjuncts(self._old[number]).get(name) != value:
            raise NotARecipeError(f"atom {number} may change its element or become aromatic or aliphatic")

    def _check_bonds(self, first: int | None) -> None:
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
                raise NotARecipeError("a bond between kept atoms changes")
            if bond_mark(bond) not in _SPELLED and first not in (bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()):
                raise NotARecipeError("the order of a bond between kept atoms is not spelled out")
        if inside != len(kept):
            raise NotARecipeError("it makes a bond between kept atoms")
        if self._after.GetNumBonds() - len(kept) != sum(not atom.GetAtomMapNum() for atom in self._after.GetAtoms()):
            raise NotARecipeError("it makes a ring")

    @staticmethod
    def _by_map(template: Chem.Mol) -> dict[int, Chem.Atom]:
        mapped = [atom for atom in template.GetAtoms() if atom.GetAtomMapNum()]
        found = {atom.GetAtomMapNum(): atom for atom in mapped}
        if len(found) != len(mapped):
            raise NotARecipeError("a map number occurs twice")
        return found


def _check_new(atom: Chem.Atom) -> None:
    name, value = only_element(atom) or ("", 0)
    if name != "AtomType" or value not in _NEW:
        raise NotARecipeError(f"the new atom {written(atom)} is not a plain one")


def _order(bond: Chem.Bond) -> Chem.BondType:
    """The order that the engine gives a bond of a product: a bond that is not spelled out is single."""
    smarts = bond_mark(bond)
    found = {"": Chem.BondType.SINGLE, "-": Chem.BondType.SINGLE, "=": Chem.BondType.DOUBLE, "#": Chem.BondType.TRIPLE}
    if smarts not in found:
        raise NotARecipeError("a bond of a new atom has no one order")
    return found[smarts]


def _check_valences(recipe: Recipe) -> None:
    """The new group must be a molecule on a methyl group: then it is one on any atom that lost as much."""
    model = Chem.RWMol(Chem.MolFromSmiles("C"))
    for slot in recipe.slots:
        place = model.AddAtom(Chem.Atom(slot.element))
        model.AddBond(slot.parent + 1, place, slot.order)
    with rdBase.BlockLogs():
        if Chem.SanitizeMol(model, catchErrors=True) != Chem.SanitizeFlags.SANITIZE_NONE:
            raise NotARecipeError("the new group is no molecule")
