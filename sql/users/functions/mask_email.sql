-- An address as people without the right to administer see it: a***@m***.example (S3 L17).
create or replace function users.mask_email(p_email text)
returns text
language sql immutable parallel safe
as $$
    select left(p_email, 1) || '***@' || left(split_part(p_email, '@', 2), 1) || '***'
           || case when split_part(p_email, '@', 2) like '%_._%'
                   then '.' || substring(split_part(p_email, '@', 2) from '[^.]*$') else '' end
$$;
