"""All products that a set of rules makes of a parent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import itemgetter

import rdkit
from rdkit import Chem, rdBase

from halodb.chemistry.chain import Chain, Step
from halodb.chemistry.edit import (
    STEREO_DONE,
    fragile_atoms,
    has_aromatic_direction,
    has_hydrogen_atom,
    has_spiro_atom,
    has_stereo_bond,
    is_plain,
    products_of,
)
from halodb.chemistry.enumeration import Enumeration
from halodb.chemistry.family import Family
from halodb.chemistry.halogens import Twin, twins_of
from halodb.chemistry.parse import ParentRejectedError, longest_smiles, parse_attested, parse_parent, perceive_stereo
from halodb.chemistry.proven import is_proven
from halodb.chemistry.screen import Ends, is_plain_smiles, may_hold
from halodb.chemistry.siblings import MOST_BYTES, Siblings
from halodb.chemistry.stereo import Stereo
from halodb.rules import Rule

_FEW = 3
"""So many products of a parent are as soon perceived again as it is proved that they need not be."""

LOST = "product cannot be made: RDKit's reaction engine would lose its non-tetrahedral stereo"
"""Why a site is rejected that only the engine could do."""

Match = tuple[int, ...]
Work = tuple[Family, tuple[Match, ...], list[Chain]]
"""Matches of a family and the chains that do them."""


class Enumerator:
    """Applies rules to one parent after another: parse once, match each query once, make each product once.

    A site is an atom of the parent, the one that map number 1 matches. Sites that lead to the same product are
    equivalent: the smallest atom stands for them. (The same symmetry class is not enough to tell: two arms of a meso
    compound look alike and give mirror images.)

    Products are edits of the parent where the rule compiles to a recipe and the match is a plain one; elsewhere RDKit's
    reaction engine makes them, with the same result: what that is, is said in `reaction`. In a fragment with
    non-tetrahedral stereo (square planes, octahedra and the like), which the engine loses, such a site is rejected.

    RDKit's log is silent as long as the enumerator lives: what it has to say of a molecule is in the rejects.

    Args:
        rules: the rules; products name them by their place.
        max_heavy_atoms: parents with more are rejected.
        attested: all SMILES are canonical and written by the RDKit in use, so that they need not be checked again.
        remembered_bytes: about what is kept of parents for those that differ from them in halogens alone.
        rdkit_version: where the fast paths are not proven for it, see `proven`, the engine does everything.

    Attributes:
        edits: whether products may be edits: the fast paths are proven for this RDKit, and its stereo perception is the
            legacy one, its default.
        paths: how often what was done, since the enumerator was made: `recalled` (read off a sibling's products),
            `screened`, `light` and `full` parents; `edited` and `perceived` products (those whose stereochemistry was
            perceived again are in both), `spared` ones (known by an equivalent site), `read_off` ones (a twin's with
            another halogen); `engine` rules of a parent that went to RDKit's reaction engine.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        *,
        max_heavy_atoms: int = 1000,
        attested: bool = False,
        remembered_bytes: int = MOST_BYTES,
        rdkit_version: str = rdkit.__version__,
    ) -> None:
        self._silence = rdBase.BlockLogs()
        self._max_heavy_atoms, self._longest = max_heavy_atoms, longest_smiles(max_heavy_atoms)
        self.edits = is_proven(rdkit_version) and Chem.GetUseLegacyStereoPerception()  # the edits know no other
        self._attested = attested and self.edits
        self._count = len(rules)
        self._rules = tuple(rules)
        self._families: dict[frozenset[int] | None, list[Family]] = {}
        self._siblings = Siblings(rules, remembered_bytes) if self.edits else None
        self.paths: Counter[str] = Counter()

    def enumerate(self, smiles: str | None) -> Enumeration:
        """All products of one parent; a bad molecule is a reject, never an exception."""
        text = smiles or ""
        if len(text) > self._longest or self._siblings is None:
            found = Enumeration(sites=[0] * self._count)
            self._enumerate_any(self._families_of(None), smiles, found, plain=False)
            return found
        recalled = self._siblings.recall(text)
        if recalled is not None and not recalled.missing:
            self.paths["recalled"] += 1
            return recalled.found
        found = recalled.found if recalled else Enumeration(sites=[0] * self._count)
        missing = recalled.missing if recalled else None
        families, plain = self._families_of(missing), is_plain_smiles(text)
        if plain and self._attested and 0 < len(text) <= self._max_heavy_atoms:
            edited = self._enumerate_attested(families, text, found)
        else:
            edited = self._enumerate_any(families, smiles, found, plain=plain)
        if plain and edited:
            self._siblings.remember(text, found, missing)
        return found

    def _enumerate_attested(self, families: list[Family], smiles: str, found: Enumeration) -> bool:
        """Add what some rules make of a plain SMILES that is known to be canonical; whether edits made it all."""
        ends: Ends = {}
        families = [family for family in families if family.screen.passes(smiles, ends)]
        if not families:
            self.paths["screened"] += 1
            return True
        if not all(family.light for family in families):
            return self._enumerate_any(families, smiles, found, plain=True)
        parent = parse_attested(smiles)
        if parent is None:
            return False
        self.paths["light"] += 1
        return self._make(families, smiles, parent, found, plain=True, light=True)

    def _enumerate_any(self, families: list[Family], smiles: str | None, found: Enumeration, *, plain: bool) -> bool:
        """Add what some rules make of any SMILES; whether edits made it all."""
        try:
            parent = parse_parent(smiles, self._max_heavy_atoms)
        except ParentRejectedError as error:
            found.rejects.append((None, None, str(error)))
            return False
        self.paths["full"] += 1
        return self._make(families, smiles or "", parent, found, plain=plain, light=False)

    def _families_of(self, places: frozenset[int] | None) -> list[Family]:
        """The families of some rules, or of all; made when first wanted."""
        families = self._families.get(places)
        if families is None:
            by_query: dict[str, list[tuple[int, Rule]]] = {}
            for place, rule in enumerate(self._rules):
                if places is None or place in places:
                    by_query.setdefault(rule.query_smarts, []).append((place, rule))
            families = [Family(smarts, members) for smarts, members in by_query.items()]
            self._families[places] = families
        return families

    def _make(
        self, families: list[Family], smiles: str, parent: Chem.Mol, found: Enumeration, *, plain: bool, light: bool
    ) -> bool:
        """Make the products of all families that match; whether edits made them all."""
        matched = [(family, matches) for family in families if (matches := family.matches(parent))]
        return not matched or _Parent(smiles, parent, self, plain=plain, light=light).products(matched, found)


class _Parent:
    """One parent that has sites."""

    __slots__ = (
        "_bonds", "_edits", "_fragile", "_light", "_molecule", "_paths", "_plain", "_smiles", "_stereo", "_tagged",
    )  # fmt: skip

    def __init__(self, smiles: str, molecule: Chem.Mol, enumerator: Enumerator, *, plain: bool, light: bool) -> None:
        self._smiles, self._molecule, self._plain, self._light = smiles, molecule, plain, light
        self._paths, self._edits = enumerator.paths, enumerator.edits
        self._bonds = "/" in smiles or "\\" in smiles
        self._tagged = self._bonds or "@" in smiles
        self._fragile: frozenset[int] = frozenset()
        self._stereo: Stereo | None = None
        if self._bonds and light:
            perceive_stereo(molecule)
        if not plain:
            if "@" in smiles:
                self._fragile = fragile_atoms(molecule)
            if not self._fragile:
                self._edits &= "." not in smiles and not has_hydrogen_atom(molecule)
            elif self._bonds:
                self._edits &= not has_hydrogen_atom(molecule, of_double_bonds=True)
        if self._bonds and has_aromatic_direction(molecule):
            self._edits = False
        if self._edits and "@" in smiles and has_spiro_atom(molecule) and not self._fragile:
            self._stereo = self._proof()
            self._edits = self._stereo is not None

    def _proof(self) -> Stereo | None:
        """What is known of the stereochemistry where no centre depends on another one."""
        if not self._plain:
            return None
        stereo = Stereo(self._molecule, self._smiles, bonds=self._bonds)
        return stereo if stereo.centres else None

    def products(self, matched: list[tuple[Family, tuple[Match, ...]]], found: Enumeration) -> bool:
        """Make the products of all families that match; whether edits made them all."""
        edits_alone = True
        work: list[Work] = []
        for family, matches in matched:
            edited = self._edited(family, matches)
            by_edits = {step.rule for _, _, chains in edited for chain in chains for step in chain.steps}
            for place in family.members:
                if place not in by_edits or self._fragile:
                    self._react(family, place, found, self._lost(family, matches, edited, place))
                    edits_alone = False
            work.extend(edited)
        if work:
            self._prepare(work)
            for family, matches, chains in work:
                self._edit(family, matches, chains, found)
        found.products.sort(key=itemgetter(0))
        return edits_alone

    def _edited(self, family: Family, matches: tuple[Match, ...]) -> list[Work]:
        """What edits do: the chains whose recipes are right at every match.

        Beside non-tetrahedral stereo, where the engine is no help, each match that is right, and the engine does the
        other fragments.
        """
        if not self._edits:
            return []
        if self._fragile:
            inside = [match for match in matches if match[family.site] in self._fragile]
            shares = [(tuple(each for each in inside if self._is_right(chain, each)), chain) for chain in family.chains]
            return [(family, share, [chain]) for share, chain in shares if share]
        chains = [chain for chain in family.chains if all(self._is_right(chain, match) for match in matches)]
        return [(family, matches, chains)] if chains else []

    def _is_right(self, chain: Chain, match: Match) -> bool:
        """Whether a chain does a match as the engine would."""
        molecule = self._molecule
        return is_plain(molecule, match, chain.guard) and not (
            self._bonds and has_stereo_bond(molecule, match, chain.guard)
        )

    def _lost(self, family: Family, matches: tuple[Match, ...], edited: list[Work], place: int) -> set[int]:
        """The sites beside non-tetrahedral stereo with a match that no edit of one rule does."""
        if not self._fragile:
            return set()
        done = {
            match
            for _, share, chains in edited
            if any(step.rule == place for chain in chains for step in chain.steps)
            for match in share
        }
        sites = (match[family.site] for match in matches if match not in done)
        return {site for site in sites if site in self._fragile}

    def _prepare(self, work: list[Work]) -> None:
        """Learn what need not be perceived again, and drop what only slows copies down."""
        molecule = self._molecule
        if self._tagged:
            several = (
                sum(len(matches) * sum(len(chain.steps) for chain in chains) for _, matches, chains in work) > _FEW
            )
            if several and self._stereo is None:
                self._stereo = self._proof()
            if self._stereo is None:
                if self._light and not self._bonds:
                    perceive_stereo(molecule)
                molecule.ClearProp(STEREO_DONE)
                return
        molecule.ClearComputedProps(includeRings=False)
        molecule.SetIntProp(STEREO_DONE, 1)

    def _edit(self, family: Family, matches: tuple[Match, ...], chains: list[Chain], found: Enumeration) -> None:
        made: dict[int, dict[str, int]] = {step.rule: {} for chain in chains for step in chain.steps}
        probe = chains[0].steps[0]
        site_of = itemgetter(probe.recipe.site)
        probed: dict[str, list[tuple[int, str]]] | None = None
        if len(matches) > 1 and family.probed and self._has_lone(probe):
            probed = {}
        plans = [(chain, self._twins(chain)) for chain in chains]
        for match in sorted(matches, key=site_of):
            site = site_of(match)
            for rule, product in self._at(match, plans, probed):
                made[rule].setdefault(product, site)
        for rule in sorted(made):
            found.products.extend((rule, site, product) for product, site in made[rule].items())
            found.sites[rule] += len(made[rule])

    def _twins(self, chain: Chain) -> Sequence[Twin | None]:
        """Of each step, the one whose product its own can be read off."""
        return twins_of(self._smiles, chain.steps) if chain.twinned and self._plain else [None] * len(chain.steps)

    def _at(
        self,
        match: Match,
        plans: list[tuple[Chain, Sequence[Twin | None]]],
        probed: dict[str, list[tuple[int, str]]] | None,
    ) -> list[tuple[int, str]]:
        """The products of one match, by rule; of an earlier match with the same first product, where that proves it."""
        here: list[tuple[int, str]] = []
        for chain, twins in plans:
            perceive = self._perceive(match[chain.guard.changed], chain)
            made = products_of(self._molecule, match, chain.steps, perceive, twins)
            if probed is not None and not here and not perceive[0]:
                first = next(made)
                twin = probed.setdefault(first[1], here)
                if twin is not here:
                    self._paths["edited"] += 1
                    self._paths["spared"] += len(twin) - 1
                    return twin
                here.append(first)
            here.extend(made)
            if chain.twinned:
                self._paths["read_off"] += len(twins) - twins.count(None)
            if True in perceive:
                self._paths["perceived"] += sum(
                    again for again, twin in zip(perceive, twins, strict=True) if twin is None
                )
        self._paths["edited"] += len(here)
        return here

    def _perceive(self, changed: int, chain: Chain) -> list[bool]:
        """Of each step, whether the stereochemistry of its product must be perceived again."""
        stereo = self._stereo
        if stereo is None:
            return [self._tagged] * len(chain.steps)
        if stereo.untouched(changed, keeps=False):
            return [False] * len(chain.steps)
        perceive = []
        for step in chain.steps:
            keeps = step.recipe.keeps_first or step.recipe.first is None
            safe = stereo.untouched(changed, keeps=keeps) or (
                stereo.bonds_untouched(changed, keeps=keeps) and self._has_lone(step)
            )
            perceive.append(not safe)
        return perceive

    def _has_lone(self, step: Step) -> bool:
        """Whether the new group has an atom of an element that the product has nowhere else."""
        kept = step.recipe.slots[0].element if step.recipe.keeps_first else None
        return any(not may_hold(self._smiles, element, int(element == kept)) for element in step.lone)

    def _react(self, family: Family, place: int, found: Enumeration, lost: set[int]) -> None:
        """Let RDKit's engine make the products of one rule, but for sites that it cannot do or need not."""
        self._paths["engine"] += 1
        parent = self._molecule
        if self._light:
            parent = Chem.MolFromSmiles(self._smiles)
        made: dict[str, int] = {}
        failed = dict.fromkeys(sorted(lost), LOST)
        for site, product, reason in family.reactions[place].products(parent):
            if site in self._fragile:
                continue
            if product is None:
                failed.setdefault(site, reason)
            else:
                made[product] = min(site, made.get(product, site))
        found.products.extend((place, site, product) for product, site in made.items())
        found.rejects.extend((place, site, reason) for site, reason in failed.items())
        found.sites[place] += len(made) + len(failed)
