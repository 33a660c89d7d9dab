# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each kind of change of a directory, and what becomes of the accounts."""

import json
import os
import subprocess
import time

CASES = f"{os.environ['TESTBED_ROOT']}/tests/integration/accounts_in_stores.py"
# On the way to the server, so that the moment is certain: kills it when so much of an answer has passed.
KILLER = """
import os, signal, socket
listener = socket.create_server(("127.0.0.1", 3892))
print("ready", flush=True)
client, _address = listener.accept()
server = socket.create_connection(("127.0.0.1", 3891))
passed = 0
while passed < 300000:
    for one, other in ((client, server), (server, client)):
        one.settimeout(0.05)
        try:
            data = one.recv(4096)
        except TimeoutError:
            continue
        other.sendall(data)
        passed += len(data) if one is server else 0
os.kill(int(open("/srv/firm/pid").read()), signal.SIGKILL)
"""
ALICE = "firmNumber=1,ou=here,o=firm"


def decided(said):
    return [(one["decision"], one["address"]) for one in said["decisions"]]


def move(dn, place):
    rdn = dn.partition(",")[0]
    return f"dn: {dn}\nchangetype: modrdn\nnewrdn: {rdn}\ndeleteoldrdn: 0\nnewsuperior: ou={place},o=firm\n"


def test_first_run_then_what_the_directory_changes(firm):
    said = firm.four_steps()
    assert said["counts"]["created"] == 23
    assert said["counts"]["skipped"] == 1
    assert "no address here" in said["decisions"][-1]["reason"]
    assert "reader-test-password" not in json.dumps(said)
    everybody = "username < 'user'"
    assert firm.boxes(everybody) == [
        "alice@example.test|Alice Adams|example.test/alice/|104857600|1",
        "bob@example.test|Bob Brown|example.test/bob/|0|1",
        "carol@example.test|Carol Clark|example.test/carol/|0|0",
    ]
    assert firm.rows("SELECT goto FROM alias WHERE address = 'al@example.test'") == ["alice@example.test"]
    assert firm.rows("SELECT password FROM mailbox WHERE username = 'alice@example.test'")[0].startswith("{SSHA}")
    # Nobody can log in whose password the directory does not tell.
    assert firm.rows("SELECT password FROM mailbox WHERE username = 'bob@example.test'") == ["{CRYPT}*"]

    firm.replace(2, "firmLast", "Black")
    firm.replace(3, "firmState", "back")
    assert decided(firm.four_steps())[:2] == [("updated", "bob@example.test"), ("updated", "carol@example.test")]

    firm.modify(move(ALICE, "there"))
    said = firm.four_steps()
    assert decided(said)[0] == ("moved", "alice@example.test")
    assert firm.boxes("username LIKE 'alice@%'") == ["alice@example.test|Alice Adams|example.test/alice/|104857600|1"]

    firm.replace(1, "firmLogin", "adams", "there")
    assert decided(firm.four_steps())[0] == ("renamed", "adams@example.test")
    assert firm.boxes("username LIKE 'a%'") == ["adams@example.test|Alice Adams|example.test/alice/|104857600|1"]
    led = firm.rows("SELECT address, goto FROM alias WHERE goto = 'adams@example.test' ORDER BY address")
    assert led == [f"{name}@example.test|adams@example.test" for name in ("adams", "al", "alice")]


def test_who_vanishes_is_disabled_then_deleted(firm):
    firm()
    firm.modify("dn: firmNumber=2,ou=here,o=firm\nchangetype: delete\n")
    assert decided(firm.four_steps())[0] == ("disabled", "bob@example.test")
    assert firm.boxes("username LIKE 'bob@%'") == ["bob@example.test|Bob Brown|example.test/bob/|0|0"]
    time.sleep(2)
    # A second of grace.
    assert decided(firm.four_steps(grace_days=1 / 86400))[0] == ("deleted", "bob@example.test")
    assert firm.boxes("username LIKE 'bob@%'") == []


def test_what_looks_like_a_fault_of_the_source_touches_nothing(firm):
    firm()
    before = firm.sh("sqlite3 -readonly /srv/test.sqlite .dump; cat /var/lib/postfix_manager/sync/test/memory.json")
    gone = "".join(f"dn: firmNumber={number},ou=here,o=firm\nchangetype: delete\n\n" for number in range(10, 30))
    firm.modify(gone)
    for check in (True, False):
        said = firm(check=check)
        assert "20 accounts would be disabled or deleted, more than max_deletions=10" in said["msg"]
        assert len(said["deletions"]) == 20
        said = firm(check=check, source={**firm.source, "filter": "(objectClass=device)"})
        assert "no accounts at all" in said["msg"]
    firm.sh("sh /srv/directory stop")
    assert "Connection refused" in firm()["msg"]
    assert before == firm.sh(
        "sqlite3 -readonly /srv/test.sqlite .dump; cat /var/lib/postfix_manager/sync/test/memory.json"
    )


def test_a_server_that_dies_in_the_middle_of_its_answer(firm):
    firm()
    many = "".join(
        f"dn: firmNumber=m{number},ou=there,o=firm\nobjectClass: firmPerson\nfirmNumber: m{number}\n"
        f"firmLogin: many{number}\nfirmState: {'x' * 2000}\n\n"
        for number in range(3000)
    )
    firm.sh(f"ldapadd {firm.admin} >/dev/null", many)
    before = firm.rows("SELECT count(*) FROM mailbox")
    argv = ["podman", "exec", "-i", firm.container, "python3", "-c", KILLER]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as killer:
        assert killer.stdout.readline() == "ready\n"
        said = firm(source={**firm.source, "server_uri": ["ldap://127.0.0.1:3892"]})
    assert "3892: " in said["msg"], said["msg"]
    assert "closed the connection" in said["msg"] or "reset" in said["msg"]
    assert firm.rows("SELECT count(*) FROM mailbox") == before
    firm.sh("rm -f /srv/firm/pid; sh /srv/directory start")
    assert firm()["counts"]["created"] == 3000


def test_a_conflict_by_each_policy(firm):
    firm()
    mailbox = [{"address": "bob@example.test", "name": "Bobby"}]
    for policy, name in (("report", "Bobby"), ("destination", "Bobby"), ("newest", "Bobby"), ("source", "Bob New")):
        firm("mailboxes", mailboxes=mailbox)
        firm.replace(2, "firmLast", "New")
        if policy == "newest":
            time.sleep(1.1)
            firm("mailboxes", mailboxes=[{"address": "bob@example.test", "name": "Robert"}])
            firm("mailboxes", mailboxes=mailbox)
        said = firm(conflict=policy)
        assert ("conflict", "bob@example.test") in decided(said), policy
        assert firm.boxes("username LIKE 'bob@%'")[0].split("|")[1] == name, policy


def test_every_case_of_accounts_is_the_same_in_postgresql(firm):
    firm.in_postgresql("DROP OWNED BY postfix_manager;")
    argv = ["podman", "cp", CASES, f"{firm.container}:/opt/"]
    subprocess.run(argv, check=True)
    library = "/opt/sync/ansible_collections/postfix_manager/mail/plugins"
    said = json.loads(firm.sh(f"python3 /opt/accounts_in_stores.py {library} '' sqlite postgresql"))
    assert len(said) > 30
    assert {case: found for case, found in said.items() if found} == {}


def test_a_database_on_a_server_follows(firm):
    firm.in_postgresql("DROP OWNED BY postfix_manager;")
    said = firm.four_steps(**firm.postgresql)
    assert said["counts"]["created"] == 23
    found = firm.in_postgresql("SELECT username, name, quota, active FROM mailbox WHERE username < 'user' ORDER BY 1;")
    assert found == [
        "alice@example.test|Alice Adams|104857600|t",
        "bob@example.test|Bob Brown|0|t",
        "carol@example.test|Carol Clark|0|f",
    ]
    rights = firm.in_postgresql("SELECT username, login FROM mailbox_rights WHERE username < 'c' ORDER BY 1;")
    assert rights == ["alice@example.test|t", "bob@example.test|t"]
    firm.replace(1, "firmLogin", "adams")
    firm.modify("dn: firmNumber=2,ou=here,o=firm\nchangetype: delete\n")
    assert decided(firm.four_steps(**firm.postgresql))[:2] == [
        ("disabled", "bob@example.test"),
        ("renamed", "adams@example.test"),
    ]
    assert firm.in_postgresql("SELECT maildir FROM mailbox WHERE username LIKE 'adams%';") == ["example.test/alice/"]
    said = firm(**{**firm.postgresql, "database_password": "wrong-test-password"})
    assert "password authentication failed" in said["msg"]
    assert "wrong-test-password" not in json.dumps(said)


def test_two_who_write_to_the_server_at_once(firm):
    firm.in_postgresql("DROP OWNED BY postfix_manager;")
    firm(**firm.postgresql)
    mailbox = {"address": "bob@example.test", "name": "Both"}
    holder = subprocess.Popen(
        ["podman", "exec", "-i", firm.container, "sh", "-c",
         "PGPASSWORD=database-test-password psql -qX -h 127.0.0.1 -U postfix_manager mail"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    holder.stdin.write("BEGIN; UPDATE mailbox SET name = 'Other' WHERE username LIKE 'bob@%'; SELECT 'held';\n")
    holder.stdin.flush()
    while "held" not in holder.stdout.readline():
        pass
    # It plans while the other one has not committed, then waits for it, and finds another account than it planned for.
    waiting = subprocess.Popen(
        ["podman", "exec", "-i", firm.container, "python3", "-c", firm.call],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    waiting.stdin.write(json.dumps(["mailboxes", [False], {"mailboxes": [mailbox], **firm.postgresql}]))
    waiting.stdin.close()
    locks = "SELECT count(*) FROM pg_locks WHERE NOT granted;"
    firm.wait(lambda: firm.in_postgresql(locks) != ["0"], 30, "it waits for the lock")
    holder.communicate("COMMIT;\n")
    said = json.loads(waiting.stdout.read())
    waiting.wait()
    assert "was changed by somebody else" in said["msg"]
    assert firm.in_postgresql("SELECT name FROM mailbox WHERE username LIKE 'bob@%';") == ["Other"]
    assert firm("mailboxes", mailboxes=[mailbox], **firm.postgresql)["changed"] is True
