-- The parents of a result's rows, in its order, as far as the SMILES of their sources stand in the input as they are.
--   $result   the result
--   $source   its column with the SMILES of the parents
--   $input    the input
--   $smiles   the input's column of SMILES
--   $output   row, source, parent_row
COPY (
    SELECT result.row, result.source, parent.parent_row
    FROM (
        SELECT file_row_number AS row, COLUMNS(lambda name: name = $source)::VARCHAR AS source
        FROM read_parquet($result, hive_partitioning = false, file_row_number = true)
    ) AS result
    LEFT JOIN (
        SELECT smiles, min(row) AS parent_row
        FROM (
            SELECT file_row_number AS row, COLUMNS(lambda name: name = $smiles)::VARCHAR AS smiles
            FROM read_parquet($input, hive_partitioning = false, file_row_number = true)
        )
        GROUP BY smiles
    ) AS parent ON parent.smiles = result.source
    ORDER BY result.row
) TO $output (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880);
