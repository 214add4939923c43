"""All products that a set of rules makes of a parent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from rdkit import Chem, rdBase

from halodb.chemistry.chain import Step
from halodb.chemistry.edit import STEREO_DONE, has_aromatic_direction, has_stereo_bond, is_plain, products_of
from halodb.chemistry.family import Family
from halodb.chemistry.parse import ParentRejectedError, parse_attested, parse_parent, perceive_bonds
from halodb.chemistry.screen import Ends, is_plain_smiles, may_hold
from halodb.chemistry.stereo import Stereo
from halodb.rules import Rule

_FEW = 3
"""So many products of a parent are as soon perceived again as it is proved that they need not be."""

Match = tuple[int, ...]


@dataclass(slots=True)
class Enumeration:
    """What the rules make of one parent.

    Attributes:
        products: (place of the rule, site, canonical SMILES), each SMILES once a rule.
        rejects: (place of the rule or None for the whole parent, site or None, reason).
        sites: number of sites of each rule; equivalent sites are one.
    """

    products: list[tuple[int, int, str]] = field(default_factory=list)
    rejects: list[tuple[int | None, int | None, str]] = field(default_factory=list)
    sites: list[int] = field(default_factory=list)


class Enumerator:
    """Applies rules to one parent after another: parse once, match each query once, make each product once.

    A site is an atom of the parent, the one that map number 1 matches. Sites that lead to the same product are
    equivalent: the smallest atom stands for them. (The same symmetry class is not enough to tell: two arms of a meso
    compound look alike and give mirror images.)

    Products are edits of the parent where the rule compiles to a recipe and the match is a plain one; elsewhere RDKit's
    reaction engine makes them, with the same result.

    RDKit's log is silent as long as the enumerator lives: what it has to say of a molecule is in the rejects.

    Args:
        rules: the rules; products name them by their place.
        max_heavy_atoms: parents with more are rejected.
        attested: all SMILES are canonical and written by the RDKit in use, so that they need not be checked again.

    Attributes:
        edits: whether products may be edits: RDKit's stereo perception is the legacy one, its default.
        paths: how often what was done, since the enumerator was made: `screened`, `light` and `full` parents;
            `edited` and `perceived` products (those whose stereochemistry was perceived again are in both), `spared`
            ones (known by an equivalent site); `engine` rules of a parent that went to RDKit's reaction engine.
    """

    def __init__(self, rules: Sequence[Rule], *, max_heavy_atoms: int = 1000, attested: bool = False) -> None:
        self._silence = rdBase.BlockLogs()
        self._max_heavy_atoms = max_heavy_atoms
        self.edits = Chem.GetUseLegacyStereoPerception()  # the edits know no other
        self._attested = attested and self.edits
        self._count = len(rules)
        by_query: dict[str, list[tuple[int, Rule]]] = {}
        for place, rule in enumerate(rules):
            by_query.setdefault(rule.query_smarts, []).append((place, rule))
        self._families = [Family(smarts, members) for smarts, members in by_query.items()]
        self.paths: Counter[str] = Counter()

    def enumerate(self, smiles: str | None) -> Enumeration:
        """All products of one parent; a bad molecule is a reject, never an exception."""
        found = Enumeration(sites=[0] * self._count)
        if self._attested and smiles and len(smiles) <= self._max_heavy_atoms and is_plain_smiles(smiles):
            ends: Ends = {}
            families = [family for family in self._families if family.screen.passes(smiles, ends)]
            if not families:
                self.paths["screened"] += 1
                return found
            parent = parse_attested(smiles)
            if parent is not None:
                self.paths["light"] += 1
                matched = [(family, matches) for family in families if (matches := family.matches(parent))]
                if matched:
                    _Parent(smiles, parent, self, light=True).products(matched, found)
                return found
        try:
            parent = parse_parent(smiles, self._max_heavy_atoms)
        except ParentRejectedError as error:
            found.rejects.append((None, None, str(error)))
            return found
        self.paths["full"] += 1
        matched = [(family, matches) for family in self._families if (matches := family.matches(parent))]
        if matched:
            _Parent(smiles or "", parent, self, light=False).products(matched, found)
        return found


class _Parent:
    """One parent that has sites."""

    __slots__ = ("_bonds", "_edits", "_light", "_molecule", "_paths", "_smiles", "_stereo", "_tagged")

    def __init__(self, smiles: str, molecule: Chem.Mol, enumerator: Enumerator, *, light: bool) -> None:
        self._smiles, self._molecule, self._light = smiles, molecule, light
        self._paths, self._edits = enumerator.paths, enumerator.edits and "." not in smiles
        self._bonds = "/" in smiles or "\\" in smiles
        self._tagged = self._bonds or "@" in smiles
        self._stereo: Stereo | None = None
        if self._bonds and light:
            perceive_bonds(molecule)
        if self._bonds and has_aromatic_direction(molecule):
            self._edits = False

    def products(self, matched: list[tuple[Family, tuple[Match, ...]]], found: Enumeration) -> None:
        """Make the products of all families that match."""
        work: list[tuple[Family, tuple[Match, ...], list[list[Step]]]] = []
        for family, matches in matched:
            chains = self._chains(family, matches)
            edited = {step.rule for chain in chains for step in chain}
            for place in family.members:
                if place not in edited:
                    self._react(family, place, found)
            if chains:
                work.append((family, matches, chains))
        if work:
            self._prepare(work)
            for family, matches, chains in work:
                self._edit(family, matches, chains, found)

    def _chains(self, family: Family, matches: tuple[Match, ...]) -> list[list[Step]]:
        """The chains whose recipes are right at every match."""
        if not self._edits:
            return []
        molecule = self._molecule
        return [
            chain
            for chain, guard in zip(family.chains, family.guards, strict=True)
            if all(is_plain(molecule, match, guard) for match in matches)
            and not (self._bonds and any(has_stereo_bond(molecule, match, guard) for match in matches))
        ]

    def _prepare(self, work: list[tuple[Family, tuple[Match, ...], list[list[Step]]]]) -> None:
        """Learn what need not be perceived again, and drop what only slows copies down."""
        molecule = self._molecule
        if self._tagged:
            several = sum(len(matches) * sum(map(len, chains)) for _, matches, chains in work) > _FEW
            if several and (self._light or is_plain_smiles(self._smiles)):
                stereo = Stereo(molecule, self._smiles, bonds=self._bonds)
                self._stereo = stereo if stereo.centres else None
            if self._stereo is None:
                molecule.ClearProp(STEREO_DONE)
                return
        molecule.ClearComputedProps(includeRings=False)
        molecule.SetIntProp(STEREO_DONE, 1)

    def _edit(self, family: Family, matches: tuple[Match, ...], chains: list[list[Step]], found: Enumeration) -> None:
        made: dict[int, dict[str, int]] = {step.rule: {} for chain in chains for step in chain}
        probe = chains[0][0]
        site_of = itemgetter(probe.recipe.site)
        probed: dict[str, list[tuple[int, str]]] | None = None
        if len(matches) > 1 and family.probed and self._has_lone(probe):
            probed = {}
        for match in sorted(matches, key=site_of):
            site = site_of(match)
            for rule, product in self._at(match, chains, probed):
                made[rule].setdefault(product, site)
        for rule in sorted(made):
            found.products.extend((rule, site, product) for product, site in made[rule].items())
            found.sites[rule] = len(made[rule])

    def _at(
        self, match: Match, chains: list[list[Step]], probed: dict[str, list[tuple[int, str]]] | None
    ) -> list[tuple[int, str]]:
        """The products of one match, by rule; of an earlier match with the same first product, where that proves it."""
        here: list[tuple[int, str]] = []
        for chain in chains:
            perceive = self._perceive(match[chain[0].recipe.changed], chain)
            made = products_of(self._molecule, match, chain, perceive)
            if probed is not None and not here and not perceive[0]:
                first = next(made)
                twin = probed.setdefault(first[1], here)
                if twin is not here:
                    self._paths["edited"] += 1
                    self._paths["spared"] += len(twin) - 1
                    return twin
                here.append(first)
            here.extend(made)
            if True in perceive:
                self._paths["perceived"] += sum(perceive)
        self._paths["edited"] += len(here)
        return here

    def _perceive(self, changed: int, chain: list[Step]) -> list[bool]:
        """Of each step, whether the stereochemistry of its product must be perceived again."""
        stereo = self._stereo
        if stereo is None:
            return [self._tagged] * len(chain)
        if stereo.untouched(changed, keeps=False):
            return [False] * len(chain)
        perceive = []
        for step in chain:
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

    def _react(self, family: Family, place: int, found: Enumeration) -> None:
        """Let RDKit's engine make the products of one rule."""
        self._paths["engine"] += 1
        parent = self._molecule
        if self._light:
            parent = Chem.MolFromSmiles(self._smiles)
        made: dict[str, int] = {}
        failed: dict[int, str] = {}
        for site, product, reason in family.reactions[place].products(parent):
            if product is None:
                failed.setdefault(site, reason)
            else:
                made[product] = min(site, made.get(product, site))
        found.products.extend((place, site, product) for product, site in made.items())
        found.rejects.extend((place, site, reason) for site, reason in failed.items())
        found.sites[place] = len(made) + len(failed)
