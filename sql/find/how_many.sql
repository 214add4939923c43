-- How many products there are; the ends of the files tell.
SELECT count(*) AS products FROM internal.product_rows;
