-- Rows as a job's shards have them, of which one in five is a product that another row made: count * 4 / 5 distinct keys of
-- 79 characters, in no order. The same on every machine: arithmetic and SHA-256, no random numbers.
--   $count   rows, a multiple of 5
--   $output  the file
COPY (
    SELECT
        sha256(
            CASE
                WHEN number % 5 < 4 THEN number
                ELSE (number * 2654435761 % ($count * 4 // 5)) // 4 * 5 + number * 2654435761 % ($count * 4 // 5) % 4
            END::VARCHAR
        ) || 'CC(=O)Oc1ccccc1' AS smiles,
        number // 8 AS parent_row,
        (number % 8)::INTEGER AS site
    FROM range($count) AS numbers(number)
) TO $output (FORMAT parquet, COMPRESSION zstd);
