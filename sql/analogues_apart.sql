-- How many rows an enumerator would have to make anew because their halogen analogues are too far away to be remembered.
--
-- A pattern is a SMILES with one mark for all halogens: coarser than that of `chemistry/halogen_patterns.py`, which is no
-- matter here (nor that F is in [Fe] too). Where analogues lie within a window of rows, a pattern is made once a window.
-- About 65,536 rows are looked at, chosen by their pattern, so a pattern is there with all its rows or not at all; memory
-- stays flat, and the answer follows from the input alone.
--   $input    Parquet file with a column `smiles`
--   $rows     its rows
--   $stride   only rows whose number it divides are parents
--   $window   parents within which an analogue is remembered
SELECT
    count(DISTINCT (pattern, place // $window)) - count(DISTINCT pattern) AS apart,
    count(*) * $stride AS looked_at
FROM (
    SELECT
        hash(replace(replace(replace(smiles, 'Cl', 'F'), 'Br', 'F'), 'I', 'F')) AS pattern,
        file_row_number // $stride AS place
    FROM read_parquet($input, file_row_number = true, hive_partitioning = false)
    WHERE file_row_number % $stride = 0
)
WHERE pattern % greatest(1, $rows // $stride // 65536) = 0;
