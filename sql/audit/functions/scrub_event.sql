-- Takes secrets out of an event before it is written; called for those that have one (the trigger's WHEN).
create or replace function audit.scrub_event()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    new.old_values := audit.scrub(new.old_values::text)::jsonb;
    new.new_values := audit.scrub(new.new_values::text)::jsonb;
    new.details := audit.scrub(new.details::text)::jsonb;
    new.reason := audit.scrub(new.reason);
    new.purpose := audit.scrub(new.purpose);
    new.actor_label := audit.scrub(new.actor_label);
    new.resource_id := audit.scrub(new.resource_id);
    new.session_ref := audit.scrub(new.session_ref);
    new.user_agent := audit.scrub(new.user_agent);
    return new;
end
$$;
