-- RFC 7396: objects merge, null removes, everything else replaces. What comes in has passed the JSON reader, which bounds
-- its depth.
create or replace function users.merge_patch(p_target jsonb, p_patch jsonb)
returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    v_result jsonb := case when jsonb_typeof(p_target) = 'object' then p_target else '{}' end;
    v_member record;
begin
    if jsonb_typeof(p_patch) is distinct from 'object' then
        return p_patch;
    end if;
    for v_member in select m.key, m.value from jsonb_each(p_patch) m loop
        v_result := case jsonb_typeof(v_member.value)
            when 'null' then v_result - v_member.key
            when 'object' then v_result || jsonb_build_object(v_member.key,
                users.merge_patch(v_result -> v_member.key, v_member.value))
            else v_result || jsonb_build_object(v_member.key, v_member.value) end;
    end loop;
    return v_result;
end
$$;
