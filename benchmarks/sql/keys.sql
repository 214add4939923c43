-- Rows as a job's shards have them, of which some are products that another row made; distinct keys of 79 characters, in
-- no order. The same on every machine: arithmetic and SHA-256, no random numbers.
--   $count   rows, a multiple of 1,000
--   $fresh   how many of 1,000 rows have a key of their own
--   $output  the file
COPY (
    SELECT
        sha256(
            CASE
                WHEN number % 1000 < $fresh THEN number
                ELSE number * 2654435761 % $count // 1000 * 1000 + number * 2654435761 % $fresh
            END::VARCHAR
        ) || 'CC(=O)Oc1ccccc1' AS smiles,
        number // 8 AS parent_row,
        (number % 8)::INTEGER AS site
    FROM range($count) AS numbers(number)
) TO $output (FORMAT parquet, COMPRESSION zstd);
