-- What a run's processes held, in so many pieces of its time: of each piece the moment at which they held the most.
--   $trace          memory_trace.parquet
--   $begin, $end    of the run
--   $bins           pieces
WITH moments AS (
    SELECT
        epoch(time) - epoch($begin::TIMESTAMPTZ) AS moment,
        sum(bytes) FILTER (WHERE role = 'main') AS main,
        sum(bytes) FILTER (WHERE role <> 'main') AS workers
    FROM read_parquet($trace, hive_partitioning = false)
    WHERE time BETWEEN $begin::TIMESTAMPTZ AND $end::TIMESTAMPTZ
    GROUP BY time
),
placed AS (
    SELECT moment, coalesce(main, 0) AS main, coalesce(workers, 0) AS workers, max(moment) OVER () AS last FROM moments
)
SELECT
    arg_max(moment, main + workers) AS moment,
    arg_max(main, main + workers)::BIGINT AS main,
    arg_max(workers, main + workers)::BIGINT AS workers
FROM placed
GROUP BY floor(moment * $bins / (last + 1))
ORDER BY moment;
