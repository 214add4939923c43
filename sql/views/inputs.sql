-- The inputs of the library's jobs, and those that `halogenate` made them of. `present` tells whether the file is there.
CREATE TABLE inputs (
    class VARCHAR,
    k TINYINT,
    path VARCHAR,
    "rows" BIGINT,
    digest VARCHAR,
    present BOOLEAN
);
