# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account that comes from elsewhere works as one that was made here, until its source has it no more.

One host follows a directory, the other one a database of PostgreSQL.
"""

from __future__ import annotations

import imaplib
import json
import os
import smtplib
import subprocess

import pytest
import yaml
from clients import message, new_subject

CARLA = ("carla@example.test", "carla-test-password")
INSTALL = "DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends"
DIRECTORY = r"""
mkdir -p /srv/people/data
cat >/srv/people/slapd.conf <<'END'
pidfile /srv/people/pid
modulepath /usr/lib/ldap
moduleload back_mdb
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
database mdb
suffix "o=people"
directory /srv/people/data
rootdn "cn=admin,o=people"
rootpw admin-test-password
END
{
    printf 'dn: o=people\nobjectClass: organization\no: people\n'
    for name in carla dora; do
        printf '\ndn: uid=%s,o=people\nobjectClass: inetOrgPerson\nuid: %s\ncn: %s\nsn: %s\n' $name $name $name $name
        printf 'mail: %s@example.test\nemployeeNumber: 100\nuserPassword: ' $name
        slappasswd -h '{SSHA}' -s $name-test-password
    done
} | slapadd -q -f /srv/people/slapd.conf
slapd -f /srv/people/slapd.conf -h ldap://127.0.0.1:3891
"""
PEOPLE = {
    "server_uri": ["ldap://127.0.0.1:3891"],
    "bind_dn": "cn=admin,o=people",
    "bind_password": "admin-test-password",
    "base": "o=people",
    "mapping": {"quota": "{employeeNumber}K"},
}
DATABASE = """
cd /
su postgres -c "psql -q -v ON_ERROR_STOP=1" <<'END'
CREATE ROLE postfix_manager LOGIN PASSWORD 'database-test-password';
CREATE DATABASE mail OWNER postfix_manager;
END
"""
SERVER = {"store": "postgresql", "database_host": "127.0.0.1", "database_password": "database-test-password"}


class Source:
    """Where accounts come from."""

    def __init__(self, host, platform):
        self.host, self.platform = host, platform
        self.is_directory = platform == "debian12"
        self.options = PEOPLE if self.is_directory else SERVER
        if self.is_directory:
            host.run_expect([0], f"{INSTALL} slapd ldap-utils >/dev/null 2>&1; systemctl stop slapd")
            host.run_expect([0], DIRECTORY)
        else:
            host.run_expect([0], f"{INSTALL} postgresql python3-psycopg2 >/dev/null 2>&1")
            host.run_expect([0], DATABASE)
            self.module("virtual_domain", domain="example.test", **SERVER)
            mailboxes = [
                {"address": f"{name}@example.test", "password": f"{name}-test-password", "quota": "100K"}
                for name in ("carla", "dora")
            ]
            self.module("mailboxes", mailboxes=mailboxes, **SERVER)

    def module(self, module, /, **options):
        """What a module of ours says."""
        argv = ["ansible", self.platform, "-i", os.environ["MOLECULE_INVENTORY_FILE"]]
        argv += ["-m", f"postfix_manager.mail.{module}", "-a", json.dumps(options)]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return yaml.safe_load(done.stdout.partition("=>")[2])

    def follow(self):
        said = self.module("account_sync", name="people", source=self.options)
        return [(one["decision"], one["address"]) for one in said["decisions"]]

    def remove_carla(self):
        if self.is_directory:
            admin = "ldapdelete -x -H ldap://127.0.0.1:3891 -D cn=admin,o=people -w admin-test-password"
            self.host.run_expect([0], f"{admin} uid=carla,o=people")
        else:
            self.module("mailbox", address=CARLA[0], state="absent", **SERVER)


@pytest.fixture(scope="module")
def source(host, platform):
    return Source(host, platform)


def test_an_account_from_elsewhere_works_until_it_is_gone(server, source):
    # Dora stands for the others: a source without anybody is taken for a fault.
    assert sorted(source.follow()) == [("created", CARLA[0]), ("created", "dora@example.test")]
    subject = new_subject()
    with server.smtp() as session:
        session.sendmail("somebody@example.net", [CARLA[0]], message("somebody@example.net", CARLA[0], subject))
    assert server.wait_for(*CARLA, subject)
    with server.imap(*CARLA) as session:
        _status, (_roots, quota) = session.getquotaroot("INBOX")
    assert quota[0].rstrip(b")").split()[-1] == b"100"
    with server.submission(*CARLA) as session:
        session.sendmail(CARLA[0], ["alice@example.test"], message(CARLA[0], "alice@example.test", new_subject()))
    assert source.follow() == []

    source.remove_carla()
    assert source.follow() == [("disabled", CARLA[0])]
    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"), server.imap(*CARLA):
        pass
    with pytest.raises(smtplib.SMTPAuthenticationError), server.submission(*CARLA):
        pass
    with server.smtp() as session:
        session.mail("somebody@example.net")
        code, words = session.rcpt(CARLA[0])
    assert code == 550, words
    with server.imap("dora@example.test", "dora-test-password") as session:
        assert session.select("INBOX")[0] == "OK"
