-- The distinct products of a whole library, and the jobs that each came from.
--
-- Jobs are collected as bits of four 128-bit numbers, not as lists: a state of fixed size spills, lists do not. Few sets of
-- jobs occur, so the bits become names once a set, not once a product; what is grouped is kept (and spilled) meanwhile.
--   job_products   (temporary view) smiles, sources and job_number (0-based) of every result
--                  sources is null in results of older scripts that were adopted: it counts where it is known
--   $jobs          names of the jobs, at most 512
--   $output        the file
--   $rdkit         written into the file's metadata
COPY (
    WITH
    grouped AS MATERIALIZED (
        SELECT
            smiles,
            bit_or(CASE WHEN job_number // 128 = 0 THEN 1::UHUGEINT << (job_number % 128)::UHUGEINT ELSE 0 END) AS bits_0,
            bit_or(CASE WHEN job_number // 128 = 1 THEN 1::UHUGEINT << (job_number % 128)::UHUGEINT ELSE 0 END) AS bits_1,
            bit_or(CASE WHEN job_number // 128 = 2 THEN 1::UHUGEINT << (job_number % 128)::UHUGEINT ELSE 0 END) AS bits_2,
            bit_or(CASE WHEN job_number // 128 = 3 THEN 1::UHUGEINT << (job_number % 128)::UHUGEINT ELSE 0 END) AS bits_3,
            sum(sources)::BIGINT AS sources
        FROM job_products
        GROUP BY smiles
    ),
    job_sets AS (
        SELECT
            bits_0,
            bits_1,
            bits_2,
            bits_3,
            [
                $jobs[job_number + 1]
                FOR job_number IN range(len($jobs))
                IF (([bits_0, bits_1, bits_2, bits_3])[job_number // 128 + 1] >> (job_number % 128)::UHUGEINT) % 2 = 1
            ] AS jobs
        FROM (SELECT DISTINCT bits_0, bits_1, bits_2, bits_3 FROM grouped)
    )
    SELECT smiles, jobs, sources
    FROM grouped
    JOIN job_sets USING (bits_0, bits_1, bits_2, bits_3)
    ORDER BY smiles
) TO $output (
    FORMAT parquet,
    COMPRESSION zstd,
    ROW_GROUP_SIZE 122880,
    KV_METADATA {'halodb.rdkit': $rdkit}
);
