"""Chemistry: all products of a set of rules for one parent after another.

The way of a parent through this package, a file each:

    plain_smiles        is its text simple enough for the fast paths?
    halogen_analogues   was it, but for its halogens, enumerated before?   (halogen_patterns: why; halogen_rules)
    screen              can it have a site at all?                         (terminal_atoms)
    parse               to a molecule, or to a reason why it is none
    query_group         where do the rules match?                          (queries: what a SMARTS looks at)
    parent              what decides how its products are made
    make_products       by edits or by RDKit's engine?                     (edit_conditions)
    parent_edits        all edits of the parent                            (edit_atoms: of one match; stereo)
    reaction            RDKit's reaction engine

`compile_rule` turns rules into substitutions (`substitution`) and these into sequences of edits (`edit_sequence`) once;
`explain` says in words what became of a rule. `elements` is the table of elements, `proven` the list of RDKit's
versions for which the fast paths are right. `enumerator` puts all of it together, `one_molecule` is its short form.
"""

from halodb.chemistry.enumeration import Enumeration, Product, Reject
from halodb.chemistry.enumerator import Enumerator
from halodb.chemistry.parse import ParentRejectedError, parse_parent

__all__ = ["Enumeration", "Enumerator", "ParentRejectedError", "Product", "Reject", "parse_parent"]
