"""Coordinates and drawings: a molecule alone, or a product and its parent in one position and at one scale."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from rdkit import Chem
from rdkit.Chem import rdDepictor
from rdkit.Chem.Draw import rdMolDraw2D
from rdkit.Geometry import Point2D

from halodb.pictures.colours import BONDS, CHANGED, ELEMENTS, HALOGEN, HIGHLIGHTS, rgb
from halodb.pictures.compact import compact
from halodb.pictures.pair import Pair, halogens_of

WIDTH, HEIGHT = 600, 440
"""Of a picture in a page, in the units of its coordinates; it is shown at any size."""

_BOND = 62.0
"""Length of a bond at the most: small molecules are not blown up."""
_ANGSTROMS = 1.5
"""The same in the coordinates of a drawing."""
_MARGIN = 0.7
"""Around a pair, in these: room for labels."""

_PALETTE = {-1: rgb(BONDS[1]), **{number: rgb(light) for number, (_, light, _) in ELEMENTS.items()}}
_MARKS = {name: rgb(light) for name, light, _ in HIGHLIGHTS}


def picture_of(pair: Pair) -> str:
    """The product of a pair as a compact SVG for a page, with what changed and the halogens marked.

    Raises:
        ValueError, RuntimeError: RDKit cannot draw it.
    """
    _lay_out(pair)
    return _compact(pair.product, pair.changed, None)


def pictures_of(pair: Pair) -> tuple[str | None, str]:
    """The parent, where it is known, and the product, as compact SVGs for a page: in one position, at one scale.

    Raises:
        ValueError, RuntimeError: RDKit cannot draw them.
    """
    _lay_out(pair)
    if pair.parent is None:
        return None, _compact(pair.product, pair.changed, None)
    bounds = _bounds([pair.parent, pair.product])
    return _compact(pair.parent, pair.left, bounds), _compact(pair.product, pair.changed, bounds)


def panels_of(pair: Pair, drawer: Callable[[], Any]) -> list[str | bytes]:
    """The parent, where it is known, and the product, as RDKit draws them for files of pictures.

    Args:
        pair: what is drawn.
        drawer: makes one for each, such as `MolDraw2DCairo`.

    Raises:
        ValueError, RuntimeError: RDKit cannot draw them.
    """
    _lay_out(pair)
    if pair.parent is None:
        return [_drawn(drawer(), pair.product, pair.changed, None)]
    bounds = _bounds([pair.parent, pair.product])
    both = ((pair.parent, pair.left), (pair.product, pair.changed))
    return [_drawn(drawer(), molecule, marked, bounds) for molecule, marked in both]


_Bounds = tuple[Point2D, Point2D]


def _lay_out(pair: Pair) -> None:
    """Give both coordinates in the plane: the product those of the parent, as far as they are the same."""
    first = pair.product if pair.parent is None else pair.parent
    rdDepictor.Compute2DCoords(first)
    rdDepictor.StraightenDepiction(first)
    if pair.parent is None:
        return
    if pair.shared:
        try:
            rdDepictor.GenerateDepictionMatching2DStructure(
                pair.product, pair.parent, [list(both) for both in pair.shared]
            )
        except (ValueError, RuntimeError):  # of what they share no drawing can be made: it is drawn by itself
            pass
        else:
            return
    rdDepictor.Compute2DCoords(pair.product)
    rdDepictor.StraightenDepiction(pair.product)


def _bounds(molecules: Iterable[Chem.Mol]) -> _Bounds:
    """The rectangle around molecules with coordinates."""
    places = [place for molecule in molecules for place in molecule.GetConformer().GetPositions()]
    (left, right), (low, high) = (
        _wide_enough(min(every) - _MARGIN, max(every) + _MARGIN, length / _BOND * _ANGSTROMS)
        for every, length in (([place[0] for place in places], WIDTH), ([place[1] for place in places], HEIGHT))
    )
    return Point2D(left, low), Point2D(right, high)


def _wide_enough(low: float, high: float, least: float) -> tuple[float, float]:
    more = max(0.0, least - (high - low)) / 2
    return low - more, high + more


def _compact(molecule: Chem.Mol, marked: Collection[int], bounds: _Bounds | None) -> str:
    drawer = rdMolDraw2D.MolDraw2DSVG(WIDTH, HEIGHT, -1, -1, True)
    return compact(str(_drawn(drawer, molecule, marked, bounds)), WIDTH, HEIGHT)


def _drawn(drawer: Any, molecule: Chem.Mol, marked: Collection[int], bounds: _Bounds | None) -> str | bytes:
    options = drawer.drawOptions()
    options.setAtomPalette(_PALETTE)
    options.clearBackground = False
    options.singleColourWedgeBonds = options.singleColourBonds = True
    options.padding = 0.06
    options.baseFontSize = 0.75
    options.minFontSize = 10
    options.standardColoursForHighlightedAtoms = True
    options.highlightRadius = 0.5
    options.fillHighlights = True
    options.scaleHighlightBondWidth = True
    options.highlightBondWidthMultiplier = 24
    options.fixedBondLength = _BOND * drawer.Width() / WIDTH
    halogens = halogens_of(molecule) - set(marked)
    colours = dict.fromkeys(marked, _MARKS[CHANGED]) | dict.fromkeys(halogens, _MARKS[HALOGEN])
    bonds = {
        bond.GetIdx(): _MARKS[CHANGED]
        for bond in molecule.GetBonds()
        if bond.GetBeginAtomIdx() in marked and bond.GetEndAtomIdx() in marked
    }
    molecule = rdMolDraw2D.PrepareMolForDrawing(molecule, kekulize=True)
    if bounds is not None:
        drawer.SetScale(drawer.Width(), drawer.Height(), *bounds)
    options.prepareMolsBeforeDrawing = False
    drawer.DrawMolecule(
        molecule,
        highlightAtoms=list(colours),
        highlightAtomColors=colours,
        highlightBonds=list(bonds),
        highlightBondColors=bonds,
    )
    drawer.FinishDrawing()
    text: str | bytes = drawer.GetDrawingText()
    return text
