-- `product_rows` of a library in which no job is done yet.
CREATE VIEW internal.product_rows AS
SELECT
    NULL::VARCHAR AS class,
    NULL::TINYINT AS k,
    NULL::VARCHAR AS rule,
    NULL::VARCHAR AS family,
    NULL::VARCHAR AS label,
    NULL::VARCHAR AS smiles,
    NULL::BIGINT AS parent_row,
    NULL::INTEGER AS site,
    NULL::INTEGER AS sources,
    NULL::BIGINT AS "row"
WHERE false;
