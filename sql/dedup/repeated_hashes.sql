-- The hashes that occur more than once, among those of one part.
--   $hashes         what `key_hashes.sql` wrote, in one file or several
--   $part, $parts   the part, counted from 0, and how many there are
--   $output         a file
COPY (
    SELECT key_hash
    FROM read_parquet($hashes, hive_partitioning = false)
    WHERE key_hash % $parts::UBIGINT = $part::UBIGINT
    GROUP BY key_hash
    HAVING count(*) > 1
) TO $output (FORMAT parquet, COMPRESSION lz4_raw);
