-- Keeps changes that one person may not make as pending ones. An import that brings a change which waits already, from
-- the same origin, adds no second one: the answer then names the first, as [[ord, 'quarantined', why, change_id]].
create or replace function rates.hold(p_changes jsonb, p_origin text, p_by text)
returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
set enable_nestloop = off set jit = off
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_user uuid := platform.current_user_id();
    v_waiting jsonb;
begin
    with c as materialized (
        select c.* from jsonb_to_recordset(p_changes) as c(
            ord bigint, hold_id uuid, product_id uuid, base_rate numeric, bonus_rate numeric, effective_date date,
            end_date date, source text, external_id text, batch_id uuid, reason text, verdict text, old_base numeric,
            old_bonus numeric)
    ), waiting as materialized (
        select c.ord, w.change_id, w.quarantine_reason
          from c
         cross join lateral (
            select h.change_id, h.quarantine_reason from rates.rate_changes h
             where p_origin = 'import' and h.tenant_id = v_tenant and h.product_id = c.product_id
               and h.status = 'pending' and h.origin = 'import' and h.base_rate = c.base_rate
               and h.bonus_rate = c.bonus_rate and h.effective_date = c.effective_date
               and h.end_date is not distinct from c.end_date
             limit 1) w
    ), held as (
        insert into rates.rate_changes (
            tenant_id, change_id, product_id, base_rate, bonus_rate, effective_date, end_date, previous_base_rate,
            previous_bonus_rate, origin, source, batch_id, external_id, status, reason, quarantine_reason, proposed_by,
            proposed_by_user_id)
        select v_tenant, c.hold_id, c.product_id, c.base_rate, c.bonus_rate, c.effective_date, c.end_date, c.old_base,
               c.old_bonus, p_origin, c.source, c.batch_id, c.external_id, 'pending', c.reason, c.verdict, p_by, v_user
          from c left join waiting w on w.ord = c.ord where w.ord is null
    )
    select jsonb_agg(jsonb_build_array(w.ord, 'quarantined', w.quarantine_reason, w.change_id)) into v_waiting
      from waiting w;
    return v_waiting;
end
$$;
