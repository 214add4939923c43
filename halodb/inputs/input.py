"""An input: one Parquet file of parents with a `smiles` column."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from halodb.errors import InputError, UsageError
from halodb.files import digest, tail_digest
from halodb.inputs.columns import find_smiles, listed
from halodb.inputs.names import InputName, is_input_name, parse_input_name
from halodb.inputs.signature import Signature, check_unchanged, signature_of

if TYPE_CHECKING:  # it takes a tenth of a second to import, and not all that knows inputs reads them
    import pyarrow as pa
    import pyarrow.parquet as pq

PRODUCTS_FILE = "products.parquet"
RDKIT_KEY = b"halodb.rdkit"
"""Parquet metadata of files that halodb wrote: the RDKit version that made their `smiles` canonical."""


@dataclass(frozen=True)
class Input:
    """Parents to transform.

    Attributes:
        name: class and degree of halogenation.
        path: the Parquet file, absolute.
        rows: parents in it.
        digest: BLAKE2b of its bytes; the same file in another place is the same input.
        tail: digest of its end, which is quickly looked at.
        canonical_by: version of the RDKit that wrote the SMILES as canonical, where the file attests it.
        largest_row_group: rows of its largest row group.
        signature: of the file, when its digest was taken.
        column: name of the column with the SMILES.
    """

    name: InputName
    path: Path
    rows: int
    digest: str
    tail: str
    canonical_by: str | None
    largest_row_group: int
    signature: Signature
    column: str = "smiles"

    @property
    def is_plain(self) -> bool:
        """Whether SQL finds the SMILES by the name `smiles`, in upper or lower case."""
        return self.column.casefold() == "smiles"


def open_input(path: Path, name: str | None = None) -> Input:
    """Open and check an input.

    Args:
        path: the Parquet file, or its directory `<class>-<k>X` with `products.parquet` in it.
        name: `<class>-<k>X`, where neither the directory nor the file is named so.

    Raises:
        InputError: the file is missing, empty, damaged, not Parquet, has no column of SMILES that holds text, or is
            replaced while it is read.
        UsageError: nothing tells the class and k of the input.
    """
    file = (path / PRODUCTS_FILE if path.is_dir() else path).absolute()
    parquet = open_parquet(file)
    signature = signature_of(file)
    with parquet:
        metadata, schema = parquet.metadata, parquet.schema_arrow
    column = _smiles_column(file, schema)
    if metadata.num_rows == 0:
        raise InputError(f"{file} has no rows.", "Give a file with at least one parent.")
    groups = [metadata.row_group(index).num_rows for index in range(metadata.num_row_groups)]
    content, tail = digest(file), tail_digest(file)
    check_unchanged(file, signature)
    attested = (schema.metadata or {}).get(RDKIT_KEY) or (metadata.metadata or {}).get(RDKIT_KEY)
    return Input(
        name=parse_input_name(name) if name else _name_of(file),
        path=file,
        rows=metadata.num_rows,
        digest=content,
        tail=tail,
        canonical_by=attested.decode(errors="replace") if attested else None,
        largest_row_group=max(groups),
        signature=signature,
        column=column,
    )


def open_parquet(file: Path) -> pq.ParquetFile:
    """Open a Parquet file for streaming.

    Raises:
        InputError: the file is missing, empty, truncated, or not Parquet.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not file.exists():
        raise InputError(f"{file} does not exist.", "Check the path.")
    if file.is_dir():
        raise InputError(f"{file} is a directory.", f"Give a Parquet file, or a directory with {PRODUCTS_FILE} in it.")
    if not file.is_file():  # a pipe or a device: to open it may take for ever
        raise InputError(f"{file} is not a regular file.", "Give a Parquet file.")
    if file.stat().st_size == 0:
        raise InputError(f"{file} is empty (0 bytes).", "Export it again.")
    try:
        opened = pq.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20)
        _ = opened.schema_arrow.names
        return opened
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is damaged: the names of its columns are not text.", "Export it again.") from error
    except PermissionError as error:
        raise InputError(f"{file} may not be read.", "Change its permissions.") from error
    except (pa.ArrowException, OSError) as error:
        with file.open("rb") as handle:
            begins_well = handle.read(4) == b"PAR1"
        if begins_well:
            raise InputError(f"{file} is cut short: its Parquet footer is missing.", "Export it again.") from error
        raise InputError(
            f"{file} is not a Parquet file.", "For .smi and .csv files use `halodb halogenate`."
        ) from error


class Footer(NamedTuple):
    """What the end of a Parquet file tells: rows, columns, and metadata as texts."""

    rows: int
    schema: pa.Schema
    metadata: dict[str, str]


def read_footer(file: Path) -> Footer:
    """Read the end of a Parquet file.

    Raises:
        InputError: the file is missing, empty, truncated, or not Parquet.
    """
    with open_parquet(file) as parquet:
        schema = parquet.schema_arrow
        found = {**(parquet.metadata.metadata or {}), **(schema.metadata or {})}
        metadata = {key.decode(errors="replace"): value.decode(errors="replace") for key, value in found.items()}
        return Footer(parquet.metadata.num_rows, schema, metadata)


def _smiles_column(file: Path, schema: pa.Schema) -> str:
    """The column with the SMILES, by the names that databases and programs have for it."""
    place = find_smiles(schema.names, file)
    if place is None:
        raise InputError(
            f"{file} has no column `smiles` (its columns: {listed(schema.names)}).",
            "Rename the column that holds the SMILES.",
        )
    kind = schema.types[place]
    if not is_text(kind):
        raise InputError(f"column `{schema.names[place]}` of {file} holds {kind}, not text.", "Export it as strings.")
    return str(schema.names[place])


def is_text(kind: pa.DataType) -> bool:
    """Whether a column of this type holds text, in any of Arrow's ways."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _name_of(file: Path) -> InputName:
    for candidate in (file.parent.name, file.stem):
        if is_input_name(candidate):
            return parse_input_name(candidate)
    raise UsageError(
        f"nothing tells the class of {file}.",
        "Put it in a directory named <class>-<k>X, such as polyphenol-1X, or give --name polyphenol-1X.",
    )
