# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only a directory can have: entries that others made, servers that refuse, facts that a schema cannot hold.

usage: accounts_in_directory.py DIRECTORY SUFFIX

As accounts_in_stores.py, which lies beside it. Prints what each case found as JSON; its test knows what is right.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import accounts_in_stores as common

PEOPLE = f"ou=people,{common.BASE}"
DOMAIN = {"domains": [{"domain": "one.example"}]}
HIRED = f"""dn: cn=Alice Hired,{PEOPLE}
objectClass: inetOrgPerson
cn: Alice Hired
sn: Hired
employeeNumber: 7
mail: Alice@One.example
userPassword: {{SSHA}}{common.SSHA[6:]}
"""


def ldap(program: str, *arguments: str, text: str = "") -> str:
    command = [program, "-QY", "EXTERNAL", "-H", "ldapi:///", *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def entry(dn: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in ldap("ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-s", "base", "-b", dn, "*", "entryUUID").splitlines():
        name, colon, value = line.partition(": ")
        if colon and not name.endswith(":"):
            found.setdefault(name, []).append(value)
    return found


def names() -> list[str]:
    lines = ldap("ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-s", "one", "-b", PEOPLE, "1.1").splitlines()
    return sorted(line.partition(": ")[2] for line in lines if line)


def call(option: str, items: list[dict[str, Any]], **options: Any) -> dict[str, Any]:
    """Run, and see that nothing is left to do."""
    params = {**common.defaults("ldap"), **options}
    try:
        plan = common.PLANNERS[option]({**params, option: items})
        said = {"actions": list(plan.actions), "warnings": list(plan.warnings)}
        plan.apply()
    except common.errors.InputError as error:
        return {"refused": {problem.option: problem.value for problem in error.problems}}
    except common.errors.Error as error:
        return {"failed": error.message, **error.details}
    again = common.PLANNERS[option]({**params, option: items})
    return {**said, "again": list(again.actions)}


def hired() -> Iterator[tuple[str, Any]]:
    """Somebody whom others made is given a mailbox, is moved, and loses it again."""
    dn = f"cn=Alice Hired,{PEOPLE}"
    ldap("ldapadd", text=HIRED)
    before = entry(dn)
    yield "given", call("mailboxes", [{"address": common.ALICE, "quota": "5M"}])
    yield "kept", {name: entry(dn).get(name) == values for name, values in before.items() if name != "objectClass"}
    yield "added", {name: values for name, values in entry(dn).items() if name not in before}
    renamed = f"dn: {dn}\nchangetype: modrdn\nnewrdn: cn=Alice Married\ndeleteoldrdn: 1\n"
    ldap("ldapmodify", text=renamed)
    dn = f"cn=Alice Married,{PEOPLE}"
    yield "renamed", call("mailboxes", [{"address": common.ALICE, "quota": "6M"}])
    yield "same", entry(dn)["entryUUID"] == before["entryUUID"]
    yield "password", call("mailboxes", [{"address": common.ALICE, "password": "clear"}])["actions"]
    yield "deleted", call("mailboxes", [{"address": common.ALICE, "state": "absent"}], directory_delete="entry")
    left = entry(dn)
    yield "left", sorted(left)
    yield "still same", left["entryUUID"] == before["entryUUID"]


def made_and_deleted() -> Iterator[tuple[str, Any]]:
    box = {"address": "made@one.example", "password": "x"}
    for delete in ("facts", "entry"):
        yield f"made, {delete}", call("mailboxes", [box])["actions"]
        gone = call("mailboxes", [{"address": box["address"], "state": "absent"}], directory_delete=delete)
        yield f"deleted, {delete}", gone["warnings"]
        yield f"there, {delete}", f"uid=made@one.example,{PEOPLE}" in names()


def half_written() -> Iterator[tuple[str, Any]]:
    """The server refuses one of three, for its address is somebody else's in another part of the tree."""
    taken = f"dn: cn=taken,{common.SUFFIX}\nobjectClass: inetOrgPerson\ncn: taken\nsn: taken\nmail: taken@one.example\n"
    ldap("ldapadd", text=taken)
    boxes = [{"address": f"{name}@one.example", "password": "x"} for name in ("first", "taken", "last")]
    yield "refused", call("mailboxes", boxes)
    ldap("ldapdelete", f"cn=taken,{common.SUFFIX}")
    yield "goes on", call("mailboxes", boxes)


def stale_plan() -> Iterator[tuple[str, Any]]:
    """Somebody else changes the same fact between a plan and its run."""
    box = {"address": "first@one.example", "quota": "2M"}
    call("mailboxes", [{**box, "quota": "1M"}])
    plan = common.PLANNERS["mailboxes"]({**common.defaults("ldap"), "mailboxes": [box]})
    dn = f"uid=first@one.example,{PEOPLE}"
    ldap("ldapmodify", text=f"dn: {dn}\nchangetype: modify\nreplace: pmMailQuota\npmMailQuota: 77\n")
    try:
        plan.apply()
    except common.errors.Error as error:
        yield "failed", error.message
    yield "quota", entry(dn)["pmMailQuota"]


def unreadable_passwords() -> Iterator[tuple[str, Any]]:
    """Whoever may not read hashes has the server say whether a password fits: by the password of its own entry."""
    dn = f"uid=first@one.example,{PEOPLE}"
    options = {"bind_dn": dn, "bind_password": "x"}
    box = [{"address": "first@one.example", "password": "x"}]
    own = {**common.defaults("ldap"), **options, "directory_people": dn, "directory_domain_names": ["one.example"]}
    yield "hash", common.stores.open_store(own).read().mailboxes["first@one.example"].password
    yield "fits", list(common.PLANNERS["mailboxes"]({**own, "mailboxes": box}).actions)
    box[0]["password"] = "y"
    yield "fits not", list(common.PLANNERS["mailboxes"]({**own, "mailboxes": box}).actions)


def what_cannot_be() -> Iterator[tuple[str, Any]]:
    box = {"address": "odd@one.example", "password": "x", "quota": "5M"}
    yield "no such attribute", call("mailboxes", [box], directory_attributes={"quota": "pmMailQota"})
    yield "no such class", call("mailboxes", [box], directory_preset="postfixbook")
    yield "not in the class", call("mailboxes", [box], directory_attributes={"quota": "associatedDomain"})
    yield "two facts in one", call("mailboxes", [box], directory_attributes={"name": "pmMailEnabled"})
    odd = {"address": box["address"], "password": "x", "name": "Odd"}
    yield "not the syntax", call("mailboxes", [odd], directory_attributes={"name": "pmMailQuota", "quota": ""})
    plain = {"directory_preset": "inetorgperson", "directory_people": PEOPLE, "directory_domains": common.BASE}
    yield (
        "not in the preset",
        call("mailboxes", [{**box, "enabled": False, "send": False, "forward_to": ["x@y.example"]}], **plain),
    )
    yield "no such place", call("mailboxes", [box], directory_people=f"ou=nowhere,{common.BASE}")
    yield "nothing of it", [name for name in names() if "odd" in name]


def main() -> None:
    common.prepare()
    call("domains", DOMAIN["domains"])
    cases = (hired, made_and_deleted, half_written, stale_plan, unreadable_passwords, what_cannot_be)
    print(json.dumps({case.__name__: dict(case()) for case in cases}, indent=1))


if __name__ == "__main__":
    main()
