# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One list of cases for every store of accounts: run on a host with a directory server of the role ``openldap``.

usage: accounts_in_stores.py DIRECTORY SUFFIX [STORE...]

DIRECTORY holds a copy of the collection's ``plugins/module_utils``; the entries are made below ou=cases of SUFFIX. Each
case is a call of a module. It is checked, run, checked and run: what was announced must be what is done, the second
round must do nothing. What the calls say and what the stores hold after each must be the same in all stores. Prints the
differences as JSON, a list for each case; nobody ever sees a password in it.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from typing import Any

LIBRARY, SUFFIX, *NAMED = sys.argv[1:]
# The first one is what the others are compared with.
STORES = NAMED or ["sqlite", "ldap"]
sys.path.insert(0, LIBRARY)
accounts = __import__("module_utils._accounts.accounts", fromlist=["plan_domains"])
errors = __import__("module_utils._engine.errors", fromlist=["Error"])
passwords = __import__("module_utils._accounts.passwords", fromlist=["verify_all"])
shared = __import__("module_utils._engine.arguments", fromlist=["SHARED"])
stores = __import__("module_utils._accounts.stores", fromlist=["open_store"])

BASE = f"ou=cases,{SUFFIX}"
HASH = "{SHA512-CRYPT}$6$abcdefgh$" + "x" * 86
SSHA = "{SSHA}78HbSQd5eON3RXnzQr7kLp3CbDZzYWx0c2FsdA=="
FOLDER = tempfile.mkdtemp()
ALICE, BOB, TEAM = "alice@one.example", "bob@one.example", "team@one.example"
PLANNERS = {"domains": accounts.plan_domains, "mailboxes": accounts.plan_mailboxes, "aliases": accounts.plan_aliases}

DONE, NOTHING, REFUSED, FAILED = "done", "nothing to do", "refused", "failed"
# What it shows, the option with the list, the items, more options; "expect" among these unless something is done.
CASES: list[tuple[str, str, list[dict[str, Any]], dict[str, Any]]] = [
    ("domains with all that a domain has", "domains", [
        {"domain": "One.example", "description": "First", "quota": "3G", "mailbox_quota": "100M", "max_mailboxes": 4},
        {"domain": "two.example", "max_aliases": 1},
        {"domain": "bücher.example"},
        {"domain": "off.example", "enabled": False},
    ], {}),
    ("mailboxes with all that a mailbox has", "mailboxes", [
        {"address": "Alice@one.example", "password": "secret-one", "name": "Alice Example", "quota": "50M"},
        {"address": BOB, "password_hash": HASH, "send_as": ["x@elsewhere.example", "@two.example"]},
        {"address": "off@one.example", "password": "secret-off", "enabled": False},
        {"address": "alice@two.example", "password": "secret-two", "forward_to": [ALICE], "keep_copy": False},
    ], {}),
    ("a password that fits is not changed, whatever made the hash", "mailboxes", [
        {"address": ALICE, "password": "secret-one"}, {"address": "alice@two.example", "password_hash": SSHA},
    ], {}),
    ("a password that fits an SSHA hash", "mailboxes", [{"address": "alice@two.example", "password": "clear"}],
     {"expect": NOTHING}),
    ("another password", "mailboxes", [{"address": ALICE, "password": "secret-three"}], {}),
    ("another password, for new mailboxes alone", "mailboxes", [{"address": ALICE, "password": "secret-four"}],
     {"update_password": "on_create", "expect": NOTHING}),
    ("a hash with and without its scheme", "mailboxes", [{"address": BOB, "password_hash": HASH[14:]}],
     {"expect": NOTHING}),
    ("what is not given stays", "mailboxes", [{"address": ALICE, "quota": "60M"}], {}),
    ("facts that go", "mailboxes", [{"address": ALICE, "name": "", "quota": "0"}, {"address": BOB, "send_as": []}], {}),
    ("forwards with a copy", "mailboxes", [{"address": BOB, "forward_to": ["y@elsewhere.example", ALICE]}], {}),
    ("forwards that end", "mailboxes", [{"address": BOB, "forward_to": []}], {}),
    ("switched off and on", "mailboxes", [
        {"address": BOB, "enabled": False}, {"address": "off@one.example", "enabled": True},
    ], {}),
    ("aliases to mailboxes and elsewhere", "aliases", [
        {"address": TEAM, "destinations": [ALICE, BOB]},
        {"address": "info@one.example", "destinations": [ALICE]},
        {"address": "out@one.example", "destinations": ["z@elsewhere.example"]},
        {"address": "mixed@two.example", "destinations": [ALICE, "z@elsewhere.example"], "enabled": False},
    ], {}),
    ("an alias that leads elsewhere now", "aliases", [
        {"address": "info@one.example", "destinations": ["z@elsewhere.example"]},
        {"address": "mixed@two.example", "enabled": True},
    ], {}),
    ("a catch-all", "domains", [{"domain": "one.example", "catch_all": [BOB]}], {}),
    ("another catch-all", "domains", [{"domain": "one.example", "catch_all": [ALICE, "z@elsewhere.example"]}], {}),
    ("a purge of aliases leaves the catch-all", "aliases", [{"address": TEAM}, {"address": "mixed@two.example"}],
     {"purge": True}),
    ("no catch-all", "domains", [{"domain": "one.example", "catch_all": [], "description": ""}], {}),
    ("limits of a domain", "mailboxes", [
        {"address": "more@one.example", "password": "x"}, {"address": "most@one.example", "password": "x"},
    ], {"expect": REFUSED}),
    ("a limit of aliases", "aliases", [{"address": "more@two.example", "destinations": [ALICE]}], {"expect": REFUSED}),
    ("a quota over that of the domain", "mailboxes", [{"address": ALICE, "quota": "4G"}], {"expect": REFUSED}),
    ("an alias where a mailbox is", "aliases", [{"address": BOB, "destinations": [ALICE]}], {"expect": REFUSED}),
    ("a mailbox where an alias is", "mailboxes", [{"address": TEAM, "password": "x"}], {"expect": REFUSED}),
    ("a mailbox without a password", "mailboxes", [{"address": "new@one.example"}], {"expect": REFUSED}),
    ("a mailbox in no domain", "mailboxes", [{"address": "new@three.example", "password": "x"}], {"expect": REFUSED}),
    ("a domain that is not empty", "domains", [{"domain": "two.example", "state": "absent"}], {"expect": REFUSED}),
    ("more deletions than allowed", "mailboxes", [{"address": ALICE}],
     {"purge": True, "max_deletions": 1, "expect": FAILED}),
    ("a password file", "mailboxes", [{"address": "probe@two.example", "password_file": "{folder}/probe"}], {}),
    ("a mailbox is deleted", "mailboxes", [{"address": "off@one.example", "state": "absent"}], {}),
    ("it comes again", "mailboxes", [{"address": "off@one.example", "password": "secret-new"}], {}),
    ("a purge in one domain", "mailboxes", [{"address": "alice@two.example"}],
     {"purge": True, "purge_domains": ["two.example"]}),
    ("an alias is deleted", "aliases", [{"address": TEAM, "state": "absent"}], {}),
    ("a domain with all that is in it", "domains", [{"domain": "two.example", "state": "absent"}], {"recursive": True}),
    ("a purge of domains", "domains", [{"domain": "bücher.example"}], {"purge": True, "recursive": True}),
    ("the last domain", "domains", [], {"purge": True}),
]  # fmt: skip


def defaults(store: str) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for spec in ("store", "directory", "purge"):
        options.update({name: option.get("default") for name, option in shared.SHARED[spec].items()})
    return {
        **options,
        "store": store,
        "database": f"{FOLDER}/accounts.sqlite",
        "database_group": "root",
        "database_host": "127.0.0.1",
        "database_password": "database-test-password",
        "directory_base": BASE,
        "mail_directory": f"{FOLDER}/mail",
        "password_scheme": "SHA512-CRYPT",
        "update_password": "always",
        "recursive": False,
        "purge_domains": None,
    }


def settled(value: Any) -> Any:
    """The same whatever the order in which a store keeps things."""
    if isinstance(value, dict):
        return {key: settled(one) for key, one in value.items()}
    return sorted(map(str, value)) if isinstance(value, (list, tuple, set, frozenset)) else value


@functools.cache
def known_password(stored: str) -> list[str]:
    """Which of the passwords in this file a hash is of."""
    known = ("secret-one", "secret-off", "secret-two", "secret-three", "secret-four", "secret-new", "clear", "x")
    fits = passwords.verify_all({word: (word, stored) for word in known})
    return [word for word, fitting in fits.items() if fitting]


def state_of(params: dict[str, Any]) -> dict[str, Any]:
    """What a store holds; of a password, which of the known ones it is."""
    state = stores.open_store(params).read()
    shown: dict[str, Any] = {}
    for kind in ("domains", "mailboxes", "aliases"):
        for key, thing in getattr(state, kind).items():
            facts = thing._asdict()
            if "password" in facts:
                facts["password"] = known_password(facts["password"])
            shown[f"{kind} {key}"] = settled(facts)
    return shown


def planned(plan: Any, params: dict[str, Any]) -> dict[str, Any]:
    """What a plan says; without what is about the files of a store."""
    return {
        "actions": [
            # Stores keep things in an order of their own.
            " ".join(sorted(part.replace(",", " ").split()))
            for action in plan.actions
            for part in action.split("; ")
            if params["database"] not in part and f" in {params['database_name']} at " not in part
        ],
        "diff": [
            {side: sorted(text.split("\n")) for side, text in part.items()}
            for part in plan.diff()
            if part["after_header"] != "files"
        ],
        "result": settled(dict(plan.result)),
    }  # fmt: skip


def call(params: dict[str, Any], option: str, items: list[dict[str, Any]], apply: bool) -> dict[str, Any]:
    copied = json.loads(json.dumps(items).replace("{folder}", f"{FOLDER}/{params['store']}"))
    try:
        plan = PLANNERS[option]({**params, option: copied})
        said = planned(plan, params)
        if apply:
            plan.apply()
    except errors.InputError as error:
        return {"refused": sorted(f"{problem.option}: {problem.message}; {problem.cure}" for problem in error.problems)}
    except errors.Error as error:
        return {"failed": error.message, **settled(error.details)}
    return said


def rounds(store: str, case: tuple[str, str, list[dict[str, Any]], dict[str, Any]]) -> tuple[list[str], dict[str, Any]]:
    """What is wrong with the four rounds of a case in one store, and what it said and holds then."""
    _name, option, items, more = case
    params = {**defaults(store), **more}
    expected = params.pop("expect", DONE)
    faults = []
    before = state_of(params)
    checked = call(params, option, items, apply=False)
    if state_of(params) != before:
        faults.append("a check changed something")
    ran = call(params, option, items, apply=True)
    # What another task may make before is a warning in a check, and refused in a run.
    if checked != ran and "refused" not in ran:
        faults.append(f"announced {checked}, done {ran}")
    outcome = next((word for word in (REFUSED, FAILED) if word in ran), DONE if ran.get("actions") else NOTHING)
    if outcome != expected:
        faults.append(f"{outcome}, not {expected}: {ran}")
    after = state_of(params)
    for apply in (False, True):
        again = call(params, option, items, apply)
        if again.get("actions") and outcome == DONE:
            faults.append(f"again {again['actions']}")
    if state_of(params) != after:
        faults.append("a second run changed something")
    said = json.dumps(ran).replace(f"{FOLDER}/{store}", FOLDER)
    return faults, {"said": json.loads(said), "holds": after}


def prepare() -> None:
    lines = [f"dn: {BASE}\nobjectClass: organizationalUnit\n"]
    lines += [f"dn: ou={name},{BASE}\nobjectClass: organizationalUnit\n" for name in ("people", "domains", "aliases")]
    subprocess.run(["ldapdelete", "-QrY", "EXTERNAL", "-H", "ldapi:///", BASE], capture_output=True, check=False)
    subprocess.run(["ldapadd", "-QY", "EXTERNAL", "-H", "ldapi:///"], input="\n".join(lines), text=True, check=True,
                   capture_output=True)  # fmt: skip


def main() -> None:
    if "ldap" in STORES:
        prepare()
    for store in stores.STORES:
        os.makedirs(f"{FOLDER}/{store}")
    report: dict[str, list[str]] = {}
    for case in CASES:
        found = report[case[0]] = []
        first = None
        for store in STORES:
            faults, outcome = rounds(store, case)
            found += [f"{store}: {fault}" for fault in faults]
            if first is None:
                first = outcome
            for part in ("said", "holds"):
                for key in {*first[part], *outcome[part]}:
                    one, other = first[part].get(key), outcome[part].get(key)
                    if one != other:
                        found.append(f"{part} {key}: {one} in the database, {other} in {store}")
    shutil.rmtree(FOLDER)
    print(json.dumps(report, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
