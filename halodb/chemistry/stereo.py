"""Where an edit cannot disturb stereochemistry, so that it need not be perceived again in the product.

RDKit's legacy perception (Chirality.cpp of RDKit 2026.09) keeps a stereo centre whose neighbours get different CIP
ranks, and names a double bond (E or Z) by the order of the ranks at its two atoms. The ranks are a colour refinement,
as in Morgan's algorithm: round 0 knows elements and isotopes, each further round the neighbours of the round before,
each as often as twice its bond's order. So what two neighbours are told apart by within k rounds lies within k bonds of
them, and an edit farther away changes neither that they differ nor their order. `Stereo` refines colours in the same
way, as integers that forget a little (hydrogens, and what a hash loses), which can only make it call a safe edit
unsafe.

A second reason: an edit that leaves an atom of an element that the product has nowhere else makes that atom, and
after as many rounds as it is far away, the attachment atom, a colour of its own. Refining a graph with one atom
coloured alone never merges what the graph tells apart without it, so all centres keep different neighbours. The order
may change, so it is no reason for double bonds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from halodb.chemistry.elements import PHOSPHORUS
from halodb.chemistry.plain_smiles import PlainSmiles, atomic_numbers, atoms_of

ROUNDS = 3
_LEAST_ATOMS = 16
"""RDKit refines for half as many rounds as there are atoms; so many suffice for ROUNDS and a group four bonds long."""

_DOUBLE = 2.0  # order of the bond
_MULTIPLIER = np.int64(-7046029254386353131)  # odd, for mixing modulo 2**64
_OTHER = np.int64(6364136223846793005)
_EXACT = np.int64(2**40 - 1)  # so that floating-point sums over bonds are exact


class Stereo:
    """What is known of a parent's stereochemistry.

    Attributes:
        centres: none of the parent's stereo centres depends on another one or is known by its ring only, so that both
            reasons apply. Where it is False no edit is safe.
    """

    __slots__ = ("_near_bonds", "_near_centres", "centres")

    def __init__(self, parent: Chem.Mol, smiles: PlainSmiles, *, bonds: bool) -> None:
        """Look at a parent.

        Args:
            parent: what the SMILES was parsed to; its double bonds' stereochemistry must be perceived.
            smiles: a plain one.
            bonds: it may have stereo double bonds.
        """
        self.centres = False
        atoms = atoms_of(smiles)
        if len(atoms) < _LEAST_ATOMS or len(atoms) != parent.GetNumAtoms():
            return
        elements = atomic_numbers(atoms)
        if PHOSPHORUS in elements:  # RDKit counts double bonds to it once
            return
        orders: NDArray[np.float64] = Chem.GetAdjacencyMatrix(parent, useBO=True)
        colours = _Colours(orders, elements)
        centres = [(index, index) for index, atom in enumerate(atoms) if "@" in atom]
        near = colours.near(centres)
        if near is None:
            return
        self._near_centres = near
        self._near_bonds = None
        if bonds:
            doubles = zip(*(places.tolist() for places in (orders == _DOUBLE).nonzero()), strict=True)
            self._near_bonds = colours.near(
                [
                    (one, two)
                    for one, two in doubles
                    if parent.GetBondBetweenAtoms(one, two).GetStereo() > Chem.BondStereo.STEREOANY
                ]
            )
            if self._near_bonds is None:
                return
        self.centres = True

    def untouched(self, changed: int, *, keeps: bool) -> bool:
        """Whether an edit is too far away from everything to matter.

        Args:
            changed: the atom that it begins at.
            keeps: this atom keeps its element and only gains neighbours, which is felt a round later.
        """
        return changed not in self._near_centres[keeps] and self.bonds_untouched(changed, keeps=keeps)

    def bonds_untouched(self, changed: int, *, keeps: bool) -> bool:
        """The same for double bonds alone."""
        return self._near_bonds is None or changed not in self._near_bonds[keeps]


class _Colours:
    """Colours of all atoms, a list a round; different ones are different in RDKit's refinement after as many rounds."""

    def __init__(self, orders: NDArray[np.float64], elements: list[int]) -> None:
        self._orders = orders
        self._last = np.array(elements, dtype=np.int64)
        self._rounds = [elements]
        rows, columns = orders.nonzero()
        self._columns: list[int] = columns.tolist()
        self._starts: list[int] = rows.searchsorted(np.arange(len(elements) + 1)).tolist()

    def near(self, atoms: list[tuple[int, int]]) -> tuple[set[int], set[int]] | None:
        """All atoms that help to tell apart the neighbours, but for a partner, of any of these atoms.

        Args:
            atoms: each with a partner that is left out of its neighbours; itself where there is none.

        Returns:
            Atoms whose element matters and atoms whose neighbours do, or None where RDKit may need more rounds, or
            other stereochemistry, to tell them apart.
        """
        deciding: list[set[int]] = [set() for _ in range(ROUNDS + 1)]
        columns, starts = self._columns, self._starts
        for atom, partner in atoms:
            neighbours = columns[starts[atom] : starts[atom + 1]]
            if partner != atom:
                neighbours.remove(partner)
            for number in range(ROUNDS + 1):
                colours = self._round(number)
                if len({colours[each] for each in neighbours}) == len(neighbours):
                    deciding[number].update(neighbours)
                    break
            else:
                return None
        centres = {atom for atom, _ in atoms}
        reached: set[int] = set()
        for number in range(ROUNDS, 1, -1):
            reached = self._grown(reached | deciding[number])
        reached |= deciding[1]
        return self._grown(reached) | deciding[0] | centres, reached | centres

    def _grown(self, atoms: set[int]) -> set[int]:
        columns, starts = self._columns, self._starts
        return atoms.union(*[columns[starts[atom] : starts[atom + 1]] for atom in atoms])

    def _round(self, number: int) -> list[int]:
        while number >= len(self._rounds):
            mixed = self._last * _MULTIPLIER
            mixed ^= mixed >> 32
            felt = self._orders.dot((mixed & _EXACT).astype(np.float64))
            self._last = self._last * _OTHER + (felt * 2).astype(np.int64)  # an aromatic bond counts one and a half
            self._rounds.append(self._last.tolist())
        return self._rounds[number]
