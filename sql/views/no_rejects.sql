-- `rejects` of a library in which no job is done yet.
CREATE VIEW rejects AS
SELECT
    NULL::VARCHAR AS job,
    NULL::VARCHAR AS class,
    NULL::TINYINT AS k,
    NULL::BIGINT AS parent_row,
    NULL::VARCHAR AS parent_smiles,
    NULL::INTEGER AS site,
    NULL::VARCHAR AS reason
WHERE false;
