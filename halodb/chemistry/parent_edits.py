"""Making all products of one parent that edits make: what must be perceived again, and which sites are equivalent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from halodb.chemistry.edit_atoms import STEREO_DONE, edited_products
from halodb.chemistry.edit_sequence import EditSequence, Step
from halodb.chemistry.enumeration import Product
from halodb.chemistry.parent import Parent
from halodb.chemistry.parse import perceive_stereo
from halodb.chemistry.plain_smiles import may_have_more
from halodb.chemistry.query_group import Match, QueryGroup

_FEW = 3
"""So many products of a parent are as soon perceived again as it is proved that they need not be."""


class EditTask(NamedTuple):
    """Matches of a query, and the sequences that are right at all of them."""

    group: QueryGroup
    matches: tuple[Match, ...]
    sequences: list[EditSequence]

    @property
    def rules(self) -> set[int]:
        """The places of the rules whose products it makes."""
        return {step.rule for sequence in self.sequences for step in sequence.steps}


class ParentEdits:
    """The edits of one parent.

    Args:
        parent: the parent; its molecule is made ready to be copied, and is of no other use after that.
        tasks: all edits that are wanted.
        paths: counts `edited`, `perceived` and `equivalent` products, see `enumerator.Enumerator`.
    """

    def __init__(self, parent: Parent, tasks: Sequence[EditTask], paths: Counter[str]) -> None:
        self._parent, self._tasks, self._paths = parent, tasks, paths
        products = sum(len(task.matches) * sum(len(each.steps) for each in task.sequences) for task in tasks)
        worth_it = products > _FEW or parent.has_spiro_centres
        self._stereo = parent.stereo if parent.has_stereo and worth_it else None
        self._molecule = parent.molecule
        self._prepare()

    def products(self) -> list[Product[int]]:
        """All products, by task and then by rule; each once a rule and task, with its smallest site."""
        return [product for task in self._tasks for product in self._products_of(task)]

    def _prepare(self) -> None:
        """Drop from the molecule what only slows copies down."""
        parent, molecule = self._parent, self._molecule
        if parent.has_stereo and self._stereo is None:
            if parent.unsanitized and not parent.has_stereo_bonds:
                perceive_stereo(molecule)
            molecule.ClearProp(STEREO_DONE)
        else:
            molecule.ClearComputedProps(includeRings=False)
            molecule.SetIntProp(STEREO_DONE, 1)

    def _products_of(self, task: EditTask) -> list[Product[int]]:
        made: dict[int, dict[str, int]] = {rule: {} for rule in sorted(task.rules)}
        site_of = itemgetter(task.group.site)
        by_first: dict[str, list[tuple[int, str]]] | None = None
        if len(task.matches) > 1 and task.group.removes_alike and self._has_unique_element(task.sequences[0].steps[0]):
            by_first = {}
        for match in sorted(task.matches, key=site_of):
            site = site_of(match)
            for rule, smiles in self._products_at(match, task, by_first):
                made[rule].setdefault(smiles, site)
        return [Product(rule, site, smiles) for rule, by_smiles in made.items() for smiles, site in by_smiles.items()]

    def _products_at(
        self, match: Match, task: EditTask, by_first: dict[str, list[tuple[int, str]]] | None
    ) -> list[tuple[int, str]]:
        """The rules and products of one match; those of an earlier, equivalent match, where there is one.

        Args:
            match: of the task.
            task: what to make.
            by_first: products of earlier matches by their first one; None where it proves nothing. Two matches whose
                first products are the same molecule are equivalent where the substituent has an atom of an element that
                the product has nowhere else: any map of one product on the other takes this atom, and so the rest of
                the substituent and the attachment atom, to its counterpart.
        """
        here: list[tuple[int, str]] = []
        for number, sequence in enumerate(task.sequences):
            perceive = self._must_be_perceived(match[sequence.strictest.changed], sequence)
            made = edited_products(self._molecule, match, sequence, perceive)
            if number == 0 and by_first is not None and not perceive[0]:
                first = next(made)
                equivalent = by_first.setdefault(first[1], here)
                if equivalent is not here:
                    self._paths["edited"] += 1
                    self._paths["equivalent"] += len(equivalent) - 1
                    return equivalent
                here.append(first)
            here.extend(made)
            if True in perceive:
                self._paths["perceived"] += sum(perceive)
        self._paths["edited"] += len(here)
        return here

    def _must_be_perceived(self, changed: int, sequence: EditSequence) -> list[bool]:
        """Of each step, whether the stereochemistry of its product must be perceived again."""
        stereo = self._stereo
        if stereo is None:
            return [self._parent.has_stereo] * len(sequence.steps)
        if stereo.untouched(changed, keeps=False):
            return [False] * len(sequence.steps)
        perceive = []
        for step in sequence.steps:
            keeps = step.substitution.keeps_head or step.substitution.head is None
            safe = stereo.untouched(changed, keeps=keeps) or (
                stereo.bonds_untouched(changed, keeps=keeps) and self._has_unique_element(step)
            )
            perceive.append(not safe)
        return perceive

    def _has_unique_element(self, step: Step) -> bool:
        """Whether the substituent has an atom of an element that the product has nowhere else."""
        kept = step.substitution.substituent[0].element if step.substitution.keeps_head else None
        return any(
            not may_have_more(self._parent.smiles, element, than=int(element == kept))
            for element in step.unique_elements
        )
