-- audit.erasures_to_run: the erasures that wait for the audit log
select e.tenant_id, e.erasure_id from audit.erasures_to_run() e
