"""Runs every check of scim2-tester against a server: judge.py BASE_URL TOKEN. Anything that is not
a success, a skipped check too, is printed and fails."""

import sys

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

GOOD = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}


def main(base: str, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=base, headers=headers, timeout=60) as http:
        results = check_server(SyncSCIMClient(http))
    other = [result for result in results if result.status not in GOOD]
    for result in other:
        print(result.status.name, result.title, result.resource_type, result.reason)
    print(f"{len(results) - len(other)} good, {len(other)} other")
    return 1 if other or len(results) < 100 else 0


sys.exit(main(*sys.argv[1:]))
