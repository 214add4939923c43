-- How many products there are whose InChIKey no index has.
--   keyed_rows   (view) all rows
SELECT count(*) AS products
FROM keyed_rows
WHERE inchikey IS NULL;
