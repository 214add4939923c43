"""Drawings as one picture: SVG for papers and slides, PNG."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from rdkit import rdBase
from rdkit.Chem.Draw import rdMolDraw2D

from halodb.drawing.entries import Entry
from halodb.drawing.page import Headings
from halodb.errors import UsageError, reason_of
from halodb.pictures.colours import BONDS
from halodb.pictures.depict import panels_of
from halodb.pictures.pages import figure
from halodb.pictures.pair import Pair

_SIDE, _TALL = 360, 264
"""Of a panel, in pixels."""
_ARROW = 40
_LINE, _MARGIN = 20, 16
_FONT = 14
_LETTER = 7.4
"""Mean width of a letter, in pixels."""
_ACROSS = 1600
_MOST_PIXELS = 120_000_000
_LINES = 12
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML has no place for."""
_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_FONTS = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "arial.ttf", "Arial.ttf")


@dataclass(frozen=True)
class _Cell:
    """An entry on the sheet: its panels, and lines of text below."""

    panels: tuple[str | bytes, ...]
    lines: tuple[str, ...]
    reason: str | None = None


@dataclass(frozen=True)
class _Sheet:
    cells: Sequence[_Cell]
    across: int
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        """Pixels."""
        rows = -(-len(self.cells) // self.across)
        return max(1, self.across) * self.width, max(1, rows) * self.height

    def placed(self) -> Iterator[tuple[_Cell, int, int]]:
        """The cells with their left upper corners."""
        for number, cell in enumerate(self.cells):
            yield cell, number % self.across * self.width, number // self.across * self.height


def svg_of(entries: Sequence[Entry], headings: Headings, parents: bool) -> tuple[bytes, int, int]:
    """An SVG on white ground; how many are beside their parent, and how many could not be drawn."""
    with rdBase.BlockLogs():
        cells = [_cell(entry, parents, lambda: rdMolDraw2D.MolDraw2DSVG(_SIDE, _TALL)) for entry in entries]
    sheet = _laid_out(cells)
    width, height = sheet.size
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
        f"<title>{_text(f'{headings.title}: {headings.asked}' if headings.asked else headings.title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for cell, x, y in sheet.placed():
        for place, panel in enumerate(cell.panels):
            inner = _INNER.search(str(panel))
            left = x + _MARGIN + place * (_SIDE + _ARROW)
            parts.append(f'<g transform="translate({left} {y + _MARGIN})">{inner[1] if inner else ""}</g>')
        if len(cell.panels) > 1:
            shaft, head = _arrow_points(x + _MARGIN + _SIDE, y + _MARGIN + _TALL // 2)
            parts.append(f'<path d="M{_pairs(shaft)}" stroke="{BONDS[1]}" stroke-width="2"/>')
            parts.append(f'<path d="M{_pairs(head)}Z" fill="{BONDS[1]}"/>')
        for place, line in enumerate(_all_lines(cell)):
            below = y + _MARGIN + _TALL + (place + 1) * _LINE
            parts.append(_svg_text(line, x + _MARGIN, below, weight="bold" if place == 0 else "normal"))
    return "\n".join([*parts, "</svg>\n"]).encode("utf-8", "replace"), *_counts(cells)


def png_of(entries: Sequence[Entry], headings: Headings, parents: bool) -> tuple[bytes, int, int]:
    """A PNG on white ground; how many are beside their parent, and how many could not be drawn.

    Raises:
        UsageError: it would have too many pixels.
    """
    with rdBase.BlockLogs():
        cells = [_cell(entry, parents, lambda: rdMolDraw2D.MolDraw2DCairo(_SIDE, _TALL)) for entry in entries]
    sheet = _laid_out(cells)
    width, height = sheet.size
    if width * height > _MOST_PIXELS:
        raise UsageError(
            f"a PNG of {len(cells):,} molecules would have {width * height:,} pixels.",
            "Draw fewer with --limit, or name the file .html or .svg.",
        )
    image = Image.new("RGB", sheet.size, "white")
    pen, font = ImageDraw.Draw(image), _font(_FONT)
    for cell, x, y in sheet.placed():
        for place, panel in enumerate(cell.panels):
            with Image.open(io.BytesIO(panel if isinstance(panel, bytes) else panel.encode())) as drawn:
                picture = drawn.convert("RGBA")
            image.paste(picture, (x + _MARGIN + place * (_SIDE + _ARROW), y + _MARGIN), picture)
        if len(cell.panels) > 1:
            _arrow(pen, x + _MARGIN + _SIDE, y + _MARGIN + _TALL // 2)
        for place, line in enumerate(_all_lines(cell)):
            pen.text((x + _MARGIN, y + _MARGIN + _TALL + place * _LINE), line, BONDS[1], font=font)
    content = io.BytesIO()
    image.save(content, "PNG", optimize=True)
    return content.getvalue(), *_counts(cells)


def _cell(entry: Entry, parents: bool, drawer: Any) -> _Cell:
    lines = [entry.name, *([", from ".join(filter(None, (entry.label, entry.origin)))] if entry.label else [])]
    lines += [f"{name}: {figure(value)}" for name, value in entry.shown if value is not None]
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], f"and {len(lines) - _LINES + 1} columns more"]
    try:
        pair = entry.pair()
        panels = panels_of(pair if parents else Pair(pair.product, changed=pair.changed), drawer)
    except (ValueError, RuntimeError) as error:  # what RDKit raises of a molecule
        return _Cell((), (*lines, entry.smiles), reason_of(error))
    return _Cell(tuple(panels), tuple(lines))


def _laid_out(cells: Sequence[_Cell]) -> _Sheet:
    most = max((len(cell.panels) for cell in cells), default=1) or 1
    width = 2 * _MARGIN + most * _SIDE + (most - 1) * _ARROW
    lines = max((len(_all_lines(cell)) for cell in cells), default=0)
    fitting = int((width - 2 * _MARGIN) / _LETTER)
    shorter = [
        _Cell(cell.panels, tuple(_shortened(line, fitting) for line in cell.lines), cell.reason) for cell in cells
    ]
    across = max(1, min(len(cells), _ACROSS // width))
    return _Sheet(shorter, across, width, 2 * _MARGIN + _TALL + (lines + 1) * _LINE)


def _shortened(line: str, letters: int) -> str:
    line = " ".join(_CONTROLS.sub("", line).split())
    return line if len(line) <= letters else f"{line[: letters - 2]} …"


def _all_lines(cell: _Cell) -> list[str]:
    return [*cell.lines, *([f"not drawn: {cell.reason}"] if cell.reason else [])]


def _counts(cells: Sequence[_Cell]) -> tuple[int, int]:
    return sum(len(cell.panels) > 1 for cell in cells), sum(cell.reason is not None for cell in cells)


def _text(text: str) -> str:
    return escape(_CONTROLS.sub("", text))


def _svg_text(text: str, x: int, y: int, *, weight: str) -> str:
    return (
        f'<text x="{x}" y="{y}" font-family="DejaVu Sans, Arial, Helvetica, sans-serif" font-size="{_FONT}" '
        f'font-weight="{weight}" fill="{BONDS[1]}">{_text(text)}</text>'
    )


_Points = tuple[tuple[int, int], ...]


def _arrow_points(x: int, y: int) -> tuple[_Points, _Points]:
    """Of the arrow from a parent to its product: the shaft, and the head."""
    end = x + _ARROW - 6
    return ((x + 6, y), (end - 8, y)), ((end, y), (end - 10, y - 5), (end - 10, y + 5))


def _arrow(pen: Any, x: int, y: int) -> None:
    shaft, head = _arrow_points(x, y)
    pen.line(shaft, BONDS[1], 2)
    pen.polygon(head, BONDS[1])


def _pairs(points: _Points) -> str:
    return " ".join(f"{x} {y}" for x, y in points)


def _font(size: int) -> Any:
    """A font with many letters, if the system has one; Pillow's own otherwise."""
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)
