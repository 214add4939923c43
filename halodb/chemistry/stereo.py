"""Where an edit cannot disturb stereochemistry, so that it need not be perceived again in the product.

RDKit's legacy perception (Chirality.cpp of RDKit 2026.09) keeps a stereo centre whose neighbours get different CIP ranks,
and names a double bond by the order of the ranks at its ends. The ranks are a colour refinement: round 0 knows elements and
isotopes, each further round the neighbours of the round before, each as often as twice its bond's order. So what two
neighbours are told apart by within k rounds lies within k bonds of them, and an edit farther away changes neither that
they differ nor their order. `Stereo` refines colours in the same way, as integers that forget a little (hydrogens, and what
a hash loses), which can only make it call a safe edit unsafe.

A second reason: an edit that leaves an atom of an element that the product has nowhere else makes that atom, and after as
many rounds as it is far away, the anchor, a colour of its own. Refining a graph with one atom coloured alone never merges
what the graph tells apart without it, so all centres keep different neighbours. The order may change, so it is no reason
for double bonds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdqueries

ROUNDS = 3
_LEAST_ATOMS = 16
"""RDKit refines for half as many rounds as there are atoms; so many suffice for ROUNDS and a group four bonds long."""

_TAGGED = rdqueries.HasChiralTagQueryAtom()
_MULTIPLIER = np.int64(-7046029254386353131)  # odd, for mixing modulo 2**64
_OTHER = np.int64(6364136223846793005)

Mask = NDArray[np.bool_]


class Stereo:
    """What is known of a parent's stereochemistry; the parent must have it perceived.

    Attributes:
        centres: none of the parent's stereo centres depends on another one or is known by its ring only, so that both
            reasons apply. Where it is False no edit is safe.
    """

    __slots__ = ("_near_bonds", "_near_centres", "centres")

    def __init__(self, parent: Chem.Mol, *, bonds: bool) -> None:
        """Look at a parent.

        Args:
            parent: sanitized or read lightly, with stereochemistry perceived.
            bonds: it may have stereo double bonds.
        """
        self.centres = False
        if parent.GetNumAtoms() < _LEAST_ATOMS:
            return
        orders: NDArray[np.float64] = Chem.GetAdjacencyMatrix(parent, useBO=True, force=True)
        weights = (orders * 2).astype(np.int64)
        elements = np.array([atom.GetAtomicNum() for atom in parent.GetAtoms()], dtype=np.int64)
        if 15 in elements:  # noqa: PLR2004  phosphorus has rules of its own in the perception
            return
        rounds = _colours(weights, elements)
        adjacent = weights > 0
        near = [np.zeros(len(elements), dtype=bool) for _ in range(ROUNDS + 1)]
        for atom in parent.GetAtomsMatchingQuery(_TAGGED):
            neighbours = [other.GetIdx() for other in atom.GetNeighbors()]
            told = _round_that_tells(rounds, neighbours)
            if told is None:
                return
            near[told][neighbours] = True
            near[0][atom.GetIdx()] = True
        self._near_centres = _balls(adjacent, near)
        self._near_bonds = None
        if bonds:
            self._near_bonds = self._around_bonds(parent, rounds, adjacent)
            if self._near_bonds is None:
                return
        self.centres = True

    def untouched(self, changed: int) -> bool:
        """Whether an edit of this atom, or of what hangs on it, is too far away from everything to matter."""
        return self.centres and not self._near_centres[changed] and self.bonds_untouched(changed)

    def bonds_untouched(self, changed: int) -> bool:
        """The same for double bonds alone."""
        return self.centres and (self._near_bonds is None or not self._near_bonds[changed])

    @staticmethod
    def _around_bonds(parent: Chem.Mol, rounds: list[list[int]], adjacent: Mask) -> Mask | None:
        near = [np.zeros(len(adjacent), dtype=bool) for _ in range(ROUNDS + 1)]
        for bond in parent.GetBonds():
            if bond.GetBondType() != Chem.BondType.DOUBLE or bond.GetStereo() <= Chem.BondStereo.STEREOANY:
                continue
            ends = (bond.GetBeginAtom(), bond.GetEndAtom())
            for end, partner in (ends, ends[::-1]):
                neighbours = [other.GetIdx() for other in end.GetNeighbors() if other.GetIdx() != partner.GetIdx()]
                told = _round_that_tells(rounds, neighbours)
                if told is None:
                    return None
                near[told][neighbours] = True
                near[0][end.GetIdx()] = True
        return _balls(adjacent, near)


def _colours(weights: NDArray[np.int64], elements: NDArray[np.int64]) -> list[list[int]]:
    """Colours of all atoms after each round; different ones are different in RDKit's refinement after as many rounds."""
    colours = elements
    rounds = [colours.tolist()]
    for _ in range(ROUNDS):
        mixed = colours * _MULTIPLIER
        mixed ^= mixed >> 29
        mixed *= _OTHER
        mixed ^= mixed >> 32
        colours = colours * _OTHER + weights.dot(mixed)
        rounds.append(colours.tolist())
    return rounds


def _round_that_tells(rounds: list[list[int]], atoms: list[int]) -> int | None:
    """The first round in which all of these atoms have colours of their own."""
    for number, colours in enumerate(rounds):
        if len({colours[atom] for atom in atoms}) == len(atoms):
            return number
    return None


def _balls(adjacent: Mask, near: list[Mask]) -> Mask:
    """All atoms within k bonds of an atom of `near[k]`, for any k."""
    reached = near[-1]
    for mask in reversed(near[:-1]):
        reached = reached | (adjacent @ reached) | mask
    return reached
