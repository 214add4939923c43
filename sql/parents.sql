-- The parents of one class, each once: the first row that has it, its name, how many rows have it, what was changed and said
-- of it, and the other columns of that row. A parent that the file lists under two classes belongs to the class of its first
-- row.
--   $shards    prepared parents
--   $beside    the columns that travel, row by row
--   $class     the class
--   $columns   those that are wanted
--   $output    the input `<class>-0X`
--   $rdkit     written into the file's metadata
COPY (
    SELECT COLUMNS(lambda name: list_contains($columns::VARCHAR[], name))
    FROM (
        SELECT parent.*, beside.* EXCLUDE (part_of_file, file_row_number)
        FROM (
            SELECT
                smiles,
                min(parent_row) AS parent_row,
                count(*)::INTEGER AS sources,
                arg_min(name, parent_row) AS name,
                arg_min_null(given_smiles, parent_row) AS given_smiles,
                arg_min_null(changes, parent_row) AS changes,
                any_value(tags) AS tags,
                any_value(sugar_fraction) AS sugar_fraction,
                arg_min(class, parent_row) AS class
            FROM read_parquet($shards, hive_partitioning = false)
            GROUP BY smiles
        ) AS parent
        LEFT JOIN read_parquet($beside, hive_partitioning = false, file_row_number = true) AS beside
            ON beside.file_row_number = parent.parent_row
        WHERE parent.class = $class
        ORDER BY parent.parent_row
    )
) TO $output (
    FORMAT parquet,
    COMPRESSION zstd,
    ROW_GROUP_SIZE 122880,
    KV_METADATA {'halodb.rdkit': $rdkit}
);
