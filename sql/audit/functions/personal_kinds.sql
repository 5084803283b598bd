-- The kinds of things whose events are about people, each with the column of its values that says about whom. It has no
-- search path of its own, so that it is planned as a part of the statement that asks.
create or replace function audit.personal_kinds()
returns table (kind text, person text)
language sql stable
as $$
    select split_part(m.table_name, '.', 2), m.persons[1]
      from audit.retention_tables m
     where m.classes <@ '{person_record,working_data}' and m.persons <> '{}'
    union all select 'memberships', 'user_id' union all select 'invitations', 'accepted_by'
$$;
