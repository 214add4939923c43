-- A result as `halodb dedup` leaves it, of made keys of 96 characters: of 1,000 products $shared are such as other jobs make.
--   $job      number of the job, from 0
--   $rows     of it
--   $shared   of 1,000
--   $pool     how many different products the shared ones are, for all jobs
--   $class, $k, $rule, $family, $label   of the job
--   $name     of the job
--   $output   the file
COPY (
    SELECT
        sha256(key::VARCHAR) || left(sha256((key // 300)::VARCHAR), 32) AS smiles,
        number // 4 AS parent_row,
        (number % 4)::INTEGER AS site,
        1::INTEGER AS sources,
        $class AS class,
        $k::TINYINT AS k,
        $rule AS rule,
        $family AS family,
        $label AS label
    FROM (
        SELECT
            number,
            CASE
                WHEN number % 1000 < $shared THEN -1 - (number // 1000 * $shared + number % 1000 + $job * 7919) % $pool
                ELSE $job * 10000000000 + number
            END AS key
        FROM range($rows) AS numbers(number)
    )
) TO $output (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440, KV_METADATA {'halodb.fingerprint': $name});
