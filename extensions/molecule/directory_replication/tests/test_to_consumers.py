# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two equal servers become one that takes writes and one that is read. Lists that contradict each other are refused."""

from __future__ import annotations

import json
import shlex

SUFFIX = "dc=example,dc=org"
ONE_AND_A_COPY = {"openldap_providers": ["debian12"], "openldap_consumers": ["debian13"]}
WRONG = {
    "openldap_providers": ["debian12", "debian12", "nobody"],
    "openldap_consumers": ["debian12"],
    "openldap_replication_password": "",
}
SAID = [
    "openldap_consumers: debian12 is in openldap_providers, too; leave it in one of them",
    "openldap_providers: names debian12 twice; name it once",
    "openldap_providers: nobody is no host of the inventory; give names of the inventory",
    "openldap_providers: debian13 is neither in it nor in openldap_consumers;",
    "openldap_replication_password: is empty;",
]


def test_lists_that_contradict_each_other_are_refused_all_at_once(again):
    said = again("-e", json.dumps(WRONG), fails=True)
    assert [text for text in SAID if text not in said] == []


def test_a_copy_is_read_and_refers_writers(servers, again, wait):
    provider, copy = servers
    provider.add("before")
    announced = again("-e", json.dumps(ONE_AND_A_COPY), "--check")
    done = again("-e", json.dumps(ONE_AND_A_COPY))
    assert "failed=0" in announced
    assert "olcMultiProvider" not in copy.host.check_output("slapcat -n0")
    unchanged = again("-e", json.dumps(ONE_AND_A_COPY))
    assert unchanged.count("changed=0") == 2, done + unchanged

    provider.add("news")
    print(f"there after {wait(lambda: copy.people() == ['before', 'news'], 60):.1f} s")
    name = f"uid=news,ou=people,{SUFFIX}"
    change = f"dn: {name}\nchangetype: modify\nreplace: sn\nsn: Other\n"
    admin = f"-x -H ldaps://mx13.example.test -D cn=admin,{SUFFIX} -w admin-test-password"
    modify = f"printf {shlex.quote(change)} | LDAPTLS_CACERT=/etc/ldap/tls/ldap.pem ldapmodify {admin}"
    refused = copy.host.run(modify)
    assert refused.rc == 10, refused.stderr
    assert "ldaps://mx12.example.test" in refused.stdout + refused.stderr
    # It goes on alone, and catches up.
    provider.host.check_output("systemctl stop slapd")
    assert copy.has("news")
    provider.host.check_output("systemctl start slapd")
    provider.delete("news")
    provider.delete("before")
    wait(lambda: copy.people() == [])


def test_a_module_says_where_to_write(servers, call):
    entry = {"dn": f"uid=x,ou=people,{SUFFIX}", "attributes": {"objectClass": ["inetOrgPerson"], "cn": "x", "sn": "x"}}
    said = call("debian13", "ldap_entry", **entry)
    assert said["failed"]
    assert "ask ldaps://mx12.example.test" in said["msg"]


def test_the_copy_is_watched_like_any_server(servers, call):
    found = call(
        "debian12",
        "openldap_info",
        server_uri=["ldaps://mx12.example.test", "ldaps://mx13.example.test"],
        bind_dn=f"cn=monitor,ou=services,{SUFFIX}",
        bind_password="monitor-test-password",
        ca_path="/etc/ldap/tls/ldap.pem",
    )
    assert found["healthy"], found["problems"]
    assert found["servers"][0]["states"] == found["servers"][1]["states"] != {}
