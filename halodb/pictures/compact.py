"""RDKit's SVG with a tenth of its bytes, for pages that hold thousands: classes, whole numbers, joined paths.

It is written anew, so that nothing but lines, areas and labels gets into a page, whatever a molecule brought along.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import NamedTuple
from xml.etree import ElementTree

from halodb.pictures.colours import class_of

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_PATH = re.compile(r"[MLHVCSQTAZmlhvcsqtaz0-9eE.,\s-]*")
_SPACES = re.compile(r"[\s,]+")
_SPACE_BESIDE_LETTER = re.compile(r" ?([A-Za-z]) ?")
_FULL_SIZE = 0.8
"""Of a label, what is smaller is an index or a charge."""


class _Stroke(NamedTuple):
    """How a shape is drawn: `w` a line, `a` an area, and its colour's class."""

    kind: str
    colour: str
    dashed: bool


class _Letter(NamedTuple):
    """Of a label: RDKit places each by itself."""

    colour: str
    size: float
    x: str
    y: str
    text: str


def compact(svg: str, width: int, height: int) -> str:
    """The same picture in few bytes.

    Args:
        svg: as `MolDraw2DSVG` writes it without FreeType.
        width, height: of it.

    Raises:
        ValueError: it is no SVG.

    Returns:
        SVG without colours of its own: the classes are those of `colours`, for lines (`w`), areas (`a`) and labels.
    """
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314  RDKit wrote it
    except ElementTree.ParseError as error:
        raise ValueError(f"RDKit's drawing cannot be read: {error}") from error
    shapes: list[tuple[_Stroke, str]] = []
    letters: list[_Letter] = []
    for element in root:
        style = dict(part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
        match element.tag.rpartition("}")[2]:
            case "path":
                shapes += _path(element, style)
            case "ellipse":
                shapes.append((_Stroke("a", class_of(style["fill"]), False), _ellipse(element)))
            case "text" if element.text:
                letters.append(_letter(element, style))
    # Lines of a kind are one path. Areas are not: where two of one path overlap there may be a hole.
    drawn = "".join(
        _group(stroke, (shape for _, shape in same))
        for (stroke, _), same in groupby(shapes, lambda one: (one[0], one[1] if one[0].kind == "a" else ""))
    )
    return f'<svg viewBox="0 0 {width} {height}">{drawn}{_labels(letters)}</svg>'


def _path(element: ElementTree.Element, style: dict[str, str]) -> list[tuple[_Stroke, str]]:
    d = element.get("d", "")
    if _PATH.fullmatch(d) is None:
        return []
    fill = style.get("fill", "none")
    line = fill == "none"
    if line and "class" not in element.attrib and d.count("L") == 2:  # noqa: PLR2004  a joint: round ends make it
        return []
    colour = class_of(style.get("stroke", "") if line else fill)
    return [(_Stroke("w" if line else "a", colour, line and "stroke-dasharray" in style), _short(d))]


def _short(d: str) -> str:
    whole = _NUMBER.sub(lambda found: _whole(found[0]), _SPACES.sub(" ", d.strip()))
    return _SPACE_BESIDE_LETTER.sub(r"\1", whole).replace("L", " ")  # a line is what follows on M without a letter


def _ellipse(element: ElementTree.Element) -> str:
    x, y = (round(float(element.get(name, 0))) for name in ("cx", "cy"))
    across, up = (round(float(element.get(name, 0))) for name in ("rx", "ry"))
    return f"M{x - across} {y}a{across} {up} 0 1 0 {2 * across} 0a{across} {up} 0 1 0 {-2 * across} 0"


def _group(stroke: _Stroke, shapes: Iterable[str]) -> str:
    dash = " d" if stroke.dashed else ""
    return f'<path class="{stroke.kind} {stroke.colour}{dash}" d="{"".join(shapes)}"/>'


def _letter(element: ElementTree.Element, style: dict[str, str]) -> _Letter:
    size = float(style.get("font-size", "0").removesuffix("px"))
    x, y = (_whole(element.get(name, "0")) for name in ("x", "y"))
    return _Letter(class_of(style.get("fill", "")), size, x, y, (element.text or "")[:1])


def _labels(letters: list[_Letter]) -> str:
    """One text for the letters of a size and a colour, each at its place."""
    if not letters:
        return ""
    full = max(letter.size for letter in letters)
    texts = []
    for (colour, size), same in groupby(
        sorted(letters, key=lambda one: (one.colour, -one.size)), lambda one: (one.colour, one.size)
    ):
        across, up, text = zip(*((one.x, one.y, one.text) for one in same), strict=True)
        small = " t" if size < _FULL_SIZE * full else ""
        texts.append(
            f'<text class="{colour}{small}" font-size="{size:.0f}" x="{" ".join(across)}" y="{" ".join(up)}">'
            f"{escape(''.join(text))}</text>"
        )
    return "".join(texts)


def _whole(number: str) -> str:
    return str(round(float(number)))
