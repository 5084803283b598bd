set local role wealth_owner;

-- Which holds cover a record is asked for each row that is deleted (audit.holds_on).
create index idx_legal_hold_scopes_record on audit.legal_hold_scopes (tenant_id, record_id) where kind = 'record';
create index idx_legal_hold_scopes_person on audit.legal_hold_scopes (tenant_id, (person_id::text)) where kind = 'person';
create index idx_legal_hold_scopes_wide on audit.legal_hold_scopes (tenant_id) where kind in ('tenant', 'class', 'table');

-- It tells now whether there is more behind what it looked at.
drop function if exists audit.list_due(uuid, text, text, varchar, integer, date, text);
