-- What blocks of parents cost to enumerate, from the lengths of their SMILES, and how many groups of halogen analogues a
-- cut before the block would tear; in the order of the rows.
--
-- Both the number of sites and the cost of a product grow with the size of a parent: measured on natural products of 15 to
-- 250 characters, a parent took 12 us a character and 0.025 us a character squared, which is length * (length + 500) / 40.
-- Groups as in `analogues_apart.sql`; of many, so many as have 65,536 rows, chosen by their pattern, so memory stays flat.
--   $input   Parquet file with a column `smiles`
--   $block   rows in a block
--   $rows    its rows
WITH costs AS (
    SELECT
        file_row_number // $block AS block,
        sum(1 + coalesce(length(smiles), 0) * (coalesce(length(smiles), 0) + 500) // 40) AS cost
    FROM read_parquet($input, file_row_number = true, hive_partitioning = false)
    GROUP BY block
),

groups AS (
    SELECT min(block) AS first_block, max(block) AS last_block
    FROM (
        SELECT hash(marked) AS pattern, block
        FROM (
            SELECT
                replace(replace(replace(smiles, 'Cl', 'F'), 'Br', 'F'), 'I', 'F') AS marked,
                file_row_number // $block AS block
            FROM read_parquet($input, file_row_number = true, hive_partitioning = false)
        )
        WHERE contains(marked, 'F')
    )
    WHERE pattern % greatest(1, $rows // 65536) = 0
    GROUP BY pattern
    HAVING first_block < last_block
),

-- Blocks before which a cut tears one group more, or one less, than before the block ahead of it.
changes AS (
    SELECT block, sum(change) AS change
    FROM (
        SELECT first_block + 1 AS block, 1 AS change FROM groups
        UNION ALL
        SELECT last_block + 1 AS block, -1 AS change FROM groups
    )
    GROUP BY block
)

SELECT cost, sum(coalesce(change, 0)) OVER (ORDER BY block) AS torn
FROM costs
LEFT JOIN changes USING (block)
ORDER BY block;
