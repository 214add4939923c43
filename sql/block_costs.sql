-- What blocks of parents cost to enumerate, from the lengths of their SMILES; in the order of the rows.
--
-- Both the number of sites and the cost of a product grow with the size of a parent: measured on natural products of 15 to
-- 250 characters, a parent took 12 us a character and 0.025 us a character squared, which is length * (length + 500) / 40.
--   $input   Parquet file with a column `smiles`
--   $block   rows in a block
SELECT sum(1 + coalesce(length(smiles), 0) * (coalesce(length(smiles), 0) + 500) // 40) AS cost
FROM read_parquet($input, file_row_number = true, hive_partitioning = false)
GROUP BY file_row_number // $block
ORDER BY file_row_number // $block;
