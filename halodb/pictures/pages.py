"""Pages of one file that need no other and no network: jinja2 templates, which escape what comes from a user's file.

A page's policy (CSP) lets the browser load nothing and run no script but the page's own, which it names by its digest.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Iterable
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from halodb.pictures import colours
from halodb.resources import resource
from halodb.version import __version__


def render(template: str, **values: Any) -> bytes:
    """A page, in UTF-8.

    Args:
        template: its name in `templates/`.
        values: what it shows. Texts are escaped; markup of ours is given as `Markup`.
    """
    return environment().get_template(template).render(values).encode("utf-8", "replace")


def safe_json(value: Any) -> Markup:
    r"""JSON for a `<script type="application/json">`: nothing in it ends the script, and no number is NaN.

    >>> safe_json({"name": "</script>", "logp": float("nan")})
    Markup('{"name":"\\u003c/script\\u003e","logp":null}')
    """
    text = json.dumps(_finite(value), ensure_ascii=False, separators=(",", ":"), default=str)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  nothing is left in it that could be markup


def drawing(svg: str) -> Markup:
    """A compact picture, which `compact` wrote anew of numbers and labels, as markup."""
    return Markup(svg)  # noqa: S704


def series_colours(names: Iterable[str]) -> dict[str, int]:
    """The number of a colour for each name; there are so many, then they begin anew."""
    return {name: place % len(colours.SERIES) for place, name in enumerate(names)}


@cache
def environment() -> jinja2.Environment:
    """The templates, with the filters and functions that they use."""
    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(_text),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "asset": lambda *names: Markup(_assets(names)),  # noqa: S704  files of ours
        "digest": lambda *names: _digest(_assets(names)),
        "colours": colours,
        "version": __version__,
    }
    made.filters |= {"safe_json": safe_json, "drawing": drawing, "figure": figure}
    return made


def figure(value: object) -> str:
    """A number as people read it.

    >>> figure(12345), figure(3.14159), figure(250.0)
    ('12,345', '3.14', '250')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.2f}".rstrip("0").rstrip(".")  # noqa: PLR2004
    return f"{value:,}" if isinstance(value, int) else str(value)


def _finite(value: Any) -> Any:
    match value:
        case float():
            return value if math.isfinite(value) else None
        case dict():
            return {str(key): _finite(each) for key, each in value.items()}
        case list() | tuple():
            return [_finite(each) for each in value]
        case _:
            return value


@cache
def _text(name: str) -> str:
    return resource("templates", name).read_text(encoding="utf-8")


def _assets(names: Iterable[str]) -> str:
    return "\n".join(_text(name) for name in names)


def _digest(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
