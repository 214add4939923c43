"""Checks of the shipped example data set: well-known natural products."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import pytest
from rdkit import Chem
from rdkit.Chem.rdinchi import MolToInchiKey
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

MINIMUM_ROWS = 245
MAXIMUM_ROWS = 260
MAXIMUM_HEAVY_ATOMS = 80

MINIMUM_ROWS_OF_CLASS: dict[str, int] = {
    "aa_peptide": 30,
    "alkaloid": 50,
    "lipid": 20,
    "other": 15,
    "polyphenol": 50,
    "polysaccharide": 10,
    "terpenoid": 45,
}

# The functional groups that the transforms of the product are shown on.
PATTERNS: dict[str, str] = {
    "aliphatic primary amine": "[NX3H2][CX4]",
    "aromatic primary amine": "[NX3H2]c",
    "carboxylic acid": "[CX3](=O)[OX2H1]",
    "phenol": "[OX2H]c",
}

# Functional group, class, and the least number of molecules that carry it.
REQUIRED_GROUPS: list[tuple[str, str, int]] = [
    ("aliphatic primary amine", "aa_peptide", 20),
    ("aliphatic primary amine", "alkaloid", 5),
    ("aliphatic primary amine", "lipid", 4),
    ("aliphatic primary amine", "terpenoid", 2),
    ("aromatic primary amine", "aa_peptide", 2),
    ("aromatic primary amine", "alkaloid", 2),
    ("aromatic primary amine", "other", 2),
    ("aromatic primary amine", "polyphenol", 2),
    ("carboxylic acid", "aa_peptide", 20),
    ("carboxylic acid", "lipid", 10),
    ("carboxylic acid", "polyphenol", 8),
    ("carboxylic acid", "terpenoid", 5),
    ("phenol", "alkaloid", 4),
    ("phenol", "polyphenol", 40),
    ("phenol", "terpenoid", 6),
]

# InChIKeys as PubChem has them for that name; not computed from the SMILES of the file.
PUBLISHED_INCHIKEYS: dict[str, str] = {
    "(+)-catechin": "PFTAWBLQPZVEMU-DZGCQCFKSA-N",
    "(+)-taxifolin": "CXQWRCVTCMQVQX-LSDHHAIUSA-N",
    "(-)-alpha-pinene": "GRWFGVWFFZKLTI-IUCAKERBSA-N",
    "(-)-beta-caryophyllene": "NPNUFJAVOOONJE-GFUGXAQUSA-N",
    "(-)-ephedrine": "KWGRBVOPPLSCSI-WPRPVWTQSA-N",
    "(-)-epigallocatechin gallate": "WMBWREPUVVBILR-WIYYLYMNSA-N",
    "(-)-menthol": "NOOLISFMXDJSKH-KXUCPTDWSA-N",
    "(R)-carvone": "ULDHMXUKGWMISQ-SECBINFHSA-N",
    "(R)-limonene": "XMGQYMWWDOXHJM-JTQLQIEISA-N",
    "(S)-boldine": "LZJRNLRASBVRRX-ZDUSSCGKSA-N",
    "(S)-coniine": "NDNUANOUGZGEPO-QMMMGPOBSA-N",
    "(S)-hesperetin": "AIONOLUJZLIMTK-AWEZNQCLSA-N",
    "(S)-naringenin": "FTVWIRXFELQLPI-ZDUSSCGKSA-N",
    "3-hydroxy-L-kynurenine": "VCKPUUFAIGNJHC-LURJTMIESA-N",
    "3-hydroxyanthranilic acid": "WJXSWCUQABXPFS-UHFFFAOYSA-N",
    "4-aminobenzoic acid": "ALYNCZNDIQEVRV-UHFFFAOYSA-N",
    "5-hydroxy-L-tryptophan": "LDCYZAJDBXYCGN-VIFPVBQESA-N",
    "D-mannitol": "FBPFZTCFMRRESA-KVTDHHQDSA-N",
    "L-alanine": "QNAYBMKLOCPYGJ-REOHCLBHSA-N",
    "L-arginine": "ODKSFYDXXFIFQN-BYPYZUCNSA-N",
    "L-ascorbic acid": "CIWBSHSKHKDKBQ-JLAZNSOCSA-N",
    "L-aspartic acid": "CKLJMWTZIZZHCS-REOHCLBHSA-N",
    "L-cysteine": "XUJNEKJLAYXESH-REOHCLBHSA-N",
    "L-glutamic acid": "WHUUTDBJXJRKMK-VKHMYHEASA-N",
    "L-glutamine": "ZDXPYRJPNDTMRX-VKHMYHEASA-N",
    "L-histidine": "HNDVDQJCIGZPNO-YFKPBYRVSA-N",
    "L-isoleucine": "AGPKZVBTJJNPAG-WHFBIAKZSA-N",
    "L-leucine": "ROHFNLRQFUQHCH-YFKPBYRVSA-N",
    "L-lysine": "KDXKERNSBIXSRK-YFKPBYRVSA-N",
    "L-methionine": "FFEARJCKVFRZRR-BYPYZUCNSA-N",
    "L-ornithine": "AHLPHDHHMVZTML-BYPYZUCNSA-N",
    "L-phenylalanine": "COLNVLDHVKWLRT-QMMMGPOBSA-N",
    "L-proline": "ONIBWKKTOPOVIA-BYPYZUCNSA-N",
    "L-serine": "MTCFGRXMJLQNBG-REOHCLBHSA-N",
    "L-tryptophan": "QIVBCDIJIAJPQS-VIFPVBQESA-N",
    "L-tyrosine": "OUYCCCASQSFEME-QMMMGPOBSA-N",
    "L-valine": "KZSNJWFQEVHDMF-BYPYZUCNSA-N",
    "N-acetyl-beta-D-glucosamine": "OVRNDRQMDRJTHS-FMDGEEDCSA-N",
    "abietic acid": "RSWGJHLUYNHPMX-ONCXSQPRSA-N",
    "abscisic acid": "JLIDBLDQVAYHNE-YKALOCIXSA-N",
    "adenosine": "OIRDTQYFTABQOQ-KQYNXXCUSA-N",
    "alpha,alpha-trehalose": "HDTRYLNUVZCQOY-LIZSDCNHSA-N",
    "alpha-linolenic acid": "DTOSIQBPPRVQHS-PDBXOOCHSA-N",
    "alpha-tocopherol": "GVJHHUAWPYXKBD-IEOSBIPESA-N",
    "anandamide": "LGEQQWMQCRIYKG-DOFZRALJSA-N",
    "anthranilic acid": "RWZYAGGXGHYGMB-UHFFFAOYSA-N",
    "apigenin": "KZNIFHPLKGYRTM-UHFFFAOYSA-N",
    "arachidonic acid": "YZXBAPSDXZZRGB-DOFZRALJSA-N",
    "azelaic acid": "BDJRBEYXGGNYIS-UHFFFAOYSA-N",
    "baicalein": "FXNFHKRTJBSTCS-UHFFFAOYSA-N",
    "berberine": "YBHILYKTIRIUTE-UHFFFAOYSA-N",
    "beta-carotene": "OENHQHLEOONYIE-JLTXGRSLSA-N",
    "beta-lactose": "GUBGYTABKSRVRQ-DCSYEGIMSA-N",
    "beta-maltose": "GUBGYTABKSRVRQ-QUYVBRFLSA-N",
    "biotin": "YBJHBAHKTGYVGT-ZKWXMUAHSA-N",
    "caffeic acid": "QAIPRVGONGVQAS-DUXPYHPUSA-N",
    "caffeine": "RYYVLZVUVIJVGH-UHFFFAOYSA-N",
    "camptothecin": "VSJKWCGYPAHWDS-FQEVSTJZSA-N",
    "capsaicin": "YKPUWZUDDOIDPM-SOFGYWHQSA-N",
    "carvacrol": "RECUKUPTGUEGMW-UHFFFAOYSA-N",
    "chlorogenic acid": "CWVRJTMFETXNAD-JUHZACGLSA-N",
    "cholesterol": "HVYWMOMLDIMFJA-DPAQBDIFSA-N",
    "cholic acid": "BHQCQFFYRZLCQQ-OELDTZBJSA-N",
    "chorismic acid": "WTFXTQVDAKGDEY-HTQZYQBOSA-N",
    "chrysin": "RTIXKCRFFJGDFG-UHFFFAOYSA-N",
    "citric acid": "KRKNYBCHXYNGOX-UHFFFAOYSA-N",
    "colchicine": "IAKHMKGGTNLKSZ-INIZCTEOSA-N",
    "cordycepin": "OFEZSBMBBKLLBJ-BAJZRUMYSA-N",
    "cortisol": "JYGXADMDTFJGBT-VWUMJDOOSA-N",
    "creatine": "CVSVTCORWBXHQV-UHFFFAOYSA-N",
    "curcumin": "VFLDPWHFBUODDF-FCXRPNKRSA-N",
    "cytisine": "ANJTVLIZGCUXLD-DTWKUNHWSA-N",
    "daidzein": "ZQSIJRDFPHDXIC-UHFFFAOYSA-N",
    "delta-9-tetrahydrocannabinol": "CYQFCXCEBYINGO-IAGOWNOFSA-N",
    "digitoxigenin": "XZTUSOXSLKTKJQ-CESUGQOBSA-N",
    "diosgenin": "WQLVFSAGQJTQCK-VKROHFNGSA-N",
    "dopamine": "VYFYYTLLBUKUHU-UHFFFAOYSA-N",
    "ellagic acid": "AFSDNFLWKVMVRB-UHFFFAOYSA-N",
    "ellipticine": "CTSPAMFJBXKSOY-UHFFFAOYSA-N",
    "emetine": "AUVVAXYIELKVAI-CKBKHPSWSA-N",
    "emodin": "RHMXXJGYXNZAPX-UHFFFAOYSA-N",
    "erythromycin": "ULGZDMOVFRHVEP-RWJQBGPGSA-N",
    "estradiol": "VOXZDWNPVJITMN-ZBRFXRBCSA-N",
    "eucalyptol": "WEEGYLXZBRQIMU-UHFFFAOYSA-N",
    "eugenol": "RRAFCDWBNXTKKO-UHFFFAOYSA-N",
    "ferruginol": "QXNWVJOHUAQHLM-AZUAARDMSA-N",
    "ferulic acid": "KSEBMYQBYZTDHS-HWKANZROSA-N",
    "fisetin": "XHEFDIBZLJXQHF-UHFFFAOYSA-N",
    "folic acid": "OVBPIULPVIDEAO-LBPRGKRZSA-N",
    "galanthamine": "ASUTZQLVASHGKV-JDFRZJQESA-N",
    "gallic acid": "LNTHITQWFMADLM-UHFFFAOYSA-N",
    "gamma-aminobutyric acid": "BTCSSZJGUNDROE-UHFFFAOYSA-N",
    "genistein": "TZBJGXHYKVUXJN-UHFFFAOYSA-N",
    "gibberellic acid": "IXORZMNAPKEEDV-OBDJNFEBSA-N",
    "glutathione": "RWSXRVCMGQZWBV-WDSKDSINSA-N",
    "glycine": "DHMQDGOQFOQNFH-UHFFFAOYSA-N",
    "glycyrrhetinic acid": "MPDGHEJMBKOTSU-YKLVYJNSSA-N",
    "gossypol": "QBKSWRVVCFFDOT-UHFFFAOYSA-N",
    "griseofulvin": "DDUHZTYCFQRHIY-RBHXEPJQSA-N",
    "guanosine": "NYHBQMYGNKIUIF-UUOKFMHZSA-N",
    "harmine": "BXNJHAXVSOCGBA-UHFFFAOYSA-N",
    "histamine": "NTYJJOPFIAHURM-UHFFFAOYSA-N",
    "isoliquiritigenin": "DXDRHHKMWQZJHT-FPYGCLRLSA-N",
    "kaempferol": "IYRMWMYZSQPJKC-UHFFFAOYSA-N",
    "kainic acid": "VLSMHEGGTFMBBZ-OOZYFLPDSA-N",
    "kanamycin A": "SBUJHOSQTJFQJX-NOAMYHISSA-N",
    "kojic acid": "BEJNERDRQOWKJM-UHFFFAOYSA-N",
    "lauric acid": "POULHZVOKOAJMA-UHFFFAOYSA-N",
    "levodopa": "WTDRDQBEARUVNC-LURJTMIESA-N",
    "levothyroxine": "XUIIKFGFIJCVMT-LBPRGKRZSA-N",
    "linoleic acid": "OYHQOLUKZRVURQ-HZJYTTRNSA-N",
    "lobeline": "MXYUKLILVYORSK-HBMCJLEFSA-N",
    "lovastatin": "PCZOHLXUXFIOCF-BXMDZJJMSA-N",
    "lupinine": "HDVAWXXJVMJBAR-VHSXEESVSA-N",
    "luteolin": "IQPNAANSBPBGFQ-UHFFFAOYSA-N",
    "lycorine": "XGVJWXAYKUHDOO-DANNLKNASA-N",
    "lysergic acid": "ZAGRKAFMISFKIO-QMTHXVAHSA-N",
    "matrine": "ZSBXGIUJOOQZMP-JLNYLFASSA-N",
    "melatonin": "DRLFMBDRBRZALE-UHFFFAOYSA-N",
    "mescaline": "RHCSKNNOAZULRK-UHFFFAOYSA-N",
    "methyl anthranilate": "VAMXMNNIEUEQDV-UHFFFAOYSA-N",
    "mimosine": "WZNJWVWKTVETCG-YFKPBYRVSA-N",
    "morphine": "BQJCRHHNABKAKU-KBQPJGBKSA-N",
    "myricetin": "IKMDFBPHZNJCSN-UHFFFAOYSA-N",
    "nobiletin": "MRIAQLRQZPPODS-UHFFFAOYSA-N",
    "noscapine": "AKNNEGZIBPJZJG-MSOLQXFVSA-N",
    "oleanolic acid": "MIJYXULNPSFWEK-GTOFXWBISA-N",
    "oleic acid": "ZQPPMHVWECSIRJ-KTKRTIGZSA-N",
    "p-coumaric acid": "NGSWKAQJJWESNS-ZZXKWVIFSA-N",
    "paclitaxel": "RCINICONZNJXQF-MZXODVADSA-N",
    "palmitic acid": "IPCSVZSSVZVIGE-UHFFFAOYSA-N",
    "palmitoylethanolamide": "HXYVTAGFYLMHSO-UHFFFAOYSA-N",
    "pantothenic acid": "GHOKWGTUZJEAQD-ZETCQYMHSA-N",
    "papaverine": "XQYZDYMELSJDRZ-UHFFFAOYSA-N",
    "penicillin G": "JGSARLDLIJGVTE-MBNYWOFBSA-N",
    "phloretin": "VGEREEWJJVICBM-UHFFFAOYSA-N",
    "physostigmine": "PIJVFDBKTWXHHD-HIFRSBDPSA-N",
    "pilocarpine": "QCHFTSOMWOSFHM-WPRPVWTQSA-N",
    "piperine": "MXXWOMGUGJBKIW-YPCIICBESA-N",
    "podophyllotoxin": "YJGVMLPVUAXIQN-XVVDYKMHSA-N",
    "progesterone": "RJKFOVLPORLFTN-LEKSSAKUSA-N",
    "prostaglandin E2": "XEYBRNLFEZDVAW-ARSRFYASSA-N",
    "protocatechuic acid": "YQUVCSBJEUQKSH-UHFFFAOYSA-N",
    "psilocybin": "QVDSEJDULKLHCG-UHFFFAOYSA-N",
    "quercetin": "REFJWTPEDVJJIY-UHFFFAOYSA-N",
    "quercitrin": "OXGUCUVFOIWWQJ-HQBVPOQASA-N",
    "questiomycin A": "RDJXPXHQENRCNG-UHFFFAOYSA-N",
    "reserpine": "QEVHRUUCFGRFIF-MDEJGZGSSA-N",
    "retinoic acid": "SHGAZHPCJJPHSC-YCNIQYBTSA-N",
    "retinol": "FPIPGXGPPPQFEQ-OVSJKPMPSA-N",
    "rutaecarpine": "ACVGWSKVRYFWRP-UHFFFAOYSA-N",
    "rutin": "IKGXIBQEEMLURG-NVPNHPEKSA-N",
    "salicin": "NGFMICBWJRZIBI-UJPOAAIJSA-N",
    "salicylic acid": "YGSDEFSMJLZEOE-UHFFFAOYSA-N",
    "scopoletin": "RODXRVNMMDRFIK-UHFFFAOYSA-N",
    "senecionine": "HKODIGSRFALUTA-JTLQZVBZSA-N",
    "serotonin": "QZAYGJVTTNCVMB-UHFFFAOYSA-N",
    "spermidine": "ATHGHQPFGPMSJY-UHFFFAOYSA-N",
    "sphingosine": "WWUZIQQURGPMPG-KRWOKUGFSA-N",
    "stearic acid": "QIQXTHQIDYTFRH-UHFFFAOYSA-N",
    "syringic acid": "JMSVCTWVEWCHDZ-UHFFFAOYSA-N",
    "testosterone": "MUMGGOZAMZWBJJ-DYKIIFRCSA-N",
    "tetrandrine": "WVTKBKWTSCPRNU-KYJUHHDHSA-N",
    "thebaine": "FQXXSQDCDRQNQE-VMDGZTHMSA-N",
    "thymol": "MGSRCZKZVOBKFT-UHFFFAOYSA-N",
    "totarol": "ZRVDANDJSTYELM-FXAWDEMLSA-N",
    "trans-cinnamic acid": "WBYWAXJHAXSJNI-VOTSOKGWSA-N",
    "trans-resveratrol": "LUKBXSAWLPMMSZ-OWOJBTEDSA-N",
    "tripalmitin": "PVNIQBQSYATKKL-UHFFFAOYSA-N",
    "tryptamine": "APJYDQYYACXCRM-UHFFFAOYSA-N",
    "tyramine": "DZGWFCGJZKJUFP-UHFFFAOYSA-N",
    "umbelliferone": "ORHBXUUXSCNDEV-UHFFFAOYSA-N",
    "ursolic acid": "WCGUUGGRBIKTOS-GPOJBZKASA-N",
    "vanillic acid": "WKOLLVMJNQIZCI-UHFFFAOYSA-N",
    "vanillin": "MWOOGOJBHIARFG-UHFFFAOYSA-N",
    "yohimbine": "BLGXFZZNTVWLAY-SCYLSFHTSA-N",
}


class NaturalProduct(NamedTuple):
    """One row of the data set."""

    name: str
    group: str
    formula: str
    smiles: str


@cache
def read_text() -> str:
    """Return the file as it is, without translation of its line ends."""
    path = files("halodb.demo") / "natural_products.csv"
    return path.read_bytes().decode("utf-8")


@cache
def read_rows() -> tuple[NaturalProduct, ...]:
    """Return the rows of the file, in the order of the file."""
    reader = csv.DictReader(read_text().splitlines(), strict=True)
    return tuple(NaturalProduct(row["name"], row["class"], row["formula"], row["smiles"]) for row in reader)


def molecule_of(smiles: str) -> Chem.Mol:
    """Return the molecule of a SMILES that has to parse."""
    molecule = Chem.MolFromSmiles(smiles)
    assert molecule is not None, f"not a SMILES: {smiles}"
    return molecule


def names_with_group(pattern: str, group: str) -> list[str]:
    """Return the names of the molecules of a class that match a SMARTS pattern."""
    query = Chem.MolFromSmarts(pattern)
    assert query is not None
    return [row.name for row in read_rows() if row.group == group and molecule_of(row.smiles).HasSubstructMatch(query)]


def test_header_and_line_ends() -> None:
    """The header is as documented and lines end in a line feed only."""
    text = read_text()
    assert text.startswith("name,class,formula,smiles\n")
    assert "\r" not in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_number_of_rows() -> None:
    """The set has about 250 molecules."""
    assert MINIMUM_ROWS <= len(read_rows()) <= MAXIMUM_ROWS


def test_no_empty_or_padded_value() -> None:
    """Every value is present and has no white space around it."""
    bad = [row for row in read_rows() if any(not v or v != v.strip() for v in row)]
    assert bad == []


def test_rows_are_sorted_by_class_then_name() -> None:
    """Rows come sorted by class, then by name."""
    keys = [(row.group, row.name) for row in read_rows()]
    assert keys == sorted(keys)


def test_names_are_unique() -> None:
    """No two rows have the same name, whatever the case of the letters."""
    counts = Counter(row.name.casefold() for row in read_rows())
    assert [name for name, count in counts.items() if count > 1] == []


def test_smiles_are_unique() -> None:
    """No two rows have the same SMILES."""
    counts = Counter(row.smiles for row in read_rows())
    assert [smiles for smiles, count in counts.items() if count > 1] == []


def test_classes() -> None:
    """The seven classes are there, each well represented, and no other class."""
    counts = Counter(row.group for row in read_rows())
    assert set(counts) == set(MINIMUM_ROWS_OF_CLASS)
    short = {group: counts[group] for group, minimum in MINIMUM_ROWS_OF_CLASS.items() if counts[group] < minimum}
    assert short == {}


def test_smiles_are_canonical() -> None:
    """Every SMILES parses, and RDKit writes it the same way again."""
    bad = [
        (row.name, row.smiles, canonical)
        for row in read_rows()
        if (canonical := Chem.MolToSmiles(molecule_of(row.smiles))) != row.smiles
    ]
    assert bad == []


def test_formulas_agree_with_smiles() -> None:
    """The formula of the literature is the formula of the SMILES."""
    bad = [
        (row.name, row.formula, computed)
        for row in read_rows()
        if (computed := CalcMolFormula(molecule_of(row.smiles))) != row.formula
    ]
    assert bad == []


def test_sizes() -> None:
    """Every row is one molecule, and none is too large to draw."""
    bad = [
        row.name
        for row in read_rows()
        if "." in row.smiles or molecule_of(row.smiles).GetNumHeavyAtoms() > MAXIMUM_HEAVY_ATOMS
    ]
    assert bad == []


def test_published_inchikeys() -> None:
    """The InChIKey of the SMILES is the published InChIKey of that name."""
    smiles_of = {row.name: row.smiles for row in read_rows()}
    assert sorted(set(PUBLISHED_INCHIKEYS) - set(smiles_of)) == []
    bad = [
        (name, published, computed)
        for name, published in PUBLISHED_INCHIKEYS.items()
        if (computed := MolToInchiKey(molecule_of(smiles_of[name]))) != published
    ]
    assert bad == []


@pytest.mark.parametrize(("pattern", "group", "minimum"), REQUIRED_GROUPS)
def test_functional_groups(pattern: str, group: str, minimum: int) -> None:
    """Each functional group occurs often enough in the classes that need it."""
    names = names_with_group(PATTERNS[pattern], group)
    assert len(names) >= minimum, names
