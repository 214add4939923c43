-- What becomes of suspects among the shards of a job: the first row of each key stays, with the number of its rows.
--   $suspects   what `suspects.sql` wrote
--   $output     a file: position, stays, sources
COPY (
    SELECT position, sources IS NOT NULL AS stays, sources
    FROM read_parquet($suspects, hive_partitioning = false)
    LEFT JOIN (
        SELECT min(position) AS position, count(*)::INTEGER AS sources
        FROM read_parquet($suspects, hive_partitioning = false)
        GROUP BY smiles
    ) USING (position)
) TO $output (FORMAT parquet, COMPRESSION lz4_raw);
