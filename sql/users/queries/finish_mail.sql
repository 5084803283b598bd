-- users.finish_mail: $1 mail_id uuid, $2 sent boolean, $3 final boolean, $4 error text, $5 now timestamptz
select users.finish_mail($1, $2, $3, $4, $5)
