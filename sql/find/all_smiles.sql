-- All products, for what has to be computed of each.
SELECT smiles FROM internal.product_rows;
