-- A text of which only so much is left that somebody who knows it recognises it: an address keeps its first character and
-- its domain, other texts their last four characters, short ones nothing.
create or replace function audit.masked(p_text text)
returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select case when p_text is null then null
                when strpos(p_text, '@') > 1 then left(p_text, 1) || '***' || substr(p_text, strpos(p_text, '@'))
                when length(p_text) >= 8 then '***' || right(p_text, 4)
                else '***' end
$$;
