-- The natural product that each row of an input goes back to: a parent that was halogenated zero (k = 0), one, two or more
-- times. Where `halogenate` made the input its row is known, else what the input itself tells. Join it to `products` on (class,
-- k, parent_row).
CREATE VIEW origins AS
SELECT
    parent.class,
    parent.k,
    parent.parent_row,
    CASE WHEN parent.k = 0 THEN parent.parent_row ELSE root.root_row END AS natural_product_row,
    CASE WHEN parent.k = 0 THEN parent.smiles ELSE coalesce(natural_product.smiles, parent.root_smiles) END
        AS natural_product,
    CASE WHEN parent.k = 0 THEN parent.name ELSE coalesce(natural_product.name, parent.name) END AS name
FROM internal.parent_rows AS parent
LEFT JOIN internal.root_rows AS root
    ON root.class = parent.class
    AND root.k = parent.k
    AND root.parent_row = parent.parent_row
LEFT JOIN internal.parent_rows AS natural_product
    ON natural_product.k = 0
    AND natural_product.class = parent.class
    AND natural_product.parent_row = root.root_row;
