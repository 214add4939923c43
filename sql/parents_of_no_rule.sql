-- The parents of a class that no rule is meant for: all of them.
--   $parents     the input `<class>-0X`
--   $class, $k   of the input
--   $reason      in words
SELECT $class::VARCHAR AS class, $k::TINYINT AS k, file_row_number AS parent_row, name, smiles, $reason::VARCHAR AS reason
FROM read_parquet($parents, hive_partitioning = false, file_row_number = true)
ORDER BY parent_row;
