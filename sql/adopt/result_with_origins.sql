-- As `result.sql`, of a result whose keys were written again, or whose parents are known: these come from another file, row by
-- row.
--   $beside            smiles, parent_row and site of each row
--   adopted_products   (view) the further columns of the result
--   $output            the result
--   $job, $fingerprint, $rdkit   written into the file's metadata; $rdkit is empty where nothing tells it
COPY (
    SELECT beside.smiles, beside.parent_row, beside.site, NULL::INTEGER AS sources, further.*
    FROM read_parquet($beside, hive_partitioning = false) AS beside
    POSITIONAL JOIN adopted_products AS further
) TO $output (
    FORMAT parquet,
    COMPRESSION zstd,
    ROW_GROUP_SIZE 122880,
    KV_METADATA {'halodb.job': $job, 'halodb.fingerprint': $fingerprint, 'halodb.rdkit': $rdkit}
);
