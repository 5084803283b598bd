-- users.put_security_questions: $1 hash seen text, $2 refused text, $3 questions jsonb
select users.put_security_questions($1, $2, $3) as outcome
