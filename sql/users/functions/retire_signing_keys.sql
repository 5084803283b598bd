-- Puts away the keys that sign no more. p_live are those of the secret; what is not among them goes on being accepted for
-- two hours: an access token lasts an hour at most, and a function that still held the old keys signed for five minutes
-- more. How many were put away now. A key that was put away stays so.
create or replace function users.retire_signing_keys(p_live text[], p_now timestamptz)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_count integer;
begin
    if coalesce(cardinality(p_live), 0) = 0 then
        perform platform.fail('WA409', 'state_conflict', 'One key at least signs');
    end if;
    update users.signing_keys k set retire_after = null
     where k.key_id = any (p_live) and k.retired_at is null and k.retire_after is not null;
    update users.signing_keys k set retire_after = p_now + interval '2 hours'
     where not k.key_id = any (p_live) and k.retired_at is null and k.retire_after is null;
    update users.signing_keys k set retired_at = p_now
     where not k.key_id = any (p_live) and k.retired_at is null and k.retire_after <= p_now;
    get diagnostics v_count = row_count;
    return v_count;
end
$$;
