#!/usr/bin/env python3
"""Turns a login secret into the SQL that makes this login, or gives it its new password.

    aws secretsmanager get-secret-value --secret-id wealth/dev/products_login \
        --query SecretString --output text | python3 infra/login.py | psql "$WRITER"

The password leaves this machine only as its SCRAM-SHA-256 verifier (RFC 5802, RFC 7677), so that no
server log can hold it. A login owns nothing and is only a member of group roles.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
import sys

ROUNDS = 4096  # PostgreSQL's own; the password has 48 random characters


def verifier(password: str) -> str:
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    salt64, stored64, server64 = (base64.b64encode(b).decode() for b in (salt, stored_key, server_key))
    return f"SCRAM-SHA-256${ROUNDS}:{salt64}${stored64}:{server64}"


def main() -> None:
    secret = json.load(sys.stdin)
    login, password = secret["username"], secret["password"]
    context = re.fullmatch(r"([a-z]+)_login(_clone)?", login)
    if context is None:
        sys.exit(f"{login!r} is not the login of a context")
    if not password.isascii():
        sys.exit("the password must be ASCII: this program does no SASLprep")
    # Enough for the function's background events too: what they do without a person is in functions
    # of the context (job_…), each of which names its job and establishes its tenant itself.
    role = f"{context[1]}_service"
    print(
        f"""\\set ON_ERROR_STOP on
begin;
do $$ begin
    if not exists (select from pg_catalog.pg_roles where rolname = '{login}') then
        create role {login} login nosuperuser nocreatedb nocreaterole nobypassrls;
    end if;
end $$;
grant {role} to {login};
alter role {login} password '{verifier(password)}';
-- Settings of the role and not of the session: RDS Proxy pins a connection that says SET.
alter role {login} set timezone = 'UTC';
alter role {login} set statement_timeout = '25s';
alter role {login} set lock_timeout = '2s';
alter role {login} set idle_in_transaction_session_timeout = '15s';
commit;"""
    )


main()
