-- The sets of jobs that products came from, few against the products, so that the bits become names once a set.
-- Their numbers come after those of the jobs, from 0, each of which is a set by itself.
--   $repeats   what `repeats_across_jobs.sql` wrote, part by part
--   $jobs      names of the jobs, in the order of the results
CREATE OR REPLACE TEMP TABLE job_sets AS
SELECT
    len($jobs) + row_number() OVER (ORDER BY bits) - 1 AS number,
    bits,
    [
        $jobs[job_number + 1]
        FOR job_number IN range(len($jobs))
        IF (bits[job_number // 64 + 1] >> (job_number % 64)::UBIGINT) % 2 = 1
    ] AS jobs
FROM (SELECT DISTINCT bits FROM read_parquet($repeats, hive_partitioning = false) WHERE stays);
