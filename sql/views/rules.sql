-- The rules that the library's jobs applied, each once, and in how many jobs.
--   manifests   (variable) paths of the manifest files
CREATE VIEW rules AS
SELECT
    rule.name AS rule,
    rule.label AS label,
    rule.family AS family,
    rule.scope_classes AS scope_classes,
    rule.query_smarts AS query_smarts,
    rule.smirks AS smirks,
    count(*) AS jobs
FROM (
    SELECT unnest(rules) AS rule
    FROM read_json(
        getvariable('manifests'),
        hive_partitioning = false,
        columns = {
            rules: 'STRUCT(name VARCHAR, label VARCHAR, family VARCHAR, scope_classes VARCHAR[], query_smarts VARCHAR, smirks VARCHAR)[]'
        }
    )
)
GROUP BY ALL
ORDER BY ALL;
