"""Export: rows of a library as files that other programs take, of molecules or of tables, whole or absent.

What writes them imports RDKit and pyarrow, so who exports imports `exporting.export`.
"""

from halodb.exporting.form import Form, Kind, form_of

__all__ = ["Form", "Kind", "form_of"]
