-- What becomes of suspects among the results of many jobs: the first row of each key stays, with its sources in all jobs and
-- the jobs that it came from.
--
-- Jobs are collected as bits of eight numbers, not as lists: a state of fixed size spills, lists do not. (Parquet has no
-- numbers of 128 bits: DuckDB would write them as DOUBLE.)
--   $suspects   what `suspects.sql` wrote; `file` is the number of the job, below 512; `sources` is null where an older
--               script's result was adopted: it counts where it is known
--   $output     a file: position, stays, sources, bits
COPY (
    SELECT position, first_rows.bits IS NOT NULL AS stays, first_rows.sources, first_rows.bits
    FROM (SELECT position FROM read_parquet($suspects, hive_partitioning = false))
    LEFT JOIN (
        SELECT
            min(position) AS position,
            sum(sources)::BIGINT AS sources,
            [
                bit_or(CASE WHEN file // 64 = 0 THEN 1::UBIGINT << (file % 64)::UBIGINT ELSE 0 END)::UBIGINT,
                bit_or(CASE WHEN file // 64 = 1 THEN 1::UBIGINT << (file % 64)::UBIGINT ELSE 0 END)::UBIGINT,
                bit_or(CASE WHEN file // 64 = 2 THEN 1::UBIGINT << (file % 64)::UBIGINT ELSE 0 END)::UBIGINT,
                bit_or(CASE WHEN file // 64 = 3 THEN 1::UBIGINT << (file % 64)::UBIGINT ELSE 0 END)::UBIGINT,
                bit_or(CASE WHEN file // 64 = 4 THEN 1::UBIGINT << (file % 64)::UBIGINT ELSE 0 END)::UBIGINT,
                bit_or(CASE WHEN file // 64 = 5 THEN 1::UBIGINT << (file % 64)::UBIGINT ELSE 0 END)::UBIGINT,
                bit_or(CASE WHEN file // 64 = 6 THEN 1::UBIGINT << (file % 64)::UBIGINT ELSE 0 END)::UBIGINT,
                bit_or(CASE WHEN file // 64 = 7 THEN 1::UBIGINT << (file % 64)::UBIGINT ELSE 0 END)::UBIGINT
            ] AS bits
        FROM read_parquet($suspects, hive_partitioning = false)
        GROUP BY smiles
    ) AS first_rows USING (position)
) TO $output (FORMAT parquet, COMPRESSION lz4_raw);
