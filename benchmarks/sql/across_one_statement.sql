-- The distinct products of a library, the jobs that each came from and its sources: as one would write it.
--   $results  of all jobs
--   $output   the file
COPY (
    SELECT smiles, list(class || '-' || k || 'X_' || rule) AS jobs, sum(sources)::BIGINT AS sources
    FROM read_parquet($results)
    GROUP BY smiles
) TO $output (FORMAT parquet, COMPRESSION zstd);
