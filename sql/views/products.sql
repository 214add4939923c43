-- Every product of every finished job.
--
-- `id` is <class>-<k>X_<rule>.<parent_row>.<site>.<row>, such as polyphenol-2X_FG_PHENOL_OH__OH__TO__OMe.1048.7.5236: the job,
-- where the product comes from, and its row in the job's file. A parent can have two products at one site, so the row tells
-- them apart; the order of a result is fixed, so it stays. Parent row and site are there to be read, and to notice when a
-- result was made anew in another order. Where nothing tells them, as of adopted results, the row follows on the job.
CREATE VIEW products AS
SELECT
    class,
    k,
    rule,
    family,
    label,
    smiles,
    parent_row,
    site,
    sources,
    internal.product_id(class, k, rule, parent_row, site, "row") AS id
FROM internal.product_rows;
