-- All rows; nothing but a scan finds a SMILES or an InChIKey in them.
CREATE TEMP VIEW keyed_rows AS
SELECT *, NULL::VARCHAR AS inchikey
FROM internal.product_rows;
