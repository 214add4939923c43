"""Classes as people write them: `Polyphenol`, ` alkaloid `, `AA-Peptide`, `terpenoids`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from halodb.inputs.columns import plain_name
from halodb.reading.columns import CLASSIFY, REJECT, Wanted
from halodb.reading.looks import UNKNOWN_CLASS
from halodb.reading.row import ParentRow, Tally
from halodb.rules.classes import class_name_of

_MISSING = {"", "na", "nan", "none", "null"}
_TOLD = 20


class Classes:
    """The classes that are known, and what becomes of others.

    Example:
        >>> classes = Classes(Wanted(classes=("aa_peptide", "lipid")))
        >>> [classes.known(text) for text in ("AA-Peptide", "lipids", "steroid")]
        ['aa_peptide', 'lipid', None]
    """

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        known = {*wanted.classes}
        if wanted.unknown_class not in {REJECT, CLASSIFY}:
            known.add(str(class_name_of(wanted.unknown_class)))
        self._by_plain_name = {plain_name(name) + end: name for end in ("s", "") for name in sorted(known)}

    def known(self, text: str) -> str | None:
        """The class that a text means, or None."""
        return self._by_plain_name.get(plain_name(text))

    def of_rows(self, rows: Iterable[ParentRow], tally: Tally, part: str = "") -> Iterator[ParentRow]:
        """Rows with their classes as halodb writes them; unknown ones go where it was asked for, and are told.

        Args:
            rows: with classes as they were given.
            tally: counts rows of unknown classes, and holds the first.
            part: name of the file, where it is one of several.
        """
        for number, row in enumerate(rows):
            given = row.class_name
            if given is None or plain_name(given) in _MISSING:
                yield row if given is None else row._replace(class_name=None)
                continue
            class_name = self.known(given)
            yield row._replace(class_name=class_name) if class_name else self._unknown(row, number, tally, part)

    def _unknown(self, row: ParentRow, number: int, tally: Tally, part: str) -> ParentRow:
        given, goes_to = str(row.class_name).strip()[:100], self._wanted.unknown_class
        tally.unknown_classes[given] = tally.unknown_classes.get(given, 0) + 1
        if len(tally.first_unknown) < _TOLD:
            where = f"line {row.line:,}" if row.line else f"row {number:,} (from 0)"
            what = {REJECT: "left out", CLASSIFY: "classified by its structure"}.get(goes_to, f"goes to {goes_to}")
            tally.first_unknown.append(f"{f'{part}, ' if part else ''}{where}: {given!r} is not a class, {what}")
        if goes_to == REJECT:
            return row._replace(class_name=None, unknown_class=given, reject=row.reject or f"{UNKNOWN_CLASS}: {given}")
        class_name = None if goes_to == CLASSIFY else class_name_of(goes_to)
        return row._replace(class_name=class_name, unknown_class=given)
