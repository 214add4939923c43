-- Rows and products of each job of a pass that is under way, from the receipts of its units.
--   $receipts   files of the receipts
--   $jobs       fingerprints of the jobs
SELECT
    made.job AS job,
    sum(stop - start)::BIGINT AS "rows",
    sum(made.products)::BIGINT AS products
FROM (
    SELECT start, stop, unnest(jobs) AS made
    FROM read_json(
        $receipts,
        hive_partitioning = false,
        columns = {
            start: 'BIGINT',
            stop: 'BIGINT',
            jobs: 'STRUCT(job VARCHAR, fingerprint VARCHAR, products BIGINT)[]'
        }
    )
)
WHERE list_contains($jobs, made.fingerprint)
GROUP BY made.job;
