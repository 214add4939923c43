-- Whether one of some SMILES is a key of a result.
--   $smiles       the SMILES
--   result_keys   (view) smiles and row
SELECT count(*) > 0 AS found
FROM result_keys
WHERE list_contains($smiles::VARCHAR[], smiles);
