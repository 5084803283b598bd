-- After set_aside.sql and the rows.
do $$
declare
    r record;
begin
    for r in select * from set_aside loop execute r.back; end loop;
    for r in select * from filled loop execute format('alter table %s enable trigger all', r.name); end loop;
end
$$;
commit;
