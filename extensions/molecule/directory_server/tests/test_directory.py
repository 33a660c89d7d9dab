# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the directory lets clients do, asked over the network by real binds."""

from __future__ import annotations

import base64
import shlex

import pytest

SUFFIX = "dc=example,dc=org"
PEOPLE, SERVICES = f"ou=people,{SUFFIX}", f"ou=services,{SUFFIX}"
ALICE, BOB = f"uid=alice,{PEOPLE}", f"uid=bob,{PEOPLE}"
GROUP = f"cn=crew,ou=groups,{SUFFIX}"
POSTFIX = (f"cn=postfix,{SERVICES}", "postfix-test-password")
DOVECOT = (f"cn=dovecot,{SERVICES}", "dovecot-test-password")
ADMIN = (f"cn=admin,{SUFFIX}", "admin-test-password")
OK, CONFIDENTIALITY, CONSTRAINT, SYNTAX, NOT_THERE, WRONG, DENIED, CLASS = 0, 13, 19, 21, 32, 49, 50, 65


class Directory:
    """The server in a container. Everything but ``as_root`` comes encrypted, and checks its certificate."""

    def __init__(self, host):
        self.host = host
        self.name = host.check_output("hostname -f")

    def __call__(self, tool, *arguments, who=None, stdin="", uri=None):
        bind = ["-x", *(["-D", who[0], "-w", who[1]] if who else [])]
        return self._run([tool, *bind, "-H", uri or f"ldaps://{self.name}", *arguments], stdin)

    def as_root(self, tool, *arguments, stdin=""):
        return self._run([tool, "-Q", "-Y", "EXTERNAL", "-H", "ldapi:///", *arguments], stdin)

    def _run(self, argv, stdin):
        command = f"printf %s {shlex.quote(stdin)} | LDAPTLS_CACERT=/etc/ldap/tls/ldap.pem {shlex.join(argv)}"
        return self.host.run(command)

    def attributes(self, dn, *names, who=None):
        """The lines of an entry that somebody sees."""
        found = self(
            "ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-b", dn, "-s", "base", "(objectClass=*)", *names, who=who
        )
        return [line for line in found.stdout.splitlines() if line and not line.startswith("dn:")]

    def change(self, dn, text, who):
        return self("ldapmodify", who=who, stdin=f"dn: {dn}\nchangetype: modify\n{text}\n").rc

    def password(self, dn, old, new):
        """The code of the answer: ldappasswd itself ends with 1 for any refusal."""
        done = self("ldappasswd", "-a", old, "-s", new, who=(dn, old))
        return CONSTRAINT if f"Constraint violation ({CONSTRAINT})" in done.stdout + done.stderr else done.rc

    def logs_in(self, dn, password):
        return self("ldapwhoami", who=(dn, password)).rc == OK


def person(uid, mail, more=""):
    return (
        f"dn: uid={uid},{PEOPLE}\nobjectClass: inetOrgPerson\nobjectClass: pmMailAccount\n"
        f"uid: {uid}\ncn: {uid}\nsn: {uid}\nmail: {mail}\nuserPassword: {uid}-test-password\n{more}\n"
    )


@pytest.fixture(scope="module")
def directory(host):
    """With two people and a group in it, and without them afterwards."""
    server = Directory(host)
    server.as_root("ldapdelete", "-c", ALICE, BOB, GROUP, f"uid=carol,{PEOPLE}")
    people = person("alice", "alice@example.org", "pmMailAlias: a.adams@example.org\npmMailQuota: 1000000\n")
    group = f"dn: {GROUP}\nobjectClass: groupOfNames\ncn: crew\nmember: {ALICE}\nmember: {BOB}\n"
    made = server.as_root("ldapadd", stdin=f"{people}\n{person('bob', 'bob@example.org')}\n{group}")
    assert made.rc == OK, made.stderr
    yield server
    server.as_root("ldapdelete", "-c", ALICE, BOB, GROUP, f"uid=carol,{PEOPLE}")


@pytest.fixture
def carol(directory):
    """Somebody new, gone afterwards."""
    assert directory.as_root("ldapadd", stdin=person("carol", "carol@example.org")).rc == OK
    yield f"uid=carol,{PEOPLE}"
    assert directory.as_root("ldapdelete", f"uid=carol,{PEOPLE}").rc == OK


def test_a_password_in_clear_is_refused(directory):
    clear = f"ldap://{directory.name}"
    assert directory("ldapwhoami", who=POSTFIX, uri=clear).rc == CONFIDENTIALITY
    assert directory("ldapwhoami", "-ZZ", who=POSTFIX, uri=clear).rc == OK
    assert directory("ldapwhoami", who=POSTFIX).rc == OK


def test_old_tls_is_refused(directory):
    def connects(option):
        found = directory.host.run(f"echo | openssl s_client -connect {directory.name}:636 {option}")
        return "Cipher is (NONE)" not in found.stdout and found.rc == 0

    assert connects("-tls1_2")
    assert not connects("-tls1_1 -cipher DEFAULT@SECLEVEL=0")


def test_strangers_see_nothing(directory):
    assert directory.attributes(SUFFIX) == []
    assert directory("ldapsearch", "-b", SUFFIX).rc == NOT_THERE
    assert directory("ldapsearch", "-b", "cn=Monitor").rc == NOT_THERE


@pytest.mark.parametrize("who", [POSTFIX, DOVECOT])
def test_services_see_what_mail_needs_and_no_more(directory, who):
    seen = directory.attributes(ALICE, who=who)
    assert "mail: alice@example.org" in seen
    assert "pmMailAlias: a.adams@example.org" in seen
    assert "pmMailQuota: 1000000" in seen
    assert not [line for line in seen if line.startswith(("userPassword", "sn:"))]
    assert directory.change(ALICE, "replace: pmMailQuota\npmMailQuota: 1", who) == DENIED
    found = directory("ldapsearch", "-LLL", "-b", PEOPLE, "(pmMailAlias=a.adams@example.org)", "uid", who=who)
    assert "uid: alice" in found.stdout
    assert directory.attributes(f"cn=people,ou=policies,{SUFFIX}", who=who) == []


def test_people_see_and_change_their_own(directory):
    alice = (ALICE, "alice-test-password")
    assert "mail: alice@example.org" in directory.attributes(ALICE, who=alice)
    assert not [line for line in directory.attributes(ALICE, who=alice) if line.startswith("userPassword")]
    assert directory.attributes(BOB, who=alice) == []
    assert directory.change(ALICE, "replace: mail\nmail: boss@example.org", alice) == DENIED
    assert directory.change(BOB, "replace: userPassword\nuserPassword: stolen-by-alice", alice) in (NOT_THERE, DENIED)
    assert directory.logs_in(BOB, "bob-test-password")


def test_the_administrator_and_root_manage_everything(directory):
    assert directory.change(BOB, "replace: sn\nsn: Brown", ADMIN) == OK
    found = directory.as_root("ldapsearch", "-LLL", "-b", BOB, "-s", "base", "userPassword")
    # What came in clear is stored as a hash.
    assert base64.b64decode(found.stdout.partition("userPassword:: ")[2]).startswith(b"{SSHA}")


def test_the_password_policy_refuses(directory, carol):
    assert directory.password(carol, "carol-test-password", "short") == CONSTRAINT
    assert directory.password(carol, "carol-test-password", "another-long-password") == OK
    assert directory.password(carol, "another-long-password", "carol-test-password") == CONSTRAINT, "it was used before"
    assert directory.logs_in(carol, "another-long-password")


def test_who_guesses_is_locked_out_of_an_account_but_not_out_of_a_service(directory, carol):
    for _guess in range(11):
        assert not directory.logs_in(carol, "wrong")
        assert not directory.logs_in(POSTFIX[0], "wrong")
    assert not directory.logs_in(carol, "carol-test-password")
    assert directory.logs_in(*POSTFIX)


@pytest.mark.parametrize("taken", ["mail: alice@example.org", "pmMailAlias: a.adams@example.org"])
def test_an_address_belongs_to_one(directory, taken):
    name = taken.partition(":")[0]
    assert directory.change(BOB, f"add: {name}\n{taken}", ADMIN) == CONSTRAINT


def test_groups_follow_their_members(directory, carol):
    assert directory.change(GROUP, f"add: member\nmember: {carol}", ADMIN) == OK
    found = directory.as_root("ldapsearch", "-LLL", "-b", carol, "-s", "base", "memberOf")
    assert f"memberOf: {GROUP}" in found.stdout
    moved = directory.as_root("ldapmodrdn", "-r", carol, "uid=caroline")
    assert moved.rc == OK, moved.stderr
    members = directory.as_root("ldapsearch", "-LLL", "-b", GROUP, "member").stdout
    assert f"member: uid=caroline,{PEOPLE}" in members
    assert carol not in members
    assert directory.as_root("ldapmodrdn", "-r", f"uid=caroline,{PEOPLE}", "uid=carol").rc == OK


def test_the_mail_schema(directory):
    assert directory.change(ALICE, "replace: pmMailQuota\npmMailQuota: much", ADMIN) == SYNTAX
    assert directory.change(ALICE, "replace: pmMailEnabled\npmMailEnabled: maybe", ADMIN) == SYNTAX
    domain = f"dn: associatedDomain=example.org,ou=domains,{SUFFIX}"
    assert directory.as_root("ldapadd", stdin=f"{domain}\nobjectClass: pmMailDomain\npmMailQuota: 1\n").rc == OK
    alias = f"dn: cn=all,ou=aliases,{SUFFIX}\nobjectClass: pmMailAliasGroup\ncn: all\n"
    assert directory.as_root("ldapadd", stdin=alias).rc == CLASS, "it has no address"
    assert directory.as_root("ldapadd", stdin=f"{alias}mail: all@example.org\nmember: {ALICE}\n").rc == OK
    assert directory.as_root("ldapdelete", domain.partition(" ")[2], f"cn=all,ou=aliases,{SUFFIX}").rc == OK


def test_the_server_tells_root_how_it_is(directory):
    found = directory.as_root("ldapsearch", "-LLL", "-b", "cn=Total,cn=Connections,cn=Monitor", "monitorCounter")
    assert int(found.stdout.partition("monitorCounter: ")[2].split()[0]) > 1


def test_nothing_is_left_of_what_the_package_made(host):
    suffixes = [line for line in host.check_output("slapcat -n0").splitlines() if line.startswith("olcSuffix")]
    assert suffixes == [f"olcSuffix: {SUFFIX}"]
