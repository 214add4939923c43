-- The result of a job: each product once, with its first origin and the number of its origins.
--
-- The first origin is the smallest (parent_row, site), so the result does not depend on which worker finished first. The
-- pair travels as one integer, parent_row * 2^20 + site: `min` of an integer keeps a fixed-size state that spills, and took
-- 14 s where `arg_min` over the pair took 23 s (20 million rows, 2 threads, 1 GB). A pair leads to a product once, as the
-- shards have it, so counting rows counts pairs. The order makes the file the same on any number of threads.
--   $shards    files of the job
--   $output    the result
--   $job, $fingerprint, $rdkit   written into the file's metadata
COPY (
    SELECT
        smiles,
        first_origin // 1048576 AS parent_row,
        (first_origin % 1048576)::INTEGER AS site,
        sources::INTEGER AS sources
    FROM (
        SELECT
            smiles,
            min(parent_row * 1048576 + site) AS first_origin,
            count(*) AS sources
        FROM read_parquet($shards, hive_partitioning = false)
        GROUP BY smiles
    )
    ORDER BY first_origin, smiles
) TO $output (
    FORMAT parquet,
    COMPRESSION zstd,
    ROW_GROUP_SIZE 122880,
    KV_METADATA {'halodb.job': $job, 'halodb.fingerprint': $fingerprint, 'halodb.rdkit': $rdkit}
);
