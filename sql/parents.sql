-- The parents of one class, each once: the first row that has it, its name, and how many rows have it. A parent that the
-- file lists under two classes belongs to the class of its first row.
--   $shards   prepared parents
--   $class    the class
--   $output   the input `<class>-0X`
--   $rdkit    written into the file's metadata
COPY (
    SELECT smiles, first_row AS parent_row, sources, name
    FROM (
        SELECT
            smiles,
            min(parent_row) AS first_row,
            count(*)::INTEGER AS sources,
            arg_min(name, parent_row) AS name,
            arg_min(class, parent_row) AS class
        FROM read_parquet($shards, hive_partitioning = false)
        GROUP BY smiles
    )
    WHERE class = $class
    ORDER BY first_row
) TO $output (
    FORMAT parquet,
    COMPRESSION zstd,
    ROW_GROUP_SIZE 122880,
    KV_METADATA {'halodb.rdkit': $rdkit}
);
