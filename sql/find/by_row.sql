-- Rows of one job by their numbers in its file: of the file only the row groups with these rows are read.
--   $class, $k, $rule   of the job
--   $rows               the numbers
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
FROM internal.product_rows
JOIN (SELECT unnest($rows::BIGINT[]) AS wanted) ON "row" = wanted
WHERE class = $class AND k = $k AND rule = $rule;
