-- Some rejects of a reason, each molecule once, of the first that are found.
--   $reason   the part before a colon
--   $rows     how many
SELECT
    parent_smiles,
    any_value(site) AS site,
    any_value(reason) AS reason,
    any_value(concat(class, '-', k, 'X')) AS input,
    min(parent_row) AS parent_row
FROM (
    SELECT parent_smiles, site, reason, class, k, parent_row
    FROM rejects
    WHERE split_part(reason, ':', 1) = $reason
    LIMIT 256
)
GROUP BY parent_smiles
ORDER BY length(coalesce(parent_smiles, '')), parent_smiles
LIMIT $rows;
