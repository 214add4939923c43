"""The inputs in a directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from halodb.errors import HalodbError, InputError
from halodb.inputs.input import PRODUCTS_FILE, Input, open_input
from halodb.inputs.names import InputName, is_input_name, parse_input_name
from halodb.rules import DEPTHS


@dataclass(frozen=True)
class FoundInput:
    """An input that is there, opened, or the error that says why it cannot be."""

    name: InputName
    path: Path
    opened: Input | HalodbError


def find_inputs(directory: Path) -> list[FoundInput]:
    """All inputs `<class>-<k>X/products.parquet` or `<class>-<k>X.parquet` with k of 1 or 2, by name, each opened.

    Parents that were not halogenated (`<class>-0X`, as `halogenate` leaves them) are none of a pipeline's inputs.

    Raises:
        InputError: the directory is not there, or holds no input.
    """
    if not directory.is_dir():
        raise InputError(f"{directory} is not a directory.", "Give the directory that holds <class>-<k>X/.")
    paths = [*directory.glob(f"*/{PRODUCTS_FILE}"), *directory.glob("*.parquet")]
    named = {path.parent.name if path.name == PRODUCTS_FILE else path.stem: path for path in sorted(paths)}
    found = [
        open_found(name, path)
        for text, path in sorted(named.items())
        if is_input_name(text) and (name := parse_input_name(text)).k in DEPTHS
    ]
    if not found:
        raise InputError(
            f"{directory} holds no input.",
            f"Inputs are named <class>-<k>X/{PRODUCTS_FILE}, as in polyphenol-1X; `halodb halogenate` makes them.",
        )
    return found


def open_found(name: InputName, path: Path) -> FoundInput:
    """Open an input; where it cannot be, that is told, not raised."""
    try:
        return FoundInput(name, path, open_input(path, str(name)))
    except HalodbError as error:
        return FoundInput(name, path, error)
