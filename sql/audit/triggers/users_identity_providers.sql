drop trigger if exists identity_providers_audit on users.identity_providers;
create trigger identity_providers_audit after insert or update or delete on users.identity_providers
    for each row execute function audit.row_change('identity_provider_id');
alter table users.identity_providers enable always trigger identity_providers_audit;
