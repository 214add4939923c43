-- Every product with the SMILES of its parent, and of that one's own parent where the input was made by `halogenate`.
-- The SMILES are null where the input's file is no longer there.
CREATE VIEW derivations AS
SELECT
    products.*,
    parent.smiles AS parent_smiles,
    grandparent.smiles AS grandparent_smiles
FROM products
LEFT JOIN parents AS parent
    ON parent.class = products.class
    AND parent.k = products.k
    AND parent.parent_row = products.parent_row
LEFT JOIN parents AS grandparent
    ON grandparent.class = parent.class
    AND grandparent.k = parent.k - 1
    AND grandparent.parent_row = parent.made_from_row;
