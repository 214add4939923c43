-- Rows by their SMILES as RDKit writes them.
--   keyed_rows   (view) all rows
--   $keys   the SMILES
SELECT
    internal.product_id(class, k, rule, parent_row, site, "row") AS id,
    class,
    k,
    rule,
    label,
    smiles,
    parent_row,
    site,
    sources,
    "row"
FROM keyed_rows
JOIN (SELECT unnest($keys::VARCHAR[]) AS wanted) ON smiles = wanted
ORDER BY class, k, rule, "row";
