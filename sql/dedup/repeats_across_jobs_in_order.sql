-- All repeats of the results of many jobs, in the order of their rows; sets of jobs by their numbers.
--   $repeats    what `repeats_across_jobs.sql` wrote, part by part
--   job_sets    (temporary table) made by `job_sets.sql`
--   $output     a file: position, stays, sources, job_set
COPY (
    SELECT position, stays, sources, job_sets.number AS job_set
    FROM read_parquet($repeats, hive_partitioning = false)
    LEFT JOIN job_sets USING (bits)
    ORDER BY position
) TO $output (FORMAT parquet, COMPRESSION lz4_raw);
