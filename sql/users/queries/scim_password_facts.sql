-- users.scim_password_facts: what a password that a directory sets is judged by. $1 user_id uuid
select min_length, firm, hashes, own from users.scim_password_facts($1)
