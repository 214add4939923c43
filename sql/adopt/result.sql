-- The result of an older script with halodb's columns in front, in its own order; its further columns follow.
--   adopted_products   (view) the columns, smiles, parent_row, site and sources first
--   $output            the result
--   $job, $fingerprint, $rdkit   written into the file's metadata; $rdkit is empty where nothing tells it
COPY (
    SELECT *
    FROM adopted_products
) TO $output (
    FORMAT parquet,
    COMPRESSION zstd,
    ROW_GROUP_SIZE 122880,
    KV_METADATA {'halodb.job': $job, 'halodb.fingerprint': $fingerprint, 'halodb.rdkit': $rdkit}
);
