-- audit.job_seal_state: $1 tenant_id uuid
select s.size, s.archived_size, s.note, s.tiles from audit.job_seal_state($1) s
