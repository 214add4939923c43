-- The sets of jobs that products came from: few, so the bits become names once a set, not once a product.
--   $grouped   what `across_jobs_grouped.sql` wrote
--   $jobs      names of the jobs, in the order of the results
CREATE OR REPLACE TEMP TABLE job_sets AS
SELECT
    row_number() OVER (ORDER BY bits) AS number,
    bits,
    [
        $jobs[job_number + 1]
        FOR job_number IN range(len($jobs))
        IF (bits[job_number // 64 + 1] >> (job_number % 64)::UBIGINT) % 2 = 1
    ] AS jobs
FROM (SELECT DISTINCT bits FROM read_parquet($grouped, hive_partitioning = false));
