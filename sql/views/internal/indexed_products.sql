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
    internal.product_id(class, k, rule, parent_row, site, "row") AS id,
    COLUMNS(* EXCLUDE (class, k, rule, family, label, smiles, parent_row, site, sources, "row")) AS "halodb_\0"
FROM internal.indexed_rows;
