-- How many tables and views there are that a query may mean by `products` or `derivations`: two, unless somebody made others.
SELECT count(*) AS tables
FROM (
    SELECT view_name AS name FROM duckdb_views()
    UNION ALL
    SELECT table_name FROM duckdb_tables()
)
WHERE lower(name) IN ('products', 'derivations');
