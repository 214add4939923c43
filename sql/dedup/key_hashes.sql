-- A hash of each key; in no order.
--   $files    shards of a job, or results of many jobs
--   $output   a file
COPY (
    SELECT hash(smiles) AS key_hash
    FROM read_parquet($files, union_by_name = true, hive_partitioning = false)
) TO $output (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 122880);
