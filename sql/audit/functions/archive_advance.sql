-- The next log's turn, or the next state once every log had its turn. Inner part of the steps.
create or replace function audit.archive_advance(p_month date, p_next text)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    update audit.archive_months m
       set place = case when m.place < cardinality(m.tenants) then m.place + 1 else 1 end,
           state = case when m.place < cardinality(m.tenants) then m.state else p_next end,
           written_at = case when p_next = 'written' and m.place = cardinality(m.tenants) then clock_timestamp()
                             else m.written_at end,
           verified_at = case when p_next = 'verified' and m.place = cardinality(m.tenants) then clock_timestamp()
                              else m.verified_at end
     where m.month = p_month
$$;
