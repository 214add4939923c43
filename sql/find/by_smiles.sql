-- Rows by their SMILES as RDKit writes them. Where a job has an index, its Bloom filters tell which row groups are read.
--   $keys   the SMILES
SELECT
    concat_ws('.', concat(class, '-', k, 'X_', rule), parent_row, site, "row") AS id,
    class,
    k,
    rule,
    label,
    smiles,
    parent_row,
    site,
    sources,
    "row"
FROM internal.product_rows
JOIN (SELECT unnest($keys::VARCHAR[]) AS wanted) ON smiles = wanted
ORDER BY class, k, rule, "row";
