-- audit.job_archive_tiles: $1 tenant_id uuid, $2 from bigint, $3 to bigint
select t.level, t.tile_index, t.hashes from audit.job_archive_tiles($1, $2, $3) t
