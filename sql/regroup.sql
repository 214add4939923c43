-- Rewrites the SMILES of an input in the same order, in row groups small enough to be read in slices.
--   $input   the input's Parquet file
--   $output  the copy
COPY (
    SELECT smiles
    FROM read_parquet($input, hive_partitioning = false)
) TO $output (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880);
