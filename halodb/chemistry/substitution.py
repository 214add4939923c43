"""Substitutions: what is left of a rule when it exchanges one terminal group, in terms of atoms and bonds.

    [#6:1][CX3](=O)[OX2H]>>[#6:1]N        R-C(=O)OH becomes R-NH2

Here atom 1 is the attachment atom: it stays, and bears the group. The carboxyl carbon is the head of the old group, the
atom by which it hangs on the attachment atom; the oxygens are the leaving group, which vanishes. The new substituent
has one atom, a nitrogen: the head becomes it, or stays as it where the rule keeps it (`[c:1][OX2H:2]>>[c:1][O:2]C`).
"""

from __future__ import annotations

from dataclasses import dataclass

from rdkit import Chem

ATTACHMENT = -1
"""Stands for the attachment atom where a substituent atom says what it is bonded to."""


@dataclass(frozen=True)
class SubstituentAtom:
    """One atom of the new substituent.

    Attributes:
        parent: place of the substituent atom that it is bonded to, or `ATTACHMENT`.
        order: of the bond between them.
        element: atomic number.
    """

    parent: int
    order: Chem.BondType
    element: int


@dataclass(frozen=True)
class Substitution:
    """An exchange of one terminal group; atoms of the parent are named by their place in the rule's query.

    Attributes:
        site: the atom with map number 1.
        attachment: the atom that stays and bears the group.
        head: the atom of the old group that becomes substituent atom 0, whether it keeps its element or not; None where
            the substituent takes the place of a hydrogen.
        head_degree: bonds that the head must have in the parent; with more, RDKit's engine would lose what hangs on it.
        leaving_group: the other atoms of the old group, each with its degree; they vanish.
        hydrogens: how many the head gives up, or the attachment atom where there is no head.
        substituent: the new group, each atom after the one that it is bonded to.
    """

    site: int
    attachment: int
    head: int | None
    head_degree: int
    leaving_group: tuple[tuple[int, int], ...]
    hydrogens: int
    substituent: tuple[SubstituentAtom, ...]

    @property
    def keeps_head(self) -> bool:
        """Whether the head stays in the product, as substituent atom 0: a hydroxyl oxygen that becomes an ether's."""
        return self.head is not None and self.hydrogens > 0

    @property
    def changed(self) -> int:
        """The atom of the parent at which the change begins: the head, or the attachment atom that loses a hydrogen."""
        return self.attachment if self.head is None else self.head

    @property
    def removes(self) -> tuple[int, int | None, tuple[tuple[int, int], ...]]:
        """What becomes of the parent's atoms: the same for substitutions that can be made on one copy of a parent."""
        return self.attachment, self.head, self.leaving_group

    @property
    def shape(self) -> tuple[tuple[int, Chem.BondType], ...]:
        """The substituent without its elements."""
        return tuple((atom.parent, atom.order) for atom in self.substituent)

    def depth(self, place: int) -> int:
        """Bonds between substituent atom 0 and another one; those beside atom 0 count as one away."""
        parent = self.substituent[place].parent
        return 0 if parent == ATTACHMENT else 1 + self.depth(parent)
