-- users.password_facts: $1 client ip text
select email, first_name, last_name, hashes, min_length, firms, security_questions, retry_after
  from users.password_facts($1)
