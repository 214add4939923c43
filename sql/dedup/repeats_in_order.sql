-- All repeats of a job's shards, in the order of their rows.
--   $repeats   what `repeats_in_job.sql` wrote, part by part
--   $output    a file: position, stays, sources
COPY (
    SELECT position, stays, sources
    FROM read_parquet($repeats, hive_partitioning = false)
    ORDER BY position
) TO $output (FORMAT parquet, COMPRESSION lz4_raw);
