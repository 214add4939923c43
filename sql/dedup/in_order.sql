-- Shards whose rows come in another order than that of the parents, as one in their order.
--   $shards   files of the job
--   $output   a file with the same columns
COPY (
    SELECT *
    FROM read_parquet($shards, hive_partitioning = false)
    ORDER BY COLUMNS('^(parent_row|site|rule)$'), smiles
) TO $output (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 122880);
