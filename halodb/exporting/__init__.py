"""Export: rows of a library as files that other programs take, of molecules or of tables, whole or absent."""

from halodb.exporting.export import ExportReport, export
from halodb.exporting.form import Form, Kind, form_of

__all__ = ["ExportReport", "Form", "Kind", "export", "form_of"]
