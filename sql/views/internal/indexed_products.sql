-- `products` with what the indexes tell, in columns whose names begin with `halodb_`: it takes the place of `products` where a
-- query asks for chemistry (`library/with_index.py`). They are null where a job has no index, or RDKit reads no molecule.
CREATE VIEW internal.indexed_products AS
SELECT
    class,
    k,
    rule,
    family,
    label,
    smiles,
    parent_row,
    site,
    sources,
    concat_ws('.', concat(class, '-', k, 'X_', rule), CASE WHEN site IS NOT NULL THEN parent_row END, site, "row") AS id,
    COLUMNS(* EXCLUDE (class, k, rule, family, label, smiles, parent_row, site, sources, "row")) AS "halodb_\0"
FROM internal.indexed_rows;
