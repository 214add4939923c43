-- Products that were made again and are not in a result, in the order of the parents.
--   expected_products   (relation) smiles, parent_row, site: each smiles once
--   result_keys         (view) smiles and row
SELECT smiles, parent_row
FROM expected_products
WHERE smiles NOT IN (SELECT smiles FROM result_keys WHERE smiles IN (SELECT smiles FROM expected_products))
ORDER BY parent_row, smiles;
