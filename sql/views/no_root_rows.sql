-- `root_rows` of a library whose inputs `halogenate` did not make.
CREATE VIEW internal.root_rows AS
SELECT
    NULL::VARCHAR AS class,
    NULL::TINYINT AS k,
    NULL::BIGINT AS parent_row,
    NULL::BIGINT AS root_row
WHERE false;
