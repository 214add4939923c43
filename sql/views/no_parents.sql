-- `parents` of a library whose inputs are no longer there.
CREATE VIEW parents AS
SELECT
    NULL::VARCHAR AS class,
    NULL::TINYINT AS k,
    NULL::BIGINT AS parent_row,
    NULL::VARCHAR AS smiles,
    NULL::VARCHAR AS name,
    NULL::BIGINT AS made_from_row
WHERE false;
