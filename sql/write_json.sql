-- Writes the result of a query as one JSON array, a row a line.
--   query_result   (view) the query
--   $output        the file
COPY query_result TO $output (FORMAT json, ARRAY true);
