"""Whatever files and options hold, the command line ends with 0, 1 or 2 and a line for people: never with a fault.

A hundred inputs by default, thousands with `-m slow`. The commands run in this process, on a library of three jobs.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import halodb as package
from halodb.cli import main
from halodb.resources import resource
from tests.conftest import ACL, NH2, OME

SHIPPED = resource("configs", "transforms.yaml").read_text(encoding="utf-8")
RULES = [job.partition("_")[2] for job in (OME, NH2, ACL)]
MANY = int(os.environ.get("HALODB_FUZZ", "2000"))
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
FEW = settings(max_examples=15, deadline=None, suppress_health_check=QUIET, phases=[Phase.generate, Phase.shrink])
FULL = settings(FEW, max_examples=MANY)

Told = Callable[..., tuple[int, str]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """Run a command; its exit code and what it told. A fault fails the test."""

    def run(*arguments: object) -> tuple[int, str]:
        capsys.readouterr()
        code = main.run_line([str(each) for each in arguments])
        output, error = capsys.readouterr()
        assert code in {0, 1, 2}, (code, error)
        assert "has a fault" not in error, error
        assert "Traceback" not in error, error
        assert code == 0 or error.startswith(("halodb: ", "polyphenol")), error
        return code, output + error

    return run


FIELDS = ["name", "label", "family", "scope_classes", "query_smarts", "smirks", "rules", "extra", "<<", "[/]", ""]
SCALARS = st.sampled_from(
    ["!!int x", "!!int '3'", "!foo bar", "!!python/object:os.system x", "!!binary aGk=", "!!timestamp x", "!!set {a}",
     "9" * 10_000, "1e999", ".nan", "~", "null", "yes", "2024-01-01", "0o7", "*anchor", "&anchor x", "[/]", "'[bold]'",
     "{a: b}", "[a, [b]]", "[]", "{}", "? [a] : b", "'\\u0007'", '"\\x1b[31m"', "'[c:1]'", "'[c:1]>>[c:1]C'", "|", ">-", "polyphenol",
     "[polyphenol]", "[polyphenol, 3]", "'A" + "b" * 300 + "'", "'C" + "C" * 20_000 + "'", "'" + "[" * 500 + "'", "'[$([$([c:1])])]'", "OME"]
) | st.text(max_size=20)  # fmt: skip
ENTRIES = st.lists(st.tuples(st.sampled_from(FIELDS), SCALARS), min_size=1, max_size=8)


def as_yaml(rules: list[list[tuple[str, str]]]) -> str:
    lines = ["rules:"]
    for entry in rules:
        lines += [f"  {'-' if place == 0 else ' '} {field}: {value}" for place, (field, value) in enumerate(entry)]
    return "\n".join(lines)


RULE_FILES = (
    st.builds(as_yaml, st.lists(ENTRIES, max_size=3)).map(str.encode)
    | st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.sampled_from(
        [
            b"rules: &a [*a]",
            b"&a {rules: *a}",
            b"[" * 3000,
            b"{a: " * 3000,
            b"- " * 3000,
            b"rules: " + b"[" * 3000,
            b"rules: !!set {a, b}",
            b"rules: !!omap [a: b]",
            b"rules:\n- &x {name: A, <<: *x}",
            b"%YAML 9.9\n---\nrules: []",
            b"rules: []\n---\nrules: []",
            b"\xff\xfer\0u\0l\0e\0s\0",
            b"rules: [" + b"1," * 50_000 + b"1]",
            SHIPPED.encode() * 2,
        ]
    )
)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Some bytes flipped, cut, doubled, zeroed, or put elsewhere."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(changed) + 1)
        stop = min(len(changed), start + chance.choice((1, 1, 2, 8, 64)))
        match chance.randrange(5):
            case 0 if start < len(changed):
                changed[start] ^= 1 << chance.randrange(8)
            case 1:
                del changed[start:stop]
            case 2:
                changed[start:start] = changed[start:stop]
            case 3:
                changed[start:stop] = bytes(stop - start)
            case _:
                del changed[start:]
    return bytes(changed)


MUTATIONS = st.integers(0, 2**32).map(random.Random)


def check_rule_file(told: Told, directory: Path, content: bytes) -> None:
    file = directory / "rules[1].yaml"
    file.write_bytes(content)
    told("rules", "--rules", file)


@FEW
@given(content=RULE_FILES | MUTATIONS.map(lambda chance: mutated(SHIPPED.encode(), chance)))
def test_rule_files(told: Told, tmp_path: Path, content: bytes) -> None:
    check_rule_file(told, tmp_path, content)


@pytest.mark.slow
@FULL
@given(content=RULE_FILES | MUTATIONS.map(lambda chance: mutated(SHIPPED.encode(), chance)))
def test_many_rule_files(told: Told, tmp_path: Path, content: bytes) -> None:
    check_rule_file(told, tmp_path, content)


@pytest.fixture(scope="module")
def places(phenol_library: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A library with finished jobs, one that waits for dedup, and a record; and the bytes of all its files."""
    place = tmp_path_factory.mktemp("fuzz")
    inputs = Path(shutil.copytree(phenol_library / "inputs", place / "library" / "inputs"))
    library = place / "library"
    package.run(library, inputs, workers=1, jobs=[OME, NH2])
    package.transform(inputs / "polyphenol-1X", library, rules=RULES, workers=1)
    return library, {
        str(path.relative_to(library)): path.read_bytes()
        for path in sorted(library.rglob("*"))
        if path.is_file() and not path.name.startswith(".") and path.suffix != ".html"
    }


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=10)
    | st.sampled_from(["..", "[/]", "done"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def with_a_value(content: bytes, chance: random.Random, value: Any) -> bytes:
    """A JSON document with one of its values replaced, wherever it is."""
    document = json.loads(content)
    spots: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        for key in list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else []:
            spots.append((node, key))
            walk(node[key])

    walk(document)
    node, key = chance.choice(spots)
    node[key] = value
    return json.dumps(document).encode()


COMMANDS: list[tuple[str, ...]] = [
    ("status",),
    ("verify", "--sample", "5"),
    ("clean", "--dry-run"),
    ("sql", "SELECT * FROM derivations JOIN jobs USING (class, k, rule) LIMIT 3", "-l"),
    ("sql", "FROM rejects", "--read-only", "-l"),
    ("dedup", "-l"),
]


def check_library(told: Told, places: tuple[Path, dict[str, bytes]], chance: random.Random, value: Any) -> None:
    library, files = places
    name = chance.choice(sorted(files))
    is_document = name.endswith(".json")
    new = (
        with_a_value(files[name], chance, value)
        if is_document and chance.random() < 0.6
        else mutated(files[name], chance)
    )
    (library / name).write_bytes(new)
    try:
        for command in chance.sample(COMMANDS, 2):
            told(*command[:1], library, *command[1:]) if command[-1] != "-l" else told(*command, library)
    finally:
        for file, content in files.items():
            path = library / file
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_bytes() != content:
                path.write_bytes(content)


@FEW
@given(chance=MUTATIONS, value=ANYTHING)
def test_files_of_a_library(
    told: Told, places: tuple[Path, dict[str, bytes]], chance: random.Random, value: Any
) -> None:
    check_library(told, places, chance, value)


@pytest.mark.slow
@FULL
@given(chance=MUTATIONS, value=ANYTHING)
def test_files_of_a_library_many_times(
    told: Told, places: tuple[Path, dict[str, bytes]], chance: random.Random, value: Any
) -> None:
    check_library(told, places, chance, value)


WORDS = st.text(max_size=15) | st.sampled_from(
    ["50%", "300%", "0%", "1e3GB", "16gib", "-1GB", "nan%", "9" * 400, "٣٣%", "*", "[/]", "[!", "polyphenol-*", "'", "$x", "?", "SELECT", ";",
     "SELECT '[/]' AS \"[bold]\"", "SELECT 1 AS a, 2 AS a", "FROM nowhere", "SELECT error('[/]')", "/dev/null", "\0", "SELECT 1/0",
     "SELECT unnest(range(100))", "SELECT '\x1b[31m'", "WITH RECURSIVE r AS (SELECT 1 UNION ALL FROM r) SELECT 1", "SELECT {'a': [1]}"]
)  # fmt: skip


@FEW
@given(word=WORDS, command=st.integers(0, 5))
def test_options(told: Told, places: tuple[Path, dict[str, bytes]], tmp_path: Path, word: str, command: int) -> None:
    library = places[0]
    if word.startswith("-") or "\0" in word:
        word = f"x{word}".replace("\0", "")
    commands: list[tuple[object, ...]] = [
        ("sql", word, "-l", library, "--format", "csv"),
        ("sql", word, "-l", library),
        ("verify", library, "--jobs", word, "--sample", 0),
        ("verify", library, "--jobs", OME, "--memory", word, "--sample", 0),
        ("rules", "--explain", word),
        ("clean", f"{tmp_path}/{word[:100]}", "--dry-run"),
    ]
    told(*commands[command])
