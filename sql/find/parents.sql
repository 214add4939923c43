-- Rows of one input, by their numbers.
--   $class, $k   of the input
--   $rows        the numbers
SELECT parent_row, smiles, name, made_from_row
FROM parents
JOIN (SELECT unnest($rows::BIGINT[]) AS wanted) ON parent_row = wanted
WHERE class = $class AND k = $k;
