-- The products whose InChIKey no index has.
--   keyed_rows   (view) all rows
SELECT smiles
FROM keyed_rows
WHERE inchikey IS NULL;
