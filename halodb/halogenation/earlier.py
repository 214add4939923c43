"""What an earlier halogenation left in the same directory: never mixed with what other rules, limits or masks make."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from pathlib import Path

from halodb.errors import HalodbWarning, LibraryError
from halodb.files import remove_tree
from halodb.inputs import Input, InputName
from halodb.jobs import Manifest, load_manifests
from halodb.rules import RuleSet


def check_rules(output: Path, rules: RuleSet) -> None:
    """Refuse to go on in a directory with an input that other rules made, at whatever depth.

    Raises:
        LibraryError: there is one.
    """
    for manifest in _made(output):
        if not _by_same_rules(manifest, rules):
            raise LibraryError(
                f"{output / manifest.job} was made by other rules, limits or another sugar mask.",
                "Choose another directory, or let all be made anew with --replace.",
            )


def remove_outdated(output: Path, rules: RuleSet, parents: Mapping[str, Input], jobs: Collection[str]) -> None:
    """Remove the inputs of an earlier halogenation that this one did not make anew, and whose parents or rules changed.

    Args:
        output: directory of the inputs.
        rules: of now.
        parents: inputs as they are now, by name, those of the last step too.
        jobs: names of what this halogenation made, or found done.
    """
    gone: set[str] = set()
    for manifest in sorted(_made(output), key=lambda each: each.k):
        name = str(InputName(manifest.class_name, manifest.k))
        # An input that is deeper than what was made now is there if it is not gone; the parents of a class are known.
        stays = manifest.k > 0 and name not in gone
        same = parents[name].digest == manifest.input.digest if name in parents else stays
        if manifest.job in jobs or (same and _by_same_rules(manifest, rules)):
            continue
        gone.add(manifest.job)
        remove_tree(output / manifest.job)
        told = f"{output / manifest.job} was of an earlier halogenation, and is removed."
        warnings.warn(told, HalodbWarning, stacklevel=2)


def _by_same_rules(manifest: Manifest, rules: RuleSet) -> bool:
    now = rules.in_scope(manifest.class_name)
    return [(rule.name, rule.fingerprint) for rule in now] == [(each.name, each.fingerprint) for each in manifest.rules]


def _made(output: Path) -> list[Manifest]:
    """The manifests of all inputs in a directory that `halogenate` made."""
    return [manifest for manifest in load_manifests(output) if manifest.pooled]
