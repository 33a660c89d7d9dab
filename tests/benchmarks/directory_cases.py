# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks of a directory, on Debian's slapd as it is packaged: every write waits for the disk."""

from __future__ import annotations

import base64
import hashlib
import json
import tempfile
from statistics import median

from bed import HERE, Bed, seconds_of
from result import Result

SUFFIX = "dc=example,dc=test"
PEOPLE = f"ou=people,{SUFFIX}"
ADMIN = f"cn=admin,{SUFFIX}"
PASSWORD = "admin-test-password"
WHO = {"bind_dn": ADMIN, "bind_password": PASSWORD}
LOGIN = f"-x -H ldapi:/// -D {ADMIN} -w {PASSWORD}"
INSTALL = f"""
export DEBIAN_FRONTEND=noninteractive
apt-get -qq install -y --no-install-recommends slapd ldap-utils >/dev/null 2>&1
hash=$(slappasswd -s {PASSWORD})
printf 'dn: olcDatabase={{1}}mdb,cn=config\\nchangetype: modify\\nreplace: olcRootPW\\nolcRootPW: %s\\n' "$hash" |
    ldapmodify -Q -Y EXTERNAL -H ldapi:/// >/dev/null
ldapsearch {LOGIN} -b '{PEOPLE}' -s base 1.1 >/dev/null 2>&1 ||
    printf 'dn: {PEOPLE}\\nobjectClass: organizationalUnit\\n' | ldapadd {LOGIN} >/dev/null
systemctl stop slapd
[ -d /tmp/empty ] || cp -a /var/lib/ldap /tmp/empty
"""
# The branch without people, and nothing left in slapd's memory.
EMPTY = "systemctl stop slapd; rm -rf /var/lib/ldap; cp -a /tmp/empty /var/lib/ldap; systemctl start slapd"
# The highest use of memory of a module, in KiB.
MEMORY = """
import resource, subprocess, sys
subprocess.run([sys.executable, sys.argv[1]], stdout=open("/tmp/said.json", "w"), check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def people(count: int) -> list[dict[str, object]]:
    """That many persons with ten values and a password hash each, always the same ones."""
    return [
        {
            "dn": f"uid=user{number:06d},{PEOPLE}",
            "attributes": {
                "objectClass": ["inetOrgPerson"],
                "uid": f"user{number:06d}",
                "cn": f"User {number}",
                "sn": f"Name {number}",
                "givenName": "User",
                "mail": f"user{number:06d}@example.test",
                "employeeNumber": str(number),
                "telephoneNumber": f"+49 30 {number}",
                "title": "Person",
                "userPassword": "{SSHA}" + base64.b64encode(hashlib.sha1(b"%d" % number).digest() + b"salt").decode(),
            },
        }
        for number in range(count)
    ]


def as_ldif(entries: list[dict[str, object]]) -> str:
    lines = []
    for entry in entries:
        lines.append(f"dn: {entry['dn']}")
        for name, values in entry["attributes"].items():
            lines += [f"{name}: {value}" for value in (values if isinstance(values, list) else [values])]
        lines.append("")
    return "\n".join(lines)


def _packed(bed: Bed, count: int) -> str:
    """The module ``ldap_entries`` packed with so many people, and a file with the same people as LDIF."""
    bed.sh(f"{INSTALL}\n{EMPTY}")
    entries = people(count)
    bed.sh("cat >/tmp/people.ldif", as_ldif(entries))
    packed = bed.packed("postfix_manager.mail.ldap_entries", {"entries": entries, **WHO})
    bed.sh(f"cp {packed} /tmp/entries.py")
    return "/tmp/entries.py"


def ldap_entries_10k_create(bed: Bed) -> Result:
    """10,000 people below a branch. Ours: the packed module on the target. Peer: ``ldapadd`` of the same LDIF."""
    packed = _packed(bed, 10_000)
    ours, peer = bed.timed(
        (EMPTY, f"python3 {packed}"),
        (EMPTY, f"ldapadd {LOGIN} -f /tmp/people.ldif >/dev/null"),
        runs=3,
    )
    return Result(median(ours), median(peer), "ldapadd, the same entries", goal=1.2)


def ldap_entries_10k_nochange(bed: Bed) -> Result:
    """The same people again, nothing to do. Peer: ``ldapsearch`` of the branch, page by page."""
    packed = _packed(bed, 10_000)
    said = json.loads(bed.sh(f"python3 {packed}"))
    assert said["changed"] is False, said["actions"]
    ours, peer = bed.timed(
        (":", f"python3 {packed}"),
        (":", f"ldapsearch -LLL {LOGIN} -E pr=1000/noprompt -b {PEOPLE} >/tmp/found.ldif"),
    )
    return Result(median(ours), median(peer), "ldapsearch of the branch", goal=1.5, goal_is_for="ours")


def ldap_loop_100(bed: Bed) -> Result:
    """100 people, seconds of the task as the controller sees it. Ours: one call. Peer: a loop of ``ldap_entry``."""
    loops, calls = [], []
    with tempfile.NamedTemporaryFile("w", suffix=".json") as declared:
        json.dump(people(100), declared)
        declared.flush()
        for _run in range(3):
            bed.sh(f"{INSTALL}\n{EMPTY}")
            printed = bed.play(HERE / "directory_loop.yml", people_file=declared.name, who=WHO)
            loop, call = seconds_of(printed, ["loop", "call"])
            loops.append(loop)
            calls.append(call)
    return Result(median(calls), median(loops), "a task loop of the module ldap_entry", goal=0.1)


def ldap_entries_100k(bed: Bed) -> Result:
    """The most memory that a call with 100,000 people takes that are there already.

    Peer: the size of the same people as LDIF.
    """
    bed.sh(f"{INSTALL}\n{EMPTY}")
    entries = people(100_000)
    bed.sh("cat >/tmp/people.ldif", as_ldif(entries))
    bed.sh("systemctl stop slapd; rm -rf /var/lib/ldap; cp -a /tmp/empty /var/lib/ldap")
    bed.sh("slapadd -q -l /tmp/people.ldif >/dev/null 2>&1; chown -R openldap: /var/lib/ldap; systemctl start slapd")
    packed = bed.packed("postfix_manager.mail.ldap_entries", {"entries": entries, **WHO})
    bed.sh("cat >/tmp/memory.py", MEMORY)
    used = int(bed.sh(f"python3 /tmp/memory.py {packed}")) / 1024
    assert json.loads(bed.sh("cat /tmp/said.json"))["changed"] is False
    size = int(bed.sh("wc -c </tmp/people.ldif")) / 2**20
    return Result(used, size, "the size of the LDIF", goal=400, unit="MiB", goal_is_for="ours")


CASES = {
    case.__name__: case
    for case in (ldap_entries_10k_create, ldap_entries_10k_nochange, ldap_loop_100, ldap_entries_100k)
}
