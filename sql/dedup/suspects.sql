-- The rows of one part whose hash occurs more than once: nearly all of them repeat a key, or are repeated.
--   $files          as in `key_hashes.sql`
--   $starts         of each file, how many rows all files before it have
--   $repeated       what `repeated_hashes.sql` wrote
--   $part, $parts   as there, of another division
--   $output         a file: position (the number of rows before it), file (its number), smiles, and sources if there are any
COPY (
    SELECT
        $starts[file_index::BIGINT + 1]::BIGINT + file_row_number AS position,
        file_index AS file,
        COLUMNS('^(smiles|sources)$')
    FROM read_parquet($files, union_by_name = true, hive_partitioning = false)
    WHERE
        hash(smiles) % $parts::UBIGINT = $part::UBIGINT
        AND hash(smiles) IN (
            SELECT key_hash
            FROM read_parquet($repeated, hive_partitioning = false)
            WHERE key_hash % $parts::UBIGINT = $part::UBIGINT
        )
) TO $output (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 30720);
