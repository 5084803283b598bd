-- The check in front of a sensitive action: the token's sign-in (p_assurance, p_authenticated_at) must be as fresh as the
-- tenant asks, and must have had a second factor if the person has one or the tenant demands one. p_enrols: the action
-- gives somebody a factor, so that a demand alone does not keep the first one out.
-- Raises WA403 (insufficient_aal) with the challenge of RFC 9470.
create or replace function users.require_step_up(
    p_assurance integer, p_authenticated_at timestamptz, p_enrols boolean)
returns void
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_user uuid := platform.current_user_id();
    v_now timestamptz := platform.request_time();
    v_minutes integer := (users.policy_of(v_tenant)).step_up_minutes;
    v_needed integer;
begin
    v_needed := case
        when users.mfa_methods(v_user) <> '{}' then 2
        when not p_enrols and users.mfa_required(v_tenant, v_user, v_now) then 2
        else 1 end;
    if coalesce(p_assurance, 0) < v_needed or p_authenticated_at is null
       or p_authenticated_at + make_interval(mins => v_minutes) < v_now then
        perform platform.fail('WA403', 'insufficient_aal',
            case v_needed when 2 then 'This takes a recent sign-in with a second factor'
                          else 'This takes a recent sign-in' end,
            null, jsonb_build_object('challenge',
                format('acr_values="aal%s", max_age="%s"', v_needed, v_minutes * 60)));
    end if;
end
$$;
