-- Some rows of an input as an input of their own, in the same order.
--   $input    the input's Parquet file
--   $rows     numbers of the rows, 0-based
--   $output   the sample
--   $rdkit    version that wrote the SMILES as canonical, empty where nothing attests it
COPY (
    SELECT smiles
    FROM read_parquet($input, file_row_number = true, hive_partitioning = false)
    WHERE file_row_number IN (SELECT unnest($rows))
    ORDER BY file_row_number
) TO $output (FORMAT parquet, COMPRESSION zstd, KV_METADATA {'halodb.rdkit': $rdkit});
