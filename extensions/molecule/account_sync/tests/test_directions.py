# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From each kind of store to the others: what is carried over, and what becomes of what changes.

Where a test is the same for several kinds, each of the two hosts has another one.
"""

from __future__ import annotations

import base64
import time

SERVER = "ldap://127.0.0.1:3891"
ADMIN = {"server_uri": [SERVER], "bind_dn": "cn=admin,dc=mail", "bind_password": "admin-test-password"}
DIRECTORY = {"store": "ldap", "directory_base": "dc=mail", **ADMIN}
USERS = {
    "server_uri": [SERVER],
    "bind_dn": "cn=reader,dc=ad,dc=test",
    "bind_password": "reader-test-password",
    "base": "dc=ad,dc=test",
    "preset": "active_directory",
    "mapping": {"name": "{cn}"},
}
SHOWN = ("displayName", "pmMailQuota", "pmMailEnabled", "pmMailDrop")
ALIASES = "ou=aliases,dc=mail"
ALICE, BOB, CAROL = "alice@example.test", "bob@example.test", "carol@example.test"


class Database:
    """A database with accounts of its own, as a source."""

    def __init__(self, firm, kind):
        self.firm, self.kind = firm, kind
        options = {"sqlite": {"store": "sqlite", "database": "/srv/test-source.sqlite"}, "postgresql": firm.postgresql}
        self.options = options[kind]
        if kind == "postgresql":
            firm.in_postgresql("DROP OWNED BY postfix_manager;")
        self.call("virtual_domains", domains=[{"domain": "example.test"}])
        people = [
            {
                "address": "alice@example.test",
                "name": "Alice Adams",
                "password": "alice-test-password",
                "quota": "100M",
            },
            {"address": BOB, "name": "Bob Brown", "password": "bob-test-password"},
            {"address": CAROL, "password": "carol-test-password", "enabled": False},
        ]
        self.call("mailboxes", mailboxes=people)
        self.call("mail_aliases", aliases=[{"address": "al@example.test", "destinations": [ALICE]}])

    def call(self, module, **options):
        said = self.firm(module, **options, **self.options)
        assert said.get("changed"), said

    def sql(self, *statements):
        """Change it as another program does."""
        for statement in statements:
            if self.kind == "sqlite":
                self.firm.sh(f'sqlite3 /srv/test-source.sqlite "{statement}"')
            else:
                self.firm.in_postgresql(statement)


def entries(firm, base="ou=people,dc=mail"):
    """The values of some attributes, by the first address."""
    command = f"ldapsearch -x -LLL -o ldif-wrap=no -H {SERVER} -D cn=admin,dc=mail -w admin-test-password"
    found = {}
    for block in firm.sh(f"{command} -b {base} '(mail=*)' mail {' '.join(SHOWN)}").split("\n\n"):
        values = {}
        for line in block.splitlines():
            name, _colon, value = line.partition(":")
            text = base64.b64decode(value[2:]).decode() if value.startswith(":") else value.strip()
            values.setdefault(name, []).append(text)
        if "mail" in values:
            found[values["mail"][0]] = {name: values[name] for name in SHOWN if name in values}
    return found


def logs_in(firm, address, password):
    """Whether the directory takes a password."""
    command = f"ldapsearch -x -LLL -H {SERVER} -D cn=admin,dc=mail -w admin-test-password -b dc=mail mail={address} dn"
    dn = firm.sh(command).partition("dn: ")[2].strip()
    said = firm.sh(f"ldapwhoami -x -H {SERVER} -D '{dn}' -w {password} >/dev/null 2>&1 && echo yes || echo no")
    return said == "yes\n"


def decided(said):
    return [(one["decision"], one["address"]) for one in said["decisions"]]


def test_a_directory_follows_a_database(firm, platform):
    database = Database(firm, {"debian12": "sqlite", "debian13": "postgresql"}[platform])
    follow = {"source": database.options, **DIRECTORY}
    assert firm.four_steps(**follow)["counts"]["created"] == 3
    assert entries(firm) == {
        ALICE: {"displayName": ["Alice Adams"], "pmMailQuota": ["104857600"]},
        BOB: {"displayName": ["Bob Brown"]},
        CAROL: {"pmMailEnabled": ["FALSE"]},
    }
    assert entries(firm, ALIASES) == {"al@example.test": {"pmMailDrop": [ALICE]}}
    assert logs_in(firm, BOB, "bob-test-password")
    assert not logs_in(firm, BOB, "alice-test-password")
    # Another address of the same folder of mail is another address of the same account.
    database.call("mailboxes", mailboxes=[{"address": CAROL, "enabled": True, "password": "new-test-password"}])
    database.sql(
        "UPDATE mailbox SET username = 'adams@example.test', local_part = 'adams' WHERE username LIKE 'alice@%';",
        "UPDATE alias SET goto = 'adams@example.test' WHERE goto = 'alice@example.test';",
        "UPDATE alias SET address = 'adams@example.test' WHERE address = 'alice@example.test';",
    )
    assert decided(firm.four_steps(**follow)) == [("renamed", "adams@example.test"), ("updated", CAROL)]
    found = entries(firm)
    led = {"pmMailDrop": ["adams@example.test"]}
    assert entries(firm, ALIASES) == {"al@example.test": led, ALICE: led}
    assert found["adams@example.test"]["displayName"] == ["Alice Adams"]
    assert "alice@example.test" not in found
    assert found[CAROL] == {}
    assert logs_in(firm, CAROL, "new-test-password")
    assert logs_in(firm, "adams@example.test", "alice-test-password")
    # Who is gone is switched off, then deleted; too many at once, or all of them, are not.
    database.sql("DELETE FROM mailbox WHERE username LIKE 'bob@%';")
    said = firm(max_deletions=0, **follow)
    assert said["deletions"] == [BOB]
    assert decided(firm.four_steps(**follow)) == [("disabled", BOB)]
    assert entries(firm)[BOB] == {"displayName": ["Bob Brown"], "pmMailEnabled": ["FALSE"]}
    assert decided(firm.four_steps(grace_days=0, **follow)) == [("deleted", BOB)]
    assert BOB not in entries(firm)
    before = entries(firm)
    database.sql("DELETE FROM mailbox;")
    assert "no accounts at all" in firm(**follow)["msg"]
    assert entries(firm) == before


def test_who_was_changed_last_wins_in_a_directory_too(firm):
    database = Database(firm, "sqlite")
    follow = {"source": database.options, "conflict": "newest", **DIRECTORY}
    firm.four_steps(**follow)

    def name_there(name):
        firm.sh(
            f"ldapmodify -x -H {SERVER} -D cn=admin,dc=mail -w admin-test-password >/dev/null",
            f"dn: uid={BOB},ou=people,dc=mail\nchangetype: modify\nreplace: displayName\ndisplayName: {name}\n",
        )

    def name_here(name):
        database.call("mailboxes", mailboxes=[{"address": BOB, "name": name}])

    for first, last, wins in ((name_there, name_here, "source"), (name_here, name_there, "destination")):
        first(f"Early, {wins}")
        # The times of both sides are in whole seconds.
        time.sleep(1.1)
        last(f"Late, {wins}")
        said = firm(**follow)
        assert [one["reason"].rpartition(" the ")[2] for one in said["decisions"] if one["decision"] == "conflict"] == [
            f"{wins} is newer"
        ]
        assert entries(firm)[BOB] == {"displayName": [f"Late, {wins}"]}


def test_a_database_follows_one_on_a_server(firm):
    database = Database(firm, "postgresql")
    follow = {"source": database.options}
    assert firm.four_steps(**follow)["counts"]["created"] == 3
    assert firm.boxes("1 ORDER BY username") == [
        "alice@example.test|Alice Adams|example.test/alice/|104857600|1",
        "bob@example.test|Bob Brown|example.test/bob/|0|1",
        "carol@example.test||example.test/carol/|0|0",
    ]
    hashes = "SELECT username || password FROM mailbox ORDER BY 1"
    assert firm.rows(hashes) == firm.in_postgresql(f"{hashes};")
    # Both sides change; those of the server were later, though its clock says another zone.
    firm("mailboxes", mailboxes=[{"address": BOB, "name": "Early"}])
    time.sleep(1.1)
    firm.in_postgresql("ALTER DATABASE mail SET timezone = 'Pacific/Auckland';")
    database.call("mailboxes", mailboxes=[{"address": BOB, "name": "Late"}])
    assert decided(firm(conflict="newest", **follow)) == [("conflict", BOB), ("updated", BOB)]
    assert firm.boxes("username LIKE 'bob@%'")[0].split("|")[1] == "Late"
    database.sql("DELETE FROM mailbox WHERE username LIKE 'bob@%';")
    assert decided(firm.four_steps(**follow)) == [("disabled", BOB)]
    assert decided(firm.four_steps(grace_days=0, **follow)) == [("deleted", BOB)]


def test_accounts_follow_active_directory(firm, platform):
    store = {"debian12": "ldap", "debian13": "sqlite"}[platform]
    follow = {"source": USERS, **({"store": "sqlite"} if store == "sqlite" else DIRECTORY)}

    def shown():
        """Address, name and whether they are enabled."""
        if store == "sqlite":
            return firm.rows("SELECT username, name, active FROM mailbox ORDER BY username")
        found = sorted(entries(firm).items())
        return [f"{who}|{got['displayName'][0]}|{0 if 'pmMailEnabled' in got else 1}" for who, got in found]

    def change(ldif):
        firm.sh(f"ldapmodify -x -H {SERVER} -D cn=admin,dc=ad,dc=test -w admin-test-password >/dev/null", ldif)

    # Neither the computer nor the groups.
    assert firm.four_steps(**follow)["counts"]["created"] == 4
    assert shown() == [
        "alice@example.test|Alice Adams|1",
        "bob@example.test|Brown, Bob|1",
        "off@example.test|Off|0",
        "postfix-manager-probe@example.test|Probe|1",
    ]
    alice, bob = "cn=Alice Adams,cn=Users,dc=ad,dc=test", "cn=Brown\\, Bob,cn=Users,dc=ad,dc=test"
    change(f"dn: {bob}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 66050\n")
    change(
        f"dn: {alice}\nchangetype: modify\nadd: proxyAddresses\nproxyAddresses: smtp:aa@example.test\n\n"
        f"dn: {alice}\nchangetype: modrdn\nnewrdn: cn=Alice Brown\ndeleteoldrdn: 1\nnewsuperior: dc=ad,dc=test\n"
    )
    said = firm.four_steps(**follow)
    assert sorted(decided(said)) == [
        ("moved", "alice@example.test"),
        ("updated", "alice@example.test"),
        ("updated", BOB),
    ]
    assert shown()[:2] == ["alice@example.test|Alice Brown|1", "bob@example.test|Brown, Bob|0"]
    change("dn: cn=Alice Brown,dc=ad,dc=test\nchangetype: delete\n")
    assert decided(firm.four_steps(**follow)) == [("disabled", ALICE)]
    assert shown()[0] == "alice@example.test|Alice Brown|0"
    assert decided(firm.four_steps(grace_days=0, **follow)) == [("deleted", ALICE)]
    assert len(shown()) == 3
