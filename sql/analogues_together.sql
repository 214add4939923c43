-- The rows of an input with halogen analogues side by side: by their pattern (see `analogues_apart.sql`), then by row.
--
-- Sorted by the text, not by a hash of it, so that the order is the same with any DuckDB; and alike parents have alike
-- products, which compress better. Another order wants another name, see `inputs/analogues.py`: passes are resumed by it.
--   $input    Parquet file with a column `smiles`
--   $step     of so many patterns one is taken, with all its rows: 1 takes all
--   $output   the copy: smiles, and the row of the input, from 0
COPY (
    SELECT smiles, file_row_number AS row
    FROM read_parquet($input, file_row_number = true, hive_partitioning = false)
    WHERE $step = 1 OR hash(replace(replace(replace(smiles, 'Cl', 'F'), 'Br', 'F'), 'I', 'F')) % $step::UBIGINT = 0
    ORDER BY
        replace(replace(replace(smiles, 'Cl', 'F'), 'Br', 'F'), 'I', 'F') NULLS LAST,
        file_row_number
) TO $output (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880);
