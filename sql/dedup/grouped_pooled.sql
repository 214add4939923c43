-- As `grouped.sql`, of a job of several rules, with the rule of the first origin.
--
-- One integer holds (parent_row, site, rule) as parent_row * 2^32 + site * 2^12 + rule.
--   $shards   files of the job; their `rule` is a place among the job's rules
--   $output   a file: smiles, parent_row, site, rule, sources
COPY (
    SELECT
        smiles,
        first_origin // 4294967296 AS parent_row,
        (first_origin // 4096 % 1048576)::INTEGER AS site,
        (first_origin % 4096)::INTEGER AS rule,
        sources
    FROM (
        SELECT
            smiles,
            min(parent_row * 4294967296 + site * 4096 + rule) AS first_origin,
            count(*)::INTEGER AS sources
        FROM read_parquet($shards, hive_partitioning = false)
        GROUP BY smiles
    )
    ORDER BY first_origin, smiles
) TO $output (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 122880);
