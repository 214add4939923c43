-- `parent_rows` of a library whose inputs are no longer there.
CREATE VIEW internal.parent_rows AS
SELECT
    NULL::VARCHAR AS class,
    NULL::TINYINT AS k,
    NULL::BIGINT AS parent_row,
    NULL::VARCHAR AS smiles,
    NULL::VARCHAR AS name,
    NULL::BIGINT AS made_from_row,
    NULL::VARCHAR AS made_from_smiles,
    NULL::VARCHAR AS root_smiles
WHERE false;
