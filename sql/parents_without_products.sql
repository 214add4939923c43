-- The parents of one class that gave no product, with their names.
--   $rejects     of the job that halogenated them
--   $parents     the input `<class>-0X`
--   $class, $k   of the input
SELECT $class::VARCHAR AS class, $k::TINYINT AS k, rejects.parent_row, parents.name, rejects.smiles, rejects.reason
FROM read_parquet($rejects, hive_partitioning = false) AS rejects
LEFT JOIN read_parquet($parents, hive_partitioning = false, file_row_number = true) AS parents
    ON parents.file_row_number = rejects.parent_row
WHERE rejects.site IS NULL
ORDER BY rejects.parent_row, rejects.reason;
