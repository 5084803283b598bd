-- Roles, schemas and extensions (S0-105 … S0-108, C0-02, C0-11, C0-12, X-06).
--
-- Run by an administrator who may create roles and owns the database, but need not be a superuser (rds_superuser on
-- Aurora). Roles belong to the whole server, so every statement here also passes when another database made them first.
-- All rights hang on group roles without login: a login is only a member, so that it can be rotated or cloned freely.

do $$
declare
    v_role text;
    v_member text[];
begin
    foreach v_role in array array[
        'wealth_owner',      -- owns every object; nobody logs in as it; no BYPASSRLS
        'app_read_only',     -- S0-106: reads
        'app_read_write',    -- S0-107: reads, and writes through functions only (C0-11)
        'app_admin',         -- S0-108: break-glass changes to domain tables, still behind the tenant fence
        'application_role',  -- S0-105: what the row policies of the documents aim at
        'adviser_role',      -- S2-47
        'products_service', 'rates_service', 'users_service', 'audit_service', 'tenants_service',
        'clients_service', 'estate_service', 'billing_service', 'jobs_service'  -- one per Lambda (S1-67)
    ] loop
        begin
            if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
                execute format('create role %I nologin', v_role);
            end if;
        exception when duplicate_object or unique_violation then
            null;  -- another database of this server made it a moment ago
        end;
    end loop;

    foreach v_member slice 1 in array array[
        ['app_read_write', 'application_role'],
        ['application_role', 'adviser_role'],
        ['application_role', 'products_service'], ['application_role', 'rates_service'],
        ['application_role', 'users_service'], ['application_role', 'audit_service'],
        ['application_role', 'tenants_service'], ['application_role', 'clients_service'],
        ['application_role', 'estate_service'], ['application_role', 'billing_service'],
        ['application_role', 'jobs_service']
    ] loop
        if not pg_catalog.pg_has_role(v_member[2], v_member[1], 'member') then
            execute format('grant %I to %I', v_member[1], v_member[2]);
        end if;
    end loop;

    if not pg_catalog.pg_has_role(current_user, 'wealth_owner', 'member') then
        execute format('grant wealth_owner to %I', current_user);
    end if;
    execute format('grant create on database %I to wealth_owner', current_database());
    execute format('revoke create, temporary on database %I from public', current_database());
end
$$;

create schema if not exists extensions;
create extension if not exists btree_gist with schema extensions;
create extension if not exists pg_trgm with schema extensions;
grant usage on schema extensions to public;

-- The migration runner may have made this one already, for its own book-keeping.
create schema if not exists platform;
alter schema platform owner to wealth_owner;

set local role wealth_owner;

create schema if not exists tenants;
create schema if not exists users;
create schema if not exists audit;
create schema if not exists products;
create schema if not exists rates;
create schema if not exists reporting;

-- PostgreSQL lets everybody execute a new function; here nobody may until a grant names him.
alter default privileges for role wealth_owner revoke execute on functions from public;
-- C0-12: tables and views that come later are readable by the groups without a further grant. Writes are never default.
alter default privileges for role wealth_owner grant select on tables to app_read_only, app_read_write, app_admin;

grant usage on schema platform, tenants, users, audit, products, rates, reporting
    to app_read_only, app_read_write, app_admin;
