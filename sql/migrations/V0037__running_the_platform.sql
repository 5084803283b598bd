set local role wealth_owner;

-- It tells now how long each log has waited.
drop function if exists audit.tenants_to_seal();
