-- The `id` of a product (see `views/products.sql`): <class>-<k>X_<rule>.<parent_row>.<site>.<row>; where nothing tells the site,
-- as of adopted results, the row follows on the job.
CREATE MACRO internal.product_id(class, k, rule, parent_row, site, "row") AS
    concat_ws('.', concat(class, '-', k, 'X_', rule), CASE WHEN site IS NOT NULL THEN parent_row END, site, "row");
