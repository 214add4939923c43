-- Every product with the SMILES of its parent, and of that one's own parent where `halogenate` made the input, or where the
-- input itself tells it; then the other columns of its parent, with `parent_` before names that products have. All are null
-- where the input's file is no longer there.
CREATE VIEW derivations AS
SELECT
    products.*,
    parent.parent_smiles,
    coalesce(grandparent.smiles, parent.made_from_smiles) AS grandparent_smiles,
    parent.* EXCLUDE (class, k, parent_row, parent_smiles, made_from_row, made_from_smiles)
FROM products
LEFT JOIN internal.parents_of_products AS parent
    ON parent.class = products.class
    AND parent.k = products.k
    AND parent.parent_row = products.parent_row
LEFT JOIN internal.parent_rows AS grandparent
    ON grandparent.class = parent.class
    AND grandparent.k = parent.k - 1
    AND grandparent.parent_row = parent.made_from_row;
