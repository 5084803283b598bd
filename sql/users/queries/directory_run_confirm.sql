-- users.directory_run_confirm: lets happen what was held back. $1 run_id uuid
select users.confirm_directory_run($1)
