"""Reading a chemist's parents: tables, lines, SD and MOL2 files, workbooks, Parquet and Feather, packed or not.

What a file tells for sure (packing, encoding, header, delimiter) is read rightly; what it does not is refused with
the line. A row that cannot be used is a reject with its reason; nothing is cut, shifted or left out without a word.
"""

from halodb.reading.columns import CLASSIFY, REJECT, Wanted
from halodb.reading.source import Source, find_source
from halodb.reading.stage import READING_VERSION, STAGED_SCHEMA, Staged, stage_parents

__all__ = [
    "CLASSIFY",
    "READING_VERSION",
    "REJECT",
    "STAGED_SCHEMA",
    "Source",
    "Staged",
    "Wanted",
    "find_source",
    "stage_parents",
]
