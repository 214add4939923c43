"""Reading a chemist's file of parents: `.smi`, `.csv`, `.tsv`, also gzipped, or `.parquet`.

What a file tells for sure (compression, encoding, header, delimiter) is read rightly; what it does not is refused with
the line. A row that cannot be used is a reject with its reason; nothing is cut, shifted or left out without a word.
"""

from halodb.reading.stage import READING_VERSION, STAGED_SCHEMA, Staged, check_file, stage_parents

__all__ = ["READING_VERSION", "STAGED_SCHEMA", "Staged", "check_file", "stage_parents"]
