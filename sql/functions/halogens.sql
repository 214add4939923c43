-- Halogens of a molecule, counted in its SMILES without RDKit, as fast as DuckDB reads text. Cl and Br are letters that stand
-- for nothing else; F and I also begin Fe, Fl, Fm, Fr, In and Ir, which stand in brackets, perhaps behind an isotope (outside,
-- In1cccc1 is iodine on a nitrogen). What follows white space is a name. A text that is no SMILES is counted all the same.
CREATE OR REPLACE MACRO smiles_alone(smiles) AS split_part(split_part(smiles, ' ', 1), chr(9), 1);
CREATE OR REPLACE MACRO n_cl(smiles) AS
    (len(smiles_alone(smiles)) - len(replace(smiles_alone(smiles), 'Cl', ''))) // 2;
CREATE OR REPLACE MACRO n_br(smiles) AS
    (len(smiles_alone(smiles)) - len(replace(smiles_alone(smiles), 'Br', ''))) // 2;
CREATE OR REPLACE MACRO n_f(smiles) AS
    len(smiles_alone(smiles)) - len(replace(smiles_alone(smiles), 'F', ''))
    - len(regexp_extract_all(smiles_alone(smiles), '\[[0-9]*F[elmr]'));
CREATE OR REPLACE MACRO n_i(smiles) AS
    len(smiles_alone(smiles)) - len(replace(smiles_alone(smiles), 'I', ''))
    - len(regexp_extract_all(smiles_alone(smiles), '\[[0-9]*I[nr]'));
