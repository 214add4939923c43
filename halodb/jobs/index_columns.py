"""Names of the columns of `index.parquet` that a result has not; imports no Arrow, for queries that do without."""

from __future__ import annotations

SCREEN = tuple(f"screen_{word}" for word in range(8))
"""Words of the screen, see `chemistry/fingerprints.py`."""

MORGAN = tuple(f"morgan_{word:02}" for word in range(16))
"""Words of the Morgan fingerprint."""

NUMBERS = {
    "morgan_count": "SMALLINT",
    "n_f": "SMALLINT",
    "n_cl": "SMALLINT",
    "n_br": "SMALLINT",
    "n_i": "SMALLINT",
    "mol_weight": "DOUBLE",
    "exact_mass": "DOUBLE",
    "logp": "DOUBLE",
    "tpsa": "DOUBLE",
    "fraction_csp3": "DOUBLE",
    "hbd": "SMALLINT",
    "hba": "SMALLINT",
    "rotatable_bonds": "SMALLINT",
    "rings": "SMALLINT",
    "heavy_atoms": "SMALLINT",
    "formal_charge": "SMALLINT",
    "n_c": "SMALLINT",
    "n_n": "SMALLINT",
    "n_o": "SMALLINT",
    "n_p": "SMALLINT",
    "n_s": "SMALLINT",
}
"""Numbers and their SQL types, in the order of `chemistry.facts.Facts`."""
