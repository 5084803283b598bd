-- Brings people along from another system, as accounts of the platform's own store with the hashes of their passwords, and
-- makes them members. For the command line, in the name of a member who may. A row whose person was brought along before
-- changes nothing, whatever became of the person since, so that the same file can be read again after a crash; an address
-- or a legacy id that is anybody else's leaves its row out.
-- p_rows: line, email, first_name, last_name, roles, hash, legacy_id, is_verified, issuer. Gives a line for each: created,
-- unchanged, or failed with column, code and message.
create or replace function users.import_people(p_rows jsonb)
returns table (line bigint, status text, column_name text, code text, message text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_row jsonb;
begin
    for v_row in select r from jsonb_array_elements(p_rows) with ordinality as x(r, place) order by x.place loop
        line := (v_row ->> 'line')::bigint;
        select f.status, f.column_name, f.code, f.message into status, column_name, code, message
          from users.import_refusal(v_tenant, v_row) f;
        if status is null then
            begin
                perform users.import_person(v_tenant, v_row);
                status := 'created';
            exception when unique_violation then
                -- Somebody took the address between the look and the leap.
                status := 'failed';
                column_name := 'email';
                code := 'duplicate';
                message := 'is the address of an account that was made just now';
            end;
        end if;
        return next;
    end loop;
end
$$;
