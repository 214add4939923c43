-- The rows of a Parquet file of parents.
--   $input   the file
SELECT *
FROM read_parquet($input);
