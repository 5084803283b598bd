-- The kinds of things whose events are about people, each with the column of its values that says about whom.
create or replace function audit.personal_kinds()
returns table (kind text, person text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select split_part(m.table_name, '.', 2), m.persons[1]
      from audit.retention_tables m
     where m.classes <@ '{person_record,working_data}' and m.persons <> '{}'
    union all select 'memberships', 'user_id' union all select 'invitations', 'accepted_by'
$$;
