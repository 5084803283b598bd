set local role wealth_owner;

-- By which version of the rules a comparison was computed (Engine in core): it is reproduced by the same. What is there
-- already came from the first; from now on the writer says.
alter table products.product_comparisons
    add column engine_version smallint not null default 1,
    add constraint product_comparisons_engine_version_check check (engine_version > 0);
alter table products.product_comparisons alter column engine_version drop default;
