-- The result of a job of several rules (an input made by `halogenate`): as `dedup.sql`, and the rule of the first origin.
--
-- One integer holds (parent_row, site, rule) as parent_row * 2^32 + site * 2^12 + rule.
--   $shards    files of the job; their `rule` is a place in $rules
--   $rules     names of the rules
--   $output    the result
--   $job, $fingerprint, $rdkit   written into the file's metadata
COPY (
    SELECT
        smiles,
        first_origin // 4294967296 AS parent_row,
        (first_origin // 4096 % 1048576)::INTEGER AS site,
        sources::INTEGER AS sources,
        $rules[first_origin % 4096 + 1] AS rule
    FROM (
        SELECT
            smiles,
            min(parent_row * 4294967296 + site * 4096 + rule) AS first_origin,
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
