set local role wealth_owner;

-- An invitation says from when until when the roles that it brings are held, and when it was last sent. The person who
-- answers for it is the one who sent it last.
alter table users.invitations
    add column effective_from timestamptz,
    add column effective_to timestamptz,
    add column sent_at timestamptz not null default current_timestamp,
    add constraint invitations_period_check check (effective_to > effective_from),
    add constraint invitations_roles_check check (cardinality(roles) <= 20);
create index idx_invitations_created_at on users.invitations (tenant_id, created_at desc, invitation_id desc);

-- People who were brought along from another system by a file.
alter table users.memberships drop constraint memberships_origin_check;
alter table users.memberships add constraint memberships_origin_check check (
    origin in ('manual', 'scim', 'oidc', 'invitation', 'registration', 'import'));
