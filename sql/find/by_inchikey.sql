-- The SMILES of InChIKeys, as far as indexes have them.
--   keyed_rows   (view) all rows
--   $keys        the InChIKeys
SELECT DISTINCT inchikey, smiles
FROM keyed_rows
JOIN (SELECT unnest($keys::VARCHAR[]) AS wanted) ON inchikey = wanted;
