-- Products by class and degree of halogenation.
SELECT class, k, count(DISTINCT rule) AS rules, count(*) AS products, sum(sources) AS sources
FROM products
GROUP BY class, k
ORDER BY class, k;
