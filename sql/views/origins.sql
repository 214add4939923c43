-- The natural product that each row of an input goes back to: a parent that was halogenated zero (k = 0), one or two times.
-- Null where the input was not made by `halogenate`. Join it to `products` on (class, k, parent_row).
CREATE VIEW origins AS
SELECT
    parent.class,
    parent.k,
    parent.parent_row,
    CASE parent.k WHEN 0 THEN parent.parent_row WHEN 1 THEN once.parent_row ELSE twice.parent_row END
        AS natural_product_row,
    CASE parent.k WHEN 0 THEN parent.smiles WHEN 1 THEN once.smiles ELSE twice.smiles END AS natural_product,
    CASE parent.k WHEN 0 THEN parent.name WHEN 1 THEN once.name ELSE twice.name END AS name
FROM parents AS parent
LEFT JOIN parents AS once
    ON once.class = parent.class
    AND once.k = parent.k - 1
    AND once.parent_row = parent.made_from_row
LEFT JOIN parents AS twice
    ON twice.class = once.class
    AND twice.k = once.k - 1
    AND twice.parent_row = once.made_from_row
WHERE parent.k <= 2;
