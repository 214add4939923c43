-- One row a job, from the manifests. `products` counts rows before dedup, `unique_products` after it; `rejects` maps a
-- reason to a number. Times are in seconds.
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
    counts.matched AS matched,
    counts.sites AS sites,
    counts.products AS products,
    CASE WHEN state = 'done' THEN counts."unique" END AS unique_products,
    CASE WHEN state = 'done' THEN counts.products - counts."unique" END AS duplicates,
    counts.rejects AS rejects,
    transform_seconds,
    dedup_seconds,
    changed_at
FROM read_json(
    getvariable('manifests'),
    columns = {
        job: 'VARCHAR',
        class: 'VARCHAR',
        k: 'INTEGER',
        pooled: 'BOOLEAN',
        rules: 'STRUCT(name VARCHAR, family VARCHAR, label VARCHAR)[]',
        state: 'VARCHAR',
        counts: 'STRUCT(parents BIGINT, matched BIGINT, sites BIGINT, products BIGINT, "unique" BIGINT, rejects MAP(VARCHAR, BIGINT))',
        transform_seconds: 'DOUBLE',
        dedup_seconds: 'DOUBLE',
        changed_at: 'TIMESTAMPTZ'
    }
);
