set local role wealth_owner;

-- The claim in which an issuer names the directory's id of a person (Okta uid, Entra oid, Cognito sub): by it a sign-in is
-- linked to the person whom that directory has provisioned (docs/adr/0014).
alter table users.identity_providers
    add column directory_claim text,
    add constraint identity_providers_directory_claim_check check (length(directory_claim) between 1 and 200);

-- A role that a token's group gives: by which issuer, and when the token that told of its begin or end was made. A token
-- that was made earlier says nothing any more.
alter table users.user_roles
    add column issuer text,
    add column told_at timestamptz,
    add constraint user_roles_issuer_check check (origin = 'oidc' or issuer is null);

-- It gives one column more, the others stay.
drop function if exists users.find_issuer(text, text);
