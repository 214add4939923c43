-- What part of the rows repeats the key of another: estimated from some hashes, all of one kind, so that pairs stay together.
--   $hashes   what `key_hashes.sql` wrote
--   $step     of so many hashes one is looked at
SELECT coalesce(1 - count(DISTINCT key_hash) / count(*), 0)
FROM read_parquet($hashes, hive_partitioning = false)
WHERE key_hash % $step::UBIGINT = 0;
