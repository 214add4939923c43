-- Each product once, with its first origin and the number of its origins: as one would write it.
--   $shard    the rows
--   $output   the file
COPY (
    SELECT smiles, first_origin // 1048576 AS parent_row, (first_origin % 1048576)::INTEGER AS site, sources
    FROM (
        SELECT smiles, min(parent_row * 1048576 + site) AS first_origin, count(*)::INTEGER AS sources
        FROM read_parquet($shard)
        GROUP BY smiles
    )
    ORDER BY first_origin, smiles
) TO $output (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880);
