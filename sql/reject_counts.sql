-- How many rejects there are of each reason; the part of a reason before a colon is the same for all of its kind.
--   $file   Parquet file with a column `reason`
SELECT split_part(reason, ':', 1) AS reason, count(*) AS rejects
FROM read_parquet($file, hive_partitioning = false)
GROUP BY ALL
ORDER BY ALL;
