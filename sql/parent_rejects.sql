-- All rejects of a file of parents in one file, in its order, with the line of each.
--   $shards    reject shards of the units
--   $output    the file
COPY (
    SELECT parent_row, line, smiles, name, reason
    FROM read_parquet($shards, hive_partitioning = false)
    ORDER BY parent_row
) TO $output (FORMAT parquet, COMPRESSION zstd);
