-- users.import_people: brings people along. $1 rows jsonb
select line, status, column_name, code, message from users.import_people($1)
