-- How many keys are null or blank, and the row (0-based) of the first of them.
--   result_keys   (view) smiles and row
SELECT count(*) AS empty_keys, min(row) AS first_row
FROM result_keys
WHERE smiles IS NULL OR trim(smiles) = '';
