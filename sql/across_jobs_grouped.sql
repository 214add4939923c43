-- The distinct products of a whole library within a range of SMILES, and the jobs that each came from, in no order.
--
-- All results are read as one list of files: as branches of a union each would hold buffers of its own, which took 20
-- million rows over a limit of 1 GB. Jobs are collected as bits of eight numbers, not as lists: a state of fixed size
-- spills, lists do not. (Parquet has no numbers of 128 bits: DuckDB would write them as DOUBLE.)
--   $results       results of the jobs, at most 512; their `sources` is null where an older script's result was adopted: it
--                  counts where it is known
--   $from, $to     first SMILES of the range, and the first one after it; null where it has no end
--   $output        a file
COPY (
    SELECT
        smiles,
        [
            bit_or(CASE WHEN file_index // 64 = 0 THEN 1::UBIGINT << (file_index % 64)::UBIGINT ELSE 0 END)::UBIGINT,
            bit_or(CASE WHEN file_index // 64 = 1 THEN 1::UBIGINT << (file_index % 64)::UBIGINT ELSE 0 END)::UBIGINT,
            bit_or(CASE WHEN file_index // 64 = 2 THEN 1::UBIGINT << (file_index % 64)::UBIGINT ELSE 0 END)::UBIGINT,
            bit_or(CASE WHEN file_index // 64 = 3 THEN 1::UBIGINT << (file_index % 64)::UBIGINT ELSE 0 END)::UBIGINT,
            bit_or(CASE WHEN file_index // 64 = 4 THEN 1::UBIGINT << (file_index % 64)::UBIGINT ELSE 0 END)::UBIGINT,
            bit_or(CASE WHEN file_index // 64 = 5 THEN 1::UBIGINT << (file_index % 64)::UBIGINT ELSE 0 END)::UBIGINT,
            bit_or(CASE WHEN file_index // 64 = 6 THEN 1::UBIGINT << (file_index % 64)::UBIGINT ELSE 0 END)::UBIGINT,
            bit_or(CASE WHEN file_index // 64 = 7 THEN 1::UBIGINT << (file_index % 64)::UBIGINT ELSE 0 END)::UBIGINT
        ] AS bits,
        sum(sources)::BIGINT AS sources
    FROM read_parquet($results, union_by_name = true, hive_partitioning = false)
    WHERE ($from::VARCHAR IS NULL OR smiles >= $from::VARCHAR) AND ($to::VARCHAR IS NULL OR smiles < $to::VARCHAR)
    GROUP BY smiles
) TO $output (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 30720);
