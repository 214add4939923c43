-- Evenly spaced keys with their rows (0-based); the same ones each time.
--   result_keys   (view) smiles and row
--   $step         rows from one to the next
SELECT row, smiles
FROM result_keys
WHERE row % $step = 0
ORDER BY row;
