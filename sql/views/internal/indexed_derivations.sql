-- `derivations` with what the indexes tell, as `indexed_products` is to `products`.
CREATE VIEW internal.indexed_derivations AS
SELECT
    products.*,
    parent.parent_smiles,
    coalesce(grandparent.smiles, parent.made_from_smiles) AS grandparent_smiles,
    parent.* EXCLUDE (class, k, parent_row, parent_smiles, made_from_row, made_from_smiles)
FROM internal.indexed_products AS products
LEFT JOIN internal.parents_of_products AS parent
    ON parent.class = products.class
    AND parent.k = products.k
    AND parent.parent_row = products.parent_row
LEFT JOIN internal.parent_rows AS grandparent
    ON grandparent.class = parent.class
    AND grandparent.k = parent.k - 1
    AND grandparent.parent_row = parent.made_from_row;
