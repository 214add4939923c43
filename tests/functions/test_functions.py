"""Functions of chemistry in SQL: equal to RDKit called directly, null where there is no molecule, and quick to be there."""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import psutil
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rdkit import Chem, DataStructs, RDConfig
from rdkit.Chem import FilterCatalog, rdMolDescriptors
from rdkit.Chem.rdFingerprintGenerator import GetMorganGenerator

import halodb as package
from halodb.demo import example_smiles
from halodb.engine import run_statement
from halodb.errors import HalodbWarning, QueryError
from halodb.functions import Functions
from halodb.functions.heard import rdkit_heard
from halodb.functions.signatures import BY_NAME, MACROS, SIGNATURES
from tests.chemistry.oracle import SHARED, shared_natural_products
from tests.conftest import Run, some

SMARTS = ["[c:1][OX2H:2]", "C(=O)[OX2H1]", "[R2]", "[C@H](N)C(=O)O", "[#7;!$(N-C=O)]", "[Cl,Br,I]"]
QUERY = "COc1cc(C=CC(=O)O)ccc1O"
CATALOGS = ["PAINS", "BRENK"]

sys.path.append(str(Path(RDConfig.RDContribDir) / "SA_Score"))
sascorer: Any = importlib.import_module("sascorer")

Crippen: Any = importlib.import_module("rdkit.Chem.Crippen")  # which have no types
Descriptors: Any = importlib.import_module("rdkit.Chem.Descriptors")
Inchi: Any = importlib.import_module("rdkit.Chem.inchi")
MurckoScaffold: Any = importlib.import_module("rdkit.Chem.Scaffolds.MurckoScaffold")
QED: Any = importlib.import_module("rdkit.Chem.QED")
MORGAN = GetMorganGenerator(radius=2, fpSize=1024)

ORACLE: dict[str, Callable[[Chem.Mol], Any]] = {
    "canonical": Chem.MolToSmiles,
    "inchikey": lambda molecule: Inchi.MolToInchiKey(molecule) or None,
    "formula": rdMolDescriptors.CalcMolFormula,
    "scaffold": lambda molecule: MurckoScaffold.MurckoScaffoldSmiles(mol=molecule),
    "mol_weight": Descriptors.MolWt,
    "exact_mass": Descriptors.ExactMolWt,
    "logp": Crippen.MolLogP,
    "tpsa": rdMolDescriptors.CalcTPSA,
    "hbd": rdMolDescriptors.CalcNumHBD,
    "hba": rdMolDescriptors.CalcNumHBA,
    "rotatable_bonds": rdMolDescriptors.CalcNumRotatableBonds,
    "rings": rdMolDescriptors.CalcNumRings,
    "heavy_atoms": lambda molecule: molecule.GetNumHeavyAtoms(),
    "fraction_csp3": rdMolDescriptors.CalcFractionCSP3,
    "stereo_centres": rdMolDescriptors.CalcNumAtomStereoCenters,
    "formal_charge": Chem.GetFormalCharge,
    "qed": QED.qed,
    "sa_score": sascorer.calculateScore,
}


def expected(smiles: Sequence[str]) -> dict[str, list[Any]]:
    """What RDKit gives, each molecule parsed anew for each function."""
    found: dict[str, list[Any]] = {
        f"{name}(smiles)": [compute(Chem.MolFromSmiles(each)) for each in smiles] for name, compute in ORACLE.items()
    }
    for smarts in SMARTS:
        query = Chem.MolFromSmarts(smarts)
        counts = [len(Chem.MolFromSmiles(each).GetSubstructMatches(query)) for each in smiles]
        found[f"substructure(smiles, '{smarts}')"] = [count > 0 for count in counts]
        found[f"substructure_count(smiles, '{smarts}')"] = counts
    bits = MORGAN.GetFingerprint(Chem.MolFromSmiles(QUERY))
    found[f"similarity(smiles, '{QUERY}')"] = [
        DataStructs.TanimotoSimilarity(bits, MORGAN.GetFingerprint(Chem.MolFromSmiles(each))) for each in smiles
    ]
    for name in CATALOGS:
        kind = getattr(FilterCatalog.FilterCatalogParams.FilterCatalogs, name)
        catalog = FilterCatalog.FilterCatalog(FilterCatalog.FilterCatalogParams(kind))
        found[f"alerts(smiles, '{name}')"] = [
            [entry.GetDescription() for entry in catalog.GetMatches(Chem.MolFromSmiles(each))] for each in smiles
        ]
    return found


def differing(connection: duckdb.DuckDBPyConnection, smiles: Sequence[str]) -> list[str]:
    connection.execute(
        "CREATE OR REPLACE TABLE t AS SELECT unnest($1) AS smiles, unnest(range(len($1))) AS row", [smiles]
    )
    told = []
    wanted = expected(smiles)
    rows = connection.sql(f"SELECT {', '.join(wanted)} FROM t ORDER BY row").fetchall()  # all at once: shared molecules
    for place, (call, values) in enumerate(wanted.items()):
        alone = [value for (value,) in connection.sql(f"SELECT {call} FROM t ORDER BY row").fetchall()]
        for each, want, got, again in zip(smiles, values, [row[place] for row in rows], alone, strict=True):
            if not same(want, got) or not same(want, again):
                told.append(f"{call} of {each}: {got}, {again} instead of {want}")
    return told


def same(want: Any, got: Any) -> bool:
    if isinstance(want, float):
        return math.isclose(
            want, got, rel_tol=1e-9, abs_tol=1e-9
        )  # sums of contributions, in whatever order of threads
    return bool(want == got)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    Functions(made).register(BY_NAME)
    run_statement(made, "functions/halogens")
    return made


def test_every_function_is_held_against_rdkit() -> None:
    assert {signature.name for signature in SIGNATURES} == {
        *ORACLE,
        "substructure",
        "substructure_count",
        "similarity",
        "alerts",
    }


def test_they_are_equal_to_rdkit_called_directly(connection: duckdb.DuckDBPyConnection) -> None:
    others = ["CC(=O)[O-].[Na+]", "C[N+](C)(C)C.[Cl-]", "[2H]C([2H])O", "[H][H]", "F[Fe]I", "C1=CC=CC=C1", "*CC"]
    smiles = [*example_smiles()[::3], *others]
    assert differing(connection, smiles) == []


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the shared natural products are not on this machine")
@pytest.mark.parametrize("part", range(10))
def test_on_all_shared_natural_products(connection: duckdb.DuckDBPyConnection, part: int) -> None:
    assert differing(connection, shared_natural_products(1)[part::10]) == []


def test_aliases_are_the_same_function(connection: duckdb.DuckDBPyConnection) -> None:
    for signature in SIGNATURES:
        second = {"smarts": ", 'c'", "query": ", 'CCO'", "catalog": ", 'BRENK'"}.get(signature.second or "", "")
        for alias in signature.aliases:
            calls = ", ".join(f"{name}('O=C1C=CC(=O)C=C1'{second})" for name in (signature.name, alias))
            ((value, again),) = connection.sql(f"SELECT {calls}").fetchall()
            assert value == again


HALOGENS = [
    "F",
    "Cl",
    "Br",
    "I",
    "[F-]",
    "[18F]",
    "[123I]",
    "[Fe]",
    "[Fm]",
    "[Ir]",
    "[In]",
    "[113In]",
    "In1cccc1",
    "Fc1ccccc1",
]


@given(
    st.lists(
        st.sampled_from([*HALOGENS, "C", "[Cl-]", "[82Br]", "[Cf]", "[Hf]", "CCl", "C(F)(F)I", "IN", "[Fl]"]),
        min_size=1,
    )
)
@example(["CI name of Fluorine and Iodine Br Cl"])
def test_halogens_are_counted_as_rdkit_counts_atoms(
    connection: duckdb.DuckDBPyConnection, fragments: list[str]
) -> None:
    smiles = ".".join(fragments)
    symbols = [atom.GetSymbol() for atom in Chem.MolFromSmiles(smiles).GetAtoms()]
    calls = ", ".join(f"{name}($smiles)" for name in MACROS)
    rows = connection.execute(f"SELECT {calls}", {"smiles": smiles}).fetchall()
    assert rows == [tuple(symbols.count(symbol) for symbol in ("F", "Cl", "Br", "I"))]


def test_null_in_null_out(connection: duckdb.DuckDBPyConnection) -> None:
    for name, signature in BY_NAME.items():
        second = {"smarts": "'c'", "query": "'CCO'", "catalog": "'PAINS'"}.get(signature.second or "")
        calls = [f"{name}(NULL, {second})", f"{name}('C', NULL)"] if second else [f"{name}(NULL)"]
        assert connection.sql(f"SELECT {', '.join(calls)}").fetchall() == [(None,) * len(calls)]
    assert connection.sql(f"SELECT {', '.join(f'{name}(NULL)' for name in MACROS)}").fetchall() == [(None,) * 4]


BAD = "(VALUES ('CCO'), ('C1CC'), (NULL), ('CC(C)(C)(C)C'), ('c1cccc1'), ('CCO é')) AS t(smiles)"


@pytest.mark.parametrize("call", ["tpsa(smiles)", "substructure(smiles, 'O')", "similarity(smiles, 'CCO')"])
def test_an_unreadable_smiles_is_null_and_counted(demo: Path, call: str) -> None:
    with package.open(demo / "library") as library:
        answer = library.sql(f"SELECT {call}, logp(smiles) FROM {BAD}")
        with pytest.warns(HalodbWarning, match="4 rows have a SMILES that RDKit cannot read") as told:
            rows = answer.fetchall()
    assert [value is None for value, _ in rows] == [False, True, True, True, True, True]
    assert len(told) == 1


def test_a_wrong_query_is_an_error_that_quotes_it(halodb: Run, demo: Path) -> None:
    for call, quoted in {
        "substructure(smiles, 'c1(')": "'c1('",
        "substructure_count(smiles, '')": "''",
        "similarity(smiles, 'C1CC')": "'C1CC'",
        "alerts(smiles, 'PAIN')": "Did you mean PAINS?",
    }.items():
        done = halodb("sql", f"SELECT {call} FROM products", "-l", demo / "library")
        assert (done.returncode, done.stdout) == (1, "")
        assert quoted in done.stderr
        assert len(done.stderr.splitlines()) == 1
    with package.open(demo / "library") as library, pytest.raises(QueryError, match="is no SMARTS"):
        library.sql("SELECT substructure(smiles, 'C((') FROM products WHERE smiles IS NOT NULL").fetchall()


def test_the_command_line_tells_unreadable_rows_in_one_line(halodb: Run, demo: Path) -> None:
    done = halodb(
        "sql",
        f"SELECT rings(smiles) AS rings, canonical(smiles) AS smiles FROM {BAD}",
        "-l",
        demo / "library",
        "--format",
        "csv",
    )
    assert (done.returncode, done.stdout.split()[:2]) == (0, ["rings,smiles", "0,CCO"])
    assert done.stderr == "halodb: note: 4 rows have a SMILES that RDKit cannot read: the value is null there.\n"


def test_read_only_libraries_have_them_too(demo: Path) -> None:
    query = "SELECT count(*), sum(n_cl(smiles)) FROM products WHERE class = 'lipid' AND substructure(smiles, '[Cl]') AND rings(smiles) = 0"
    with pytest.warns(HalodbWarning, match="lie outside"):
        confined = package.open(demo / "library", read_only=True)
    with confined, package.open(demo / "library") as free:
        assert confined.sql(query).fetchall() == free.sql(query).fetchall() != [(0, None)]


def test_a_rollback_takes_no_function_away(demo: Path) -> None:
    with package.open(demo / "library") as library:
        library.sql("BEGIN; SELECT rings('C1CC1')")
        library.sql("ROLLBACK")
        assert library.sql("SELECT rings('C1CC1')").fetchall() == [(1,)]


def test_a_query_without_them_imports_nothing_for_them(demo: Path) -> None:
    """In a notebook, and on the command line: a library opens in 0.3 s."""
    heavy = "{'rdkit.Chem', 'numpy', 'pyarrow', 'prompt_toolkit', 'pandas', 'polars'}"
    arguments = [str(demo / "library"), "SELECT smiles, n_f(smiles) FROM products LIMIT 3"]
    ask = (
        f"halodb.open({arguments[0]!r}).sql({arguments[1]!r}).fetchall()",
        f"from halodb.cli.main import run_line; run_line(['sql', *{arguments!r}, '--format', 'csv'])",
    )
    for each in ask:
        code = f"import sys, halodb\n{each}\nprint(sorted({heavy} & sys.modules.keys()))\n"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process on Windows")
@pytest.mark.parametrize("call", some(["qed(smiles)", "alerts(smiles, 'ALL')", "substructure_count(smiles, 'CCC')"]))
def test_ctrl_c_ends_a_query_though_rdkit_takes_the_signal(demo: Path, call: str) -> None:
    """While RDKit matches, the signal ends the match and nothing else: the match's value must not be used."""
    endless = (
        f"SELECT count(DISTINCT {call}) FROM (SELECT smiles || repeat('C', range) AS smiles FROM products, range(200))"
    )
    command = [sys.executable, "-m", "halodb", "sql", str(demo / "library"), endless]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while psutil.Process(process.pid).cpu_times().user < 2.5:  # past its imports, within the query
        time.sleep(0.1)
    for _ in range(4):  # while it makes its catalog or the like, RDKit may take one: then as a person would, again
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
            break
    out, told = process.communicate(timeout=15)
    assert (process.returncode, out, told.partition(".")[0]) == (130, "", "halodb: stopped")


@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process on Windows")
def test_an_interrupted_match_is_told() -> None:
    """RDKit tells it by this line of its log alone."""
    heard: list[int] = []
    query, molecule = Chem.MolFromSmarts("[#6]~[#6]~[#6]~[#6]"), Chem.MolFromSmiles(QUERY)
    whole = len(molecule.GetSubstructMatches(query))
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    sender = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import os, time\nwhile os.getppid() == {os.getpid()}: os.kill({os.getpid()}, 2); time.sleep(0.0005)",
        ]
    )
    try:
        with rdkit_heard(lambda: heard.append(1)):
            end = time.monotonic() + 30
            while not heard and time.monotonic() < end:
                matches = len(molecule.GetSubstructMatches(query))
                assert heard or matches == whole
    finally:
        sender.kill()
        sender.wait()
        signal.signal(signal.SIGINT, before)
    assert heard
