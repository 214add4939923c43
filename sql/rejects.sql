-- All rejects of a job in one file, in the order of the parents.
--   $shards           reject shards of the job
--   $output           the file
--   $job, $class, $k  of the job
COPY (
    SELECT parent_row, smiles, site, reason, $job::VARCHAR AS job, $class::VARCHAR AS class, $k::TINYINT AS k
    FROM read_parquet($shards, hive_partitioning = false)
    ORDER BY parent_row, site NULLS FIRST, reason
) TO $output (FORMAT parquet, COMPRESSION zstd);
