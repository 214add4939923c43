-- All rejects of a file of parents in one file, in its order, with the line of each and its other columns.
--   $shards    reject shards of the units
--   $beside    the columns that travel, row by row
--   $output    the file
COPY (
    SELECT reject.parent_row, reject.line, reject.smiles, reject.name, reject.reason, beside.* EXCLUDE (file_row_number)
    FROM read_parquet($shards, hive_partitioning = false) AS reject
    LEFT JOIN read_parquet($beside, hive_partitioning = false, file_row_number = true) AS beside
        ON beside.file_row_number = reject.parent_row
    ORDER BY reject.parent_row
) TO $output (FORMAT parquet, COMPRESSION zstd);
