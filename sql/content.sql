-- How many rows a result has, and a checksum of all of them that does not depend on their order. Every value is read.
--
-- The checksum is the XOR of the MD5 of each row; rows are unique, so none cancels another. MD5 is the same in every version
-- of DuckDB, which its own `hash` is not. No column may come from the names of the directories above (`k=2/`).
--   $file   Parquet file
SELECT count(*) AS "rows", bit_xor(md5_number(concat_ws(' ', *COLUMNS(*)))) AS checksum
FROM read_parquet($file, hive_partitioning = false);
