drop trigger if exists subject_keys_append_only on audit.subject_keys;
create trigger subject_keys_append_only before update or delete on audit.subject_keys
    for each row execute function audit.subject_keys_guard();
alter table audit.subject_keys enable always trigger subject_keys_append_only;
-- Without the key itself (audit.field_classes).
drop trigger if exists subject_keys_audit on audit.subject_keys;
create trigger subject_keys_audit after insert or update on audit.subject_keys
    for each row execute function audit.row_change('key_id');
alter table audit.subject_keys enable always trigger subject_keys_audit;
drop trigger if exists subject_key_uses_append_only on audit.subject_key_uses;
create trigger subject_key_uses_append_only before update or delete on audit.subject_key_uses
    for each row execute function audit.append_only();
alter table audit.subject_key_uses enable always trigger subject_key_uses_append_only;
drop trigger if exists subject_key_uses_no_truncate on audit.subject_key_uses;
create trigger subject_key_uses_no_truncate before truncate on audit.subject_key_uses
    for each statement execute function audit.append_only();
alter table audit.subject_key_uses enable always trigger subject_key_uses_no_truncate;
