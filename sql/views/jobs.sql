-- One row a job, from the manifests. `products` counts rows before dedup, `unique_products` after it; `rejects` maps a
-- reason to a number, `left_out` what the sugar mask and limits left out, with the rule, to a number (null where an older
-- halodb did not count it). Times are in seconds. Where the result was adopted from an older script, nothing tells what was
-- there before its dedup: `matched`, `sites`, `products` and `duplicates` are null.
--   manifests   (variable) paths of the manifest files
CREATE VIEW jobs AS
SELECT
    job,
    class,
    k::TINYINT AS k,
    CASE WHEN NOT pooled THEN rules[1].name END AS rule,
    CASE WHEN NOT pooled THEN rules[1].family END AS family,
    CASE WHEN NOT pooled THEN rules[1].label END AS label,
    state,
    counts.parents AS parents,
    CASE WHEN adopted_from IS NULL THEN counts.matched END AS matched,
    CASE WHEN adopted_from IS NULL THEN counts.sites END AS sites,
    CASE WHEN adopted_from IS NULL THEN counts.products END AS products,
    CASE WHEN state = 'done' THEN counts."unique" END AS unique_products,
    CASE WHEN state = 'done' AND adopted_from IS NULL THEN counts.products - counts."unique" END AS duplicates,
    counts.rejects AS rejects,
    counts.left_out AS left_out,
    transform_seconds,
    dedup_seconds,
    adopted_from,
    changed_at
FROM read_json(
    getvariable('manifests'),
    hive_partitioning = false,
    columns = {
        job: 'VARCHAR',
        class: 'VARCHAR',
        k: 'INTEGER',
        pooled: 'BOOLEAN',
        rules: 'STRUCT(name VARCHAR, family VARCHAR, label VARCHAR)[]',
        state: 'VARCHAR',
        counts: 'STRUCT(parents BIGINT, matched BIGINT, sites BIGINT, products BIGINT, "unique" BIGINT, rejects MAP(VARCHAR, BIGINT), left_out MAP(VARCHAR, BIGINT))',
        transform_seconds: 'DOUBLE',
        dedup_seconds: 'DOUBLE',
        adopted_from: 'VARCHAR',
        changed_at: 'TIMESTAMPTZ'
    }
);
