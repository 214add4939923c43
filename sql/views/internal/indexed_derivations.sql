-- `derivations` with what the indexes tell, as `indexed_products` is to `products`.
CREATE VIEW internal.indexed_derivations AS
SELECT
    products.*,
    parent.smiles AS parent_smiles,
    grandparent.smiles AS grandparent_smiles
FROM internal.indexed_products AS products
LEFT JOIN parents AS parent
    ON parent.class = products.class
    AND parent.k = products.k
    AND parent.parent_row = products.parent_row
LEFT JOIN parents AS grandparent
    ON grandparent.class = parent.class
    AND grandparent.k = parent.k - 1
    AND grandparent.parent_row = parent.made_from_row;
