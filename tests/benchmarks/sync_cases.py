# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks of a store that follows another, on Debian's slapd."""

from __future__ import annotations

import json
from statistics import median

from account_cases import DATABASE, PLACE
from bed import Bed
from directory_cases import EMPTY, INSTALL, LOGIN, PEOPLE, WHO, as_ldif, people
from result import Result


def account_sync_10k(bed: Bed) -> Result:
    """10,000 people of a directory whose accounts are as they shall be. Ours: the packed module on the mail host.

    Peer: what any way to compare the two must read: ``ldapsearch`` of the same subtree and a ``.dump`` of the database.
    """
    bed.sh(f"{INSTALL}\n{EMPTY}")
    bed.sh("apt-get -qq install -y --no-install-recommends sqlite3 >/dev/null 2>&1; rm -rf /var/lib/postfix_manager")
    bed.sh("cat >/tmp/people.ldif", as_ldif(people(10_000)))
    bed.sh("systemctl stop slapd; rm -rf /var/lib/ldap; cp -a /tmp/empty /var/lib/ldap")
    bed.sh("slapadd -q -l /tmp/people.ldif >/dev/null 2>&1; chown -R openldap: /var/lib/ldap; systemctl start slapd")
    options = {
        "name": "bench",
        "create_domains": True,
        "source": {**WHO, "base": PEOPLE, "mapping": {"name": "{cn}", "quota": "1G"}},
        **PLACE,
    }
    packed = bed.packed("postfix_manager.mail.account_sync", options)
    said = json.loads(bed.sh(f"python3 {packed}"))
    assert said["changed"] is False, said["actions"]
    assert said["counts"]["seen"] == 10_000
    search = f"ldapsearch -LLL {LOGIN} -E pr=1000/noprompt -b {PEOPLE} >/tmp/found.ldif"
    ours, peer = bed.timed(
        (":", f"python3 {packed}"),
        (":", f"{search} && sqlite3 -readonly {DATABASE} .dump >/tmp/found.sql"),
    )
    return Result(
        median(ours), median(peer), "ldapsearch of the subtree and sqlite3 .dump", goal=3.0, goal_is_for="ours"
    )


CASES = {case.__name__: case for case in (account_sync_10k,)}
