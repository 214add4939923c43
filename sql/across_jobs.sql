-- The distinct products of a range with the names of their jobs, in the order of their SMILES. The names are put in after the
-- sort, which so carries a number.
--   job_sets   (temporary table) made by `across_jobs_sets.sql`
--   $grouped   what `across_jobs_grouped.sql` wrote
--   $output    a file
COPY (
    SELECT smiles, (SELECT list(jobs ORDER BY number) FROM job_sets)[set_number] AS jobs, sources
    FROM (
        SELECT smiles, number AS set_number, sources
        FROM read_parquet($grouped, hive_partitioning = false)
        JOIN job_sets USING (bits)
        ORDER BY smiles
    )
) TO $output (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 30720);
