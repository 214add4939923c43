"""Export: rows of a library as files that other programs take, of molecules or of tables, whole or absent."""

from halodb.exporting.form import Form, Kind, form_of

__all__ = [
    "Form",
    "Kind",
    "form_of",
]  # what writes files imports RDKit and pyarrow: `exporting.export` is named by who exports
