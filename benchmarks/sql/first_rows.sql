-- The first rows of an input as an input of their own, in their order.
--   $input    the input's Parquet file
--   $rows     how many
--   $output   the smaller input
--   $rdkit    version that wrote the SMILES as canonical
COPY (
    SELECT * EXCLUDE (file_row_number)
    FROM read_parquet($input, file_row_number = true, hive_partitioning = false)
    WHERE file_row_number < $rows
    ORDER BY file_row_number
) TO $output (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880, KV_METADATA {'halodb.rdkit': $rdkit});
