-- The first parent whose class is not one of halodb's, if there is any: its row (0-based) and the class.
--   $staged    the parents as they were given
--   $classes   the classes there are
SELECT file_row_number, class
FROM read_parquet($staged, file_row_number = true, hive_partitioning = false)
WHERE class <> '' AND NOT list_contains($classes, class)
ORDER BY file_row_number
LIMIT 1;
