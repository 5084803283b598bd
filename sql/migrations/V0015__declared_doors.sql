-- What stays open before a second factor was enrolled is said by the operation, no longer by its name: these functions
-- have other parameters or answers. Calls without the new parameter find the new one (its default is the strict answer).
drop function if exists platform.begin_request(
    uuid, text, text, text[], boolean, timestamptz, uuid, uuid, text, text, text, uuid, uuid, uuid);
drop function if exists users.check_credential(uuid, uuid, uuid, uuid, uuid, timestamptz);
drop function if exists users.check_enrolment(uuid, uuid, uuid, text, timestamptz);

-- A refused API key is noted for its firm, so its look-up is told of the caller.
drop function if exists users.find_api_key(uuid, uuid, bytea, timestamptz, text);

-- Since when a firm trusts an issuer in the way that it does: of two that cannot be told apart by a claim, the older counts.
alter table users.identity_providers add column trusted_since timestamptz not null default current_timestamp;
