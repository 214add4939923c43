-- The keys of a shard as lines of text, for `sort`; SMILES have no quotes, commas or line ends to escape.
--   $shard   the shard
--   $output  the text
COPY (SELECT smiles FROM read_parquet($shard)) TO $output (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\t');
