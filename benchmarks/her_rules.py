"""What the older program's rules make of natural products, with plain RDKit, and what the shipped ones make of them.

Her patterns are in `her_rules.yaml`; her sugar mask is made here from its published criteria, but for the evidence of a
C-glycoside, which they give as a score: of a ring with two oxygens or more that is masked anyway.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rdkit import Chem, rdBase
from rdkit.Chem import rdChemReactions

from benchmarks.data import natural_products
from halodb.chemistry import Enumerator
from halodb.chemistry.draw_sugars import draw_sugar_masks
from halodb.chemistry.sugars import sugar_atoms
from halodb.halogenation.classify import classify
from halodb.rules import CLASSES, HALOGENATION, Rule, RuleSet, read_rules

HER_RULES = Path(__file__).parent / "her_rules.yaml"
HER_COUNTS = {
    "aa_peptide": 27.3, "alkaloid": 40.9, "lipid": 5.3, "polyphenol": 39.4, "terpenoid": 43.5, "polysaccharide": 36.3,
    "other": 23.4,
}  # fmt: skip
"""Products of 1X a parent with F, Cl, Br and I, by class: her summary of all her parents."""
_FURANOSE, _PYRANOSE = 5, 6
_SP3_SHARE = {_FURANOSE: 0.4, _PYRANOSE: 0.5}

GLYCOSIDES = {
    "isoquercitrin": "OCC1OC(Oc2c(-c3ccc(O)c(O)c3)oc3cc(O)cc(O)c3c2=O)C(O)C(O)C1O",
    "vitexin": "OCC1OC(c2c(O)cc(O)c3c(=O)cc(-c4ccc(O)cc4)oc23)C(O)C(O)C1O",
    "ginsenoside Rh2": "CC(C)=CCCC(C)(O)C1CCC2(C)C1C(O)CC1C3(C)CCC(OC4OC(CO)C(O)C(O)C4O)C(C)(C)C3CCC12C",
    "sucrose": "OCC1OC(OC2(CO)OC(CO)C(O)C2O)C(O)C(O)C1O",
    "adenosine": "Nc1ncnc2n(cnc12)C1OC(CO)C(O)C1O",
    "digitoxigenin monodigitoxoside": "CC1OC(OC2CCC3(C)C(CCC4C3CCC3(C)C(C5=CC(=O)OC5)CCC43O)C2)CC(O)C1O",
    "kanamycin A": "NCC1OC(OC2C(N)CC(N)C(OC3OC(CO)C(O)C(N)C3O)C2O)C(O)C(O)C1O",
    "baicalin": "OC1C(Oc2cc3oc(-c4ccccc4)cc(=O)c3c(O)c2O)OC(C(=O)O)C(O)C1O",
    "corilagin": "O=C(OC1OC2COC(=O)c3cc(O)c(O)c(O)c3-c3c(cc(O)c(O)c3O)C(=O)OC(C1O)C2O)c1cc(O)c(O)c(O)c1",
    "lincomycin": "CCCC1CC(N(C)C1)C(=O)NC(C(C)O)C1OC(SC)C(O)C(O)C1O",
}
"""Ten glycosides of ten kinds, by name."""


@dataclass
class Comparison:
    """Fluorine products of one class: numbers, and why some are made by one alone."""

    parents: int = 0
    hers: int = 0
    ours: int = 0
    common: int = 0
    only_hers: Counter[str] = field(default_factory=Counter)
    only_ours: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Made:
    """How a product was made."""

    rule: Rule
    site: int
    lost: frozenset[int]


def compare(parents: Iterable[str]) -> dict[str, Comparison]:
    """Compare fluorine products, class by class."""
    hers, ours = read_rules(HER_RULES), read_rules(shipped=HALOGENATION)
    found: dict[str, Comparison] = defaultdict(Comparison)
    with rdBase.BlockLogs():
        for smiles in parents:
            parent = Chem.MolFromSmiles(smiles)
            if parent is None:
                continue
            class_name = classify(parent)
            _compare_one(parent, class_name, hers, ours, found[class_name])
    return {name: found[name] for name in CLASSES if name in found}


def _compare_one(parent: Chem.Mol, class_name: str, hers: RuleSet, ours: RuleSet, into: Comparison) -> None:
    sugars, her_sugars = sugar_atoms(parent), her_mask(parent)
    mask = class_name != "polysaccharide"
    our_rules = [rule for rule in ours.in_scope(class_name) if rule.name.endswith("__F")]
    her_products, our_products = (
        plain_products(parent, hers.in_scope(class_name), her_sugars if mask else frozenset()),
        plain_products(parent, our_rules, sugars if mask else frozenset()),
    )
    unlimited = [rule.model_copy(update={"max_sites": None, "max_products": None}) for rule in our_rules]
    if {made.smiles for made in Enumerator(unlimited).enumerate(Chem.MolToSmiles(parent)).products} != set(
        our_products
    ):
        raise AssertionError(f"halodb and plain RDKit differ on {Chem.MolToSmiles(parent)}")
    within = {made.smiles for made in Enumerator(our_rules).enumerate(Chem.MolToSmiles(parent)).products}
    beyond = our_products.keys() - within
    our_products = {product: made for product, made in our_products.items() if product in within}
    into.parents += 1
    into.hers += len(her_products)
    into.ours += len(our_products)
    into.common += len(her_products.keys() & our_products.keys())
    for product in her_products.keys() - our_products.keys():
        why = _why_only_hers(parent, her_products[product], sugars if mask else frozenset())
        into.only_hers["beyond a limit" if product in beyond else why] += 1
    for product in our_products.keys() - her_products.keys():
        into.only_ours[_why_only_ours(parent, our_products[product], her_sugars)] += 1


def plain_products(parent: Chem.Mol, rules: Sequence[Rule], masked: frozenset[int]) -> dict[str, Made]:
    """What plain RDKit makes of a parent, but for what changes a masked atom."""
    found: dict[str, Made] = {}
    for rule in rules:
        reaction = rdChemReactions.ReactionFromSmarts(rule.smirks)
        for (product,) in reaction.RunReactants((parent,), maxProducts=10_000):
            kept = {atom.GetIntProp("react_atom_idx") for atom in product.GetAtoms() if atom.HasProp("react_atom_idx")}
            (site,) = (
                atom.GetIntProp("react_atom_idx")
                for atom in product.GetAtoms()
                if atom.HasProp("old_mapno") and atom.GetIntProp("old_mapno") == 1
            )
            lost = frozenset(range(parent.GetNumAtoms())) - kept
            inside = site in masked or not masked.isdisjoint(lost)
            if not inside and not Chem.SanitizeMol(product, catchErrors=True):
                found.setdefault(Chem.MolToSmiles(product), Made(rule, site, lost))
    return found


def her_mask(molecule: Chem.Mol) -> frozenset[int]:
    """The atoms that the older program masks."""
    masked: set[int] = set()
    for ring in molecule.GetRingInfo().AtomRings():
        atoms = [molecule.GetAtomWithIdx(index) for index in ring]
        if len(ring) not in _SP3_SHARE or any(atom.GetIsAromatic() for atom in atoms):
            continue
        outside = [
            (bond.GetOtherAtom(atom), bond.GetBondType() == Chem.BondType.SINGLE, atom)
            for atom in atoms
            for bond in atom.GetBonds()
            if bond.GetOtherAtomIdx(atom.GetIdx()) not in ring
        ]
        oxygens = {other.GetIdx() for other, single, _ in outside if other.GetAtomicNum() == 8 and single}
        carbonyl = any(other.GetAtomicNum() == 8 and not single for other, single, _ in outside)
        sp3 = sum(atom.GetAtomicNum() == 6 and atom.GetTotalDegree() == 4 for atom in atoms)
        one_oxygen = sum(atom.GetAtomicNum() == 8 for atom in atoms) == 1
        if carbonyl or not one_oxygen or sp3 < _SP3_SHARE[len(ring)] * len(ring) or len(oxygens) < 2:
            continue
        masked.update(ring, oxygens)
        for other, _, _ in outside:
            if other.GetAtomicNum() == 6 and other.GetTotalNumHs() == 2:
                alcohols = [each.GetIdx() for each in other.GetNeighbors() if each.GetAtomicNum() == 8]
                masked.update([other.GetIdx(), *alcohols] if alcohols else [])
    return frozenset(masked)


def _why_only_hers(parent: Chem.Mol, made: Made, sugars: frozenset[int]) -> str:
    site = parent.GetAtomWithIdx(made.site)
    family = made.rule.family
    if made.site in sugars or not sugars.isdisjoint(made.lost):
        return "in a sugar that her mask does not find"
    if family == "ring_ch" and site.GetTotalDegree() < 4:
        return "vinylic ring CH, which is no sp3 carbon"
    if family == "amine" and any(parent.GetAtomWithIdx(index).GetDegree() > 1 for index in made.lost):
        return "secondary amine cut"
    if family in {"amine", "hydroxyl"} and site.GetTotalDegree() == 3:
        return f"{'OH' if family == 'hydroxyl' else 'NH2'} of an imidic acid, amidine or guanidine"
    return f"other: {family}"


def _why_only_ours(parent: Chem.Mol, made: Made, her_sugars: frozenset[int]) -> str:
    if made.site in her_sugars:
        atom = parent.GetAtomWithIdx(made.site)
        return "ring of an aglycone that her mask takes for a sugar" if atom.IsInRing() else "CH2OH on such a ring"
    return f"other: {made.rule.family}"


def products_a_parent(parents: Iterable[str], rules: RuleSet) -> dict[str, tuple[int, float]]:
    """Parents and products of 1X a parent with all halogens, by class."""
    counts: dict[str, list[int]] = defaultdict(list)
    enumerators: dict[str, Enumerator] = {}
    for smiles in parents:
        parent = Chem.MolFromSmiles(smiles)
        if parent is None:
            continue
        name = classify(parent)
        enumerator = enumerators.setdefault(name, Enumerator(rules.in_scope(name)))
        counts[name].append(len({made.smiles for made in enumerator.enumerate(Chem.MolToSmiles(parent)).products}))
    return {name: (len(counts[name]), sum(counts[name]) / len(counts[name])) for name in CLASSES if counts[name]}


def run(parents: int, counted: int, before: Path | None, results: Path, drawing: Path | None) -> dict[str, object]:
    """Compare, count, draw; what was found, as it is written to `results/her-rules.json`."""
    with rdBase.BlockLogs():
        compared = compare(natural_products(parents))
        many = natural_products(counted)
        now = products_a_parent(many, read_rules(shipped=HALOGENATION))
        earlier = products_a_parent(many, read_rules(before)) if before is not None else {}
    found: dict[str, object] = {
        "benchmark": "her-rules",
        "fluorine_products": {
            name: {**one.__dict__, "only_hers": dict(one.only_hers), "only_ours": dict(one.only_ours)}
            for name, one in compared.items()
        },
        "products_a_parent": {
            name: {"parents": count, "hers": HER_COUNTS[name], "now": round(mean, 1)}
            | ({"before": round(earlier[name][1], 1)} if name in earlier else {})
            for name, (count, mean) in now.items()
        },
    }
    results.mkdir(parents=True, exist_ok=True)
    (results / "her-rules.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if drawing is not None:
        drawing.write_text(draw_sugar_masks(GLYCOSIDES), encoding="utf-8")
    return found
