-- The rows of a CSV or TSV file, all columns as text; DuckDB finds out the delimiter and the quotes.
--   $input   the file
SELECT *
FROM read_csv($input, header = true, all_varchar = true, null_padding = true, parallel = false);
