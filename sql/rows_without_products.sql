-- The rows of a halogenated input that gave no product; such an input has no names.
--   $rejects     of the job that halogenated them
--   $class, $k   of the input
SELECT $class::VARCHAR AS class, $k::TINYINT AS k, parent_row, NULL::VARCHAR AS name, smiles, reason
FROM read_parquet($rejects, hive_partitioning = false)
WHERE site IS NULL
ORDER BY parent_row, reason;
