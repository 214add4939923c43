-- Where to cut the products of a whole library into ranges of SMILES with about as many rows each: an evenly spaced sample.
--   $results   results of the jobs
--   $step      rows from one of the sample to the next
SELECT smiles
FROM read_parquet($results, union_by_name = true, file_row_number = true, hive_partitioning = false)
WHERE file_row_number % $step = 0
ORDER BY smiles;
