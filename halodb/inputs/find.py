"""The inputs in a directory."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from halodb.errors import HalodbError, HalodbWarning, InputError
from halodb.inputs.input import PRODUCTS_FILE, Input, open_input
from halodb.inputs.names import InputName, is_input_name, parse_input_name

_SHOWN = 5
_OURS = {"parents_rejects", "parents_without_products", "distinct_products", "memory_trace"}
"""Names of Parquet files that halodb puts beside inputs and results."""


@dataclass(frozen=True)
class FoundInput:
    """An input that is there, opened, or the error that says why it cannot be."""

    name: InputName
    path: Path
    opened: Input | HalodbError


def find_inputs(directory: Path) -> list[FoundInput]:
    """All inputs `<class>-<k>X/products.parquet` or `<class>-<k>X.parquet`, by name, each opened.

    Parents that were not halogenated (`<class>-0X`, as `halogenate` leaves them) are none of a pipeline's inputs.

    Raises:
        InputError: the directory is not there, or holds no input.
    """
    if not directory.is_dir():
        raise InputError(f"{directory} is not a directory.", "Give the directory that holds <class>-<k>X/.")
    paths = [*directory.glob(f"*/{PRODUCTS_FILE}"), *directory.glob("*.parquet")]
    named = {path.parent.name if path.name == PRODUCTS_FILE else path.stem: path for path in sorted(paths)}
    found: dict[InputName, FoundInput] = {}
    others = []
    for text, path in sorted(named.items()):
        if text in _OURS:
            continue
        if not is_input_name(text):
            others.append(text)
        elif (name := parse_input_name(text)).k:
            found[name] = _twice(found[name], path) if name in found else open_found(name, path)
    if found and others:
        warnings.warn(f"{directory}: {_listed(others)} left out, as no name of an input.", HalodbWarning, stacklevel=2)
    if not found:
        raise InputError(
            f"{directory} holds no input.",
            f"Inputs are named <class>-<k>X/{PRODUCTS_FILE}, as in polyphenol-1X; `halodb halogenate` makes them.",
        )
    return list(found.values())


def _twice(first: FoundInput, second: Path) -> FoundInput:
    """An input whose name two files have, in upper and lower case, or with other blanks."""
    told = f"{first.name} is there twice: {first.path} and {second}."
    return FoundInput(first.name, first.path, InputError(told, "Remove or rename one of them."))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return f"{shown}{more} {'are' if len(names) > 1 else 'is'}"


def open_found(name: InputName, path: Path) -> FoundInput:
    """Open an input; where it cannot be, or is there in both ways of naming, that is told, not raised."""
    directory = path.parent.parent if path.name == PRODUCTS_FILE else path.parent
    both = [each for each in (directory / str(name) / PRODUCTS_FILE, directory / f"{name}.parquet") if each.exists()]
    if len(both) > 1:
        told = f"{name} is there twice: {both[0]} and {both[1]}."
        return FoundInput(name, path, InputError(told, "Remove or rename one of them."))
    try:
        return FoundInput(name, path, open_input(path, str(name)))
    except HalodbError as error:
        return FoundInput(name, path, error)
