-- The Morgan fingerprints that indexes have of some products.
--   halodb_drawn   (view) the products: place, halodb_name (their id, as sql/views/products.sql makes it)
SELECT drawn.place, COLUMNS('^morgan_[0-9]+$')
FROM internal.indexed_rows AS indexed
JOIN (
    SELECT
        place,
        regexp_extract(halodb_name, '^([a-z_]+)-([0-9]+)X_([A-Za-z0-9_]+)', ['class', 'k', 'rule']) AS job,
        regexp_extract(halodb_name, '[0-9]+$')::BIGINT AS "row"
    FROM halodb_drawn
) AS drawn
    ON indexed.class = drawn.job.class
    AND indexed.k = drawn.job.k::TINYINT
    AND indexed.rule = drawn.job.rule
    AND indexed."row" = drawn."row"
WHERE indexed.morgan_count IS NOT NULL
ORDER BY drawn.place;
