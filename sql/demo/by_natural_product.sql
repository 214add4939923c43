-- The natural products that lead to the most products.
SELECT origins.name, products.class, count(*) AS products
FROM products
JOIN origins USING (class, k, parent_row)
GROUP BY origins.name, products.class
ORDER BY products DESC, origins.name
LIMIT 10;
