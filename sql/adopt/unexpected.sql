-- Rows of a result that no parent makes, where all were made again, in its order.
--   expected_products   (relation) smiles, parent_row, site: each smiles once
--   result_keys         (view) smiles and row
SELECT smiles, row
FROM result_keys
WHERE smiles NOT IN (SELECT smiles FROM expected_products)
ORDER BY row;
