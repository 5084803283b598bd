drop trigger if exists retention_overrides_append_only on audit.retention_overrides;
create trigger retention_overrides_append_only before update or delete on audit.retention_overrides
    for each row execute function audit.append_only();
alter table audit.retention_overrides enable always trigger retention_overrides_append_only;
drop trigger if exists retention_overrides_audit on audit.retention_overrides;
create trigger retention_overrides_audit after insert on audit.retention_overrides
    for each row execute function audit.row_change('class');
alter table audit.retention_overrides enable always trigger retention_overrides_audit;
drop trigger if exists retention_rules_append_only on audit.retention_rules;
create trigger retention_rules_append_only before update or delete on audit.retention_rules
    for each row execute function audit.append_only();
alter table audit.retention_rules enable always trigger retention_rules_append_only;
-- A hold is released, never deleted.
drop trigger if exists legal_holds_append_only on audit.legal_holds;
create trigger legal_holds_append_only before delete on audit.legal_holds
    for each row execute function audit.append_only();
alter table audit.legal_holds enable always trigger legal_holds_append_only;
drop trigger if exists legal_holds_audit on audit.legal_holds;
create trigger legal_holds_audit after insert or update on audit.legal_holds
    for each row execute function audit.row_change('hold_id');
alter table audit.legal_holds enable always trigger legal_holds_audit;
drop trigger if exists legal_hold_scopes_append_only on audit.legal_hold_scopes;
create trigger legal_hold_scopes_append_only before update or delete on audit.legal_hold_scopes
    for each row execute function audit.append_only();
alter table audit.legal_hold_scopes enable always trigger legal_hold_scopes_append_only;
drop trigger if exists disposals_append_only on audit.disposals;
create trigger disposals_append_only before delete on audit.disposals
    for each row execute function audit.append_only();
alter table audit.disposals enable always trigger disposals_append_only;
drop trigger if exists disposals_audit on audit.disposals;
create trigger disposals_audit after insert or update on audit.disposals
    for each row execute function audit.row_change('disposal_id');
alter table audit.disposals enable always trigger disposals_audit;
drop trigger if exists erasure_requests_append_only on audit.erasure_requests;
create trigger erasure_requests_append_only before delete on audit.erasure_requests
    for each row execute function audit.append_only();
alter table audit.erasure_requests enable always trigger erasure_requests_append_only;
drop trigger if exists erasure_requests_audit on audit.erasure_requests;
create trigger erasure_requests_audit after insert or update on audit.erasure_requests
    for each row execute function audit.row_change('erasure_id');
alter table audit.erasure_requests enable always trigger erasure_requests_audit;
drop trigger if exists disposal_items_append_only on audit.disposal_items;
create trigger disposal_items_append_only before delete on audit.disposal_items
    for each row execute function audit.append_only();
alter table audit.disposal_items enable always trigger disposal_items_append_only;
