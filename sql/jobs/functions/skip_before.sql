-- Puts away what nobody needs to do any more because a later run of the job does it: earlier turns, or earlier periods.
create or replace function jobs.skip_before(p_tenant_id uuid, p_job text, p_date date, p_turn timestamptz)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    update jobs.runs r
       set state = 'skipped', finished_at = clock_timestamp(), lease_owner = null, lease_until = null,
           error = coalesce(r.error, 'A later run does its work')
     where r.tenant_id = p_tenant_id and r.job = p_job
       and (r.state = 'waiting' or r.state = 'running' and r.lease_until <= clock_timestamp())
       and case when p_turn is null then r.turn is null and r.business_date < p_date else r.turn < p_turn end
$$;
