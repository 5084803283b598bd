-- Lets a firm keep a class of records longer than its rule says, from today on; never shorter (WA422 out_of_range). What
-- it promised before stays promised to records that were made meanwhile.
create or replace function audit.put_retention_override(
    p_class text, p_months integer, p_days integer, p_reason text, p_by varchar, p_expected_version bigint default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant uuid := platform.require_tenant();
    v_rule record;
    v_version bigint;
begin
    if exists (select from audit.retention_classes c where c.class = p_class)
       and not exists (select from audit.retention_tables m
                        where p_class = any (m.classes) and m.disposal in ('row', 'job', 'archive')) then
        perform platform.fail('WA409', 'state_conflict', 'No record of this class ends by its period: a longer one would '
            'promise what nothing keeps');
    end if;
    perform pg_advisory_xact_lock(4715, hashtext(v_tenant::text || p_class));
    select r.months, r.days, c.basis into v_rule
      from audit.retention_classes c left join audit.retention_rules r on r.class = c.class
     where c.class = p_class order by r.version desc limit 1;
    select coalesce(max(o.version), 0) into v_version
      from audit.retention_overrides o where o.tenant_id = v_tenant and o.class = p_class;
    if v_rule.basis is null then
        perform platform.fail('WA404', 'not_found', 'There is no such class of records');
    elsif v_rule.basis = 'never' or v_rule.months is null then
        perform platform.fail('WA409', 'state_conflict', 'Records of this class are not kept by a period');
    elsif p_expected_version is not null and v_version <> p_expected_version then
        perform platform.fail('WA412', 'version_conflict', 'The policy was changed meanwhile', null,
            jsonb_build_object('version', v_version));
    elsif p_months < v_rule.months or (p_months - v_rule.months) * 28 + p_days < v_rule.days then
        perform platform.fail('WA422', 'out_of_range', format('must not be shorter than the rule: %s months and %s days',
            v_rule.months, v_rule.days), case when p_months < v_rule.months then '/months' else '/days' end);
    end if;
    insert into audit.retention_overrides (
        tenant_id, class, version, in_force_from, months, days, reason, set_by, set_by_user_id)
    values (v_tenant, p_class, v_version + 1, platform.business_date(), p_months, p_days, p_reason, p_by,
        platform.current_user_id());
    perform audit.write(v_tenant, 'retention_policy.changed', 'RETENTION_POLICY_CHANGED', 'retention_overrides', p_class,
        null, null, jsonb_build_object('version', v_version + 1, 'months', p_months, 'days', p_days), p_reason);
end
$$;
