-- The one way in which rates change in bulk: feeds, imports and the approval of a change all come through here. Judges
-- each change and puts it in force, or holds it as a pending change for a second person (quarantine), round by round.
-- The caller has locked the products. p_changes as for rates.lay, with hold_id: the id of a change that is held.
-- p_rules: {origin, tolerance, source, precedence, bridge}, see rates.judge_round. Answers each ord once: applied, unchanged or quarantined with why.
create or replace function rates.take(p_changes jsonb, p_rules jsonb, p_by text)
returns table (ord bigint, outcome text, code text, change_id uuid)
language plpgsql
set search_path = pg_catalog, pg_temp
set enable_nestloop = off set jit = off
as $$
declare
    v_round record;
    v_done jsonb := '[]';
    v_apply jsonb;
    v_judged jsonb;
    v_changed uuid[] := '{}';
begin
    for v_round in select r.changes from rates.change_rounds(p_changes) r loop
        with c as materialized (
            select (x.value ->> 'ord')::bigint as ord, x.value from jsonb_array_elements(v_round.changes) x
        ), judged as materialized (
            select j.*, c.value,
                   case when j.verdict in ('conflict', 'out_of_tolerance')
                        then coalesce((c.value ->> 'hold_id')::uuid, gen_random_uuid()) end as hold
              from rates.judge_round(v_round.changes, p_rules) j join c on c.ord = j.ord
        )
        select jsonb_agg(j.value || jsonb_build_object('bonus_rate', j.bonus_rate)
                             || case when j.bridged then jsonb_build_object(
                                    'end_date', null, 'reason', 'until the next known rate') else '{}' end) filter (where j.verdict = 'applied'),
               jsonb_agg(j.value || jsonb_build_object('bonus_rate', j.bonus_rate, 'verdict', j.verdict, 'hold_id', j.hold,
                             'old_base', j.old_base_rate, 'old_bonus', j.old_bonus_rate)) filter (where j.hold is not null),
               v_done || jsonb_agg(jsonb_build_array(j.ord,
                             case when j.hold is null then j.verdict else 'quarantined' end,
                             case when j.hold is not null then j.verdict end, j.hold)),
               v_changed || coalesce(array_agg((j.value ->> 'product_id')::uuid) filter (where j.verdict = 'applied'), '{}')
          into v_apply, v_judged, v_done, v_changed
          from judged j;
        if v_judged is not null then
            v_done := v_done || coalesce(rates.hold(v_judged, p_rules ->> 'origin', p_by), '[]');
        end if;
        if v_apply is not null then
            perform rates.lay(v_apply);
        end if;
    end loop;
    if v_changed <> '{}' then
        perform rates.refresh_mirrors(array(select distinct u from unnest(v_changed) u), platform.business_date(), p_by);
    end if;
    -- rates.hold may have found that the same change waits already; its answer comes later in the list and counts.
    return query
        select distinct on ((x.value ->> 0)::bigint) (x.value ->> 0)::bigint, x.value ->> 1, x.value ->> 2,
               (x.value ->> 3)::uuid
          from jsonb_array_elements(v_done) with ordinality x
         order by (x.value ->> 0)::bigint, x.ordinality desc;
end
$$;
