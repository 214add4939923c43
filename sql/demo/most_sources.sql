-- The products that the most parents and sites lead to.
SELECT smiles, class, k, label, sources
FROM products
ORDER BY sources DESC, smiles
LIMIT 5;
