-- A rate row is written once. The only change it may see is that it is superseded, once; it is never deleted before a
-- disposal takes it, whose time is over (S0-134).
create or replace function rates.rate_history_guard()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'DELETE' and audit.is_disposed_of('rates.rate_history', to_jsonb(old)) then
        return old;
    end if;
    if tg_op = 'UPDATE' then
        if old.superseded_at is null and new.superseded_at is not null
           and (old.tenant_id, old.rate_history_id, old.product_id, old.base_rate, old.bonus_rate, old.effective_date,
                old.end_date, old.recorded_at, old.source, old.external_id, old.batch_id, old.change_id,
                old.derived_from, old.reason, old.approved_by, old.created_at, old.created_by, old.created_by_user_id)
               is not distinct from
               (new.tenant_id, new.rate_history_id, new.product_id, new.base_rate, new.bonus_rate, new.effective_date,
                new.end_date, new.recorded_at, new.source, new.external_id, new.batch_id, new.change_id,
                new.derived_from, new.reason, new.approved_by, new.created_at, new.created_by, new.created_by_user_id)
        then
            return new;
        end if;
    end if;
    raise exception using errcode = 'WA409', message = 'Rate history is never rewritten',
        detail = '{"code": "append_only"}', constraint = 'rate_history_guard',
        schema = tg_table_schema, table = tg_table_name;
end
$$;
