-- S4-22 ... S4-34: changes the caller's own profile by a merge patch whose members were checked for their form; a field
-- that is cleared goes back to its default. Expecting version 0 means that it was never set. Returns the version, which
-- stays where nothing changes. Raises WA412 (version_conflict), WA422 (validation_failed).
create or replace function users.update_profile(p_patch jsonb, p_expected_version bigint)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_user uuid := platform.current_user_id();
    v_old users.user_profiles;
    v_new users.user_profiles;
begin
    perform platform.require_tenant();
    -- Two first writes take turns.
    perform from users.users u where u.user_id = v_user for update;
    select p.* into v_old from users.user_profiles p where p.user_id = v_user;
    if p_expected_version is not null and coalesce(v_old.version, 0) <> p_expected_version then
        perform platform.fail('WA412', 'version_conflict', 'The profile was changed meanwhile');
    end if;
    v_new := v_old;
    v_new.timezone := coalesce(v_old.timezone, 'UTC');
    v_new.language := coalesce(v_old.language, 'en');
    v_new.preferences := coalesce(v_old.preferences, '{}');
    if p_patch ? 'phone' then v_new.phone := p_patch ->> 'phone'; end if;
    if p_patch ? 'avatar' then v_new.avatar := p_patch ->> 'avatar'; end if;
    if p_patch ? 'language' then v_new.language := coalesce(p_patch ->> 'language', 'en'); end if;
    if p_patch ? 'timezone' then v_new.timezone := coalesce(p_patch ->> 'timezone', 'UTC'); end if;
    if p_patch ? 'preferences' then
        v_new.preferences := coalesce(
            users.merge_patch(v_old.preferences, nullif(p_patch -> 'preferences', 'null')), '{}');
    end if;

    -- Reading the server's list of zones takes milliseconds, so only for a new one.
    if v_new.timezone not in ('UTC', coalesce(v_old.timezone, 'UTC'))
       and not exists (select from pg_timezone_names z where z.name = v_new.timezone) then
        perform platform.fail('WA422', 'validation_failed',
            'must be the name of a time zone in the IANA database, such as America/New_York', '/timezone');
    end if;
    if pg_column_size(v_new.preferences) > 16384 then
        perform platform.fail('WA422', 'validation_failed', 'may have at most 16 KiB', '/preferences');
    end if;

    if v_old.user_id is null then
        insert into users.user_profiles (user_id, phone, avatar, timezone, language, preferences, created_at, updated_at)
        values (v_user, v_new.phone, v_new.avatar, v_new.timezone, v_new.language, v_new.preferences,
                platform.request_time(), platform.request_time());
        return 1;
    elsif to_jsonb(v_new) = to_jsonb(v_old) then
        return v_old.version;
    end if;
    update users.user_profiles p
       set phone = v_new.phone, avatar = v_new.avatar, timezone = v_new.timezone, language = v_new.language,
           preferences = v_new.preferences, updated_at = platform.request_time(), version = p.version + 1
     where p.user_id = v_user;
    return v_old.version + 1;
end
$$;
