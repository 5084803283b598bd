-- users.send_link: $1 purpose, $2 email, $3 link jsonb, $4 caller jsonb
select users.send_link($1, $2, $3, $4) as retry_after
