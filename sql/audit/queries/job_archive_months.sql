-- audit.job_archive_months: how far each month is
select m.* from audit.job_archive_months() m
