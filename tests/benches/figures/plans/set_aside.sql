-- Before many rows are laid down into :tables: indexes, exclusion constraints, triggers and foreign keys are set aside, to
-- be made again afterwards (set_back.sql); row by row they would be most of the time. :all tells whether to make the
-- exclusion constraint of :expensive again too: at a million rows that takes a minute, and no plan uses it (the
-- benchmark looks).
begin;
set local synchronous_commit = off;
set local maintenance_work_mem = '1GB';
set local work_mem = '512MB';
create temporary table filled on commit drop as
select t::regclass as name from unnest(string_to_array(':tables', ' ')) t;
create temporary table set_aside on commit drop as
select format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname) as away,
       case when :all or c.conrelid is distinct from to_regclass(':expensive') then
           format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
       else 'select' end as back
  from pg_constraint c join filled f on f.name = c.conrelid where c.contype = 'x'
union all
-- Of a table in partitions the definition says ONLY, and would leave them without.
select format('drop index %s', i.indexrelid::regclass), replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
  from pg_index i join filled f on f.name = i.indrelid
 where not exists (select from pg_constraint c where c.conindid = i.indexrelid);
do $$
declare
    r record;
begin
    for r in select * from filled loop execute format('alter table %s disable trigger all', r.name); end loop;
    for r in select * from set_aside loop execute r.away; end loop;
end
$$;
