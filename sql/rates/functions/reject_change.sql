-- Turns a pending change down. The proposer may do so too: it takes back what was proposed.
create or replace function rates.reject_change(
    p_change_id uuid, p_decided_by varchar, p_note text default null, p_expected_version bigint default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_change rates.rate_changes := rates.pending_change(p_change_id, p_expected_version);
begin
    update rates.rate_changes c
       set status = 'rejected', decided_at = clock_timestamp(), decided_by = p_decided_by,
           decided_by_user_id = platform.current_user_id(), decision_note = p_note, version = c.version + 1
     where c.tenant_id = v_change.tenant_id and c.change_id = p_change_id;
    perform audit.log_user_action(null, 'REJECT_RATE_CHANGE', 'rate_changes', p_change_id,
        jsonb_build_object('status', 'pending'),
        jsonb_build_object('status', 'rejected', 'product_id', v_change.product_id, 'note', p_note), null, null, null);
end
$$;
