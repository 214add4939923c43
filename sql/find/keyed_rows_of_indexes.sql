-- All rows, from the indexes where there are some: their Bloom filters tell which row groups may have a SMILES or an InChIKey.
CREATE TEMP VIEW keyed_rows AS
SELECT class, k, rule, family, label, smiles, parent_row, site, sources, "row", inchikey
FROM internal.indexed_rows;
