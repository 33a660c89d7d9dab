# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration files of LDAP and SQL tables, and secrets that everybody can read."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.catalogue.staged import Entry
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.request import DeclaredMap

GOOD = "dbpath = /a\nquery = SELECT 1\n"


@pytest.fixture
def sqlite(catalogue):
    catalogue.facts["map_types"] = frozenset({"sqlite", "ldap", "mysql", "pgsql"})
    return catalogue


def findings(catalogue, text, kind="sqlite", **options):
    catalogue.files["/etc/postfix/x.cf"] = text
    return catalogue.findings(f"virtual_alias_maps = proxy:{kind}:/etc/postfix/x.cf\n", **options)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("sqlite", GOOD),
        ("sqlite", "# dbpath\n\ndbpath = /a\ntable = a\nselect_field = b\nwhere_field = c\nquery =\n  SELECT 1\n"),
        ("ldap", "server_host = x\nsearch_base = y\nbind_pw = z\ntls_require_cert = yes\n"),
        ("mysql", "hosts = a\nuser = b\npassword = c\ndbname = d\nquery = SELECT 1\ntls_CAfile = /x\n"),
        ("pgsql", "hosts = postgresql://u:p@h/d\nquery = SELECT 1\nresult_format = %s\n"),
    ],
)
def test_good_files(sqlite, kind, text):
    assert findings(sqlite, text, kind) == []


@pytest.mark.parametrize(
    ("text", "line", "name", "said"),
    [
        (f"{GOOD}dpbath = /b\n", 3, "dpbath", "did you mean dbpath?"),
        (f"{GOOD}qqq = /b\n", 3, "qqq", "see sqlite_table(5)"),
        (f"{GOOD}password hunter2\n", 3, None, "write name = value"),
        ("query = SELECT 1\n", None, None, "lacks dbpath"),
        ("dbpath = /a\n", None, None, "lacks query or table"),
    ],
)
def test_bad_files(sqlite, text, line, name, said):
    (found,) = findings(sqlite, text)
    assert (found.code, found.severity, found.line, found.name) == ("bad_map_source", "warning", line, name)
    assert found.file == "/etc/postfix/x.cf"
    assert said in str(found)
    assert "hunter2" not in str(found)
    (found,) = findings(sqlite, text, map_files=[DeclaredMap("x.cf", text)])
    assert found.severity == "error"


def test_a_file_that_may_not_be_read_is_not_judged(sqlite):
    assert findings(sqlite, Entry(readable=False)) == []


@pytest.mark.parametrize(("text", "codes"), [("password = x\n", ["public_secret"]), ("", [])])
def test_passwords_that_everybody_can_read(sqlite, text, codes, monkeypatch):
    text = f"hosts = a\ndbname = d\nquery = SELECT 1\n{text}"
    monkeypatch.setattr(sqlite, "entry", lambda _path: Entry(public=True))
    assert [one.code for one in findings(sqlite, text, "mysql")] == codes
    monkeypatch.setattr(sqlite, "entry", lambda _path: Entry())
    assert findings(sqlite, text, "mysql") == []


def test_passwords_for_other_servers(catalogue):
    main = "smtp_sasl_password_maps = hash:/etc/postfix/sasl\n"
    catalogue.files["/etc/postfix/sasl.db"] = Entry(public=True)
    (found,) = catalogue.findings(main)
    assert (found.code, found.severity, found.file) == ("public_secret", "warning", "/etc/postfix/sasl.db")
    catalogue.files["/etc/postfix/sasl.db"] = Entry()
    assert catalogue.findings(main) == []


@pytest.mark.parametrize("value", ["static:u:p", "inline:{{a=u:p}}"])
def test_passwords_in_main_cf(catalogue, value):
    (found,) = catalogue.findings(f"smtp_sasl_password_maps = {value}\n")
    assert (found.code, found.severity, found.name) == ("public_secret", "warning", "smtp_sasl_password_maps")
    assert "u:p" not in str(found.as_dict())
    assert catalogue.findings(f"virtual_uid_maps = {value}\n") == []


def test_the_database_of_a_table(sqlite):
    assert [one.code for one in findings(sqlite, GOOD)] == []
    sqlite.files["/a"] = None
    (found,) = findings(sqlite, GOOD)
    assert (found.code, found.name) == ("missing_map", "virtual_alias_maps")
    assert findings(sqlite, GOOD, map_files=[DeclaredMap("x.cf", GOOD)]) == []
    sqlite.files["/a"] = Entry(public=True)
    assert findings(sqlite, GOOD) == []
    sqlite.facts["has_passwords"] = lambda path: path == "/a"
    (found,) = findings(sqlite, GOOD)
    assert (found.code, found.severity, found.file) == ("public_secret", "warning", "/a")
    sqlite.files["/a"] = Entry()
    assert findings(sqlite, GOOD) == []


@pytest.mark.parametrize("secret", ["/a", "/etc/postfix/x.cf"])
def test_files_that_proxymap_may_not_read(sqlite, secret):
    sqlite.facts["mail_reads"] = lambda path: path != secret
    (found,) = findings(sqlite, GOOD)
    assert (found.code, found.severity, found.name) == ("unreadable_table", "warning", "virtual_alias_maps")
    assert f"the user postfix may not read {secret}" in found.message
    # Without proxy: a daemon opens it before it gives up its rights.
    assert sqlite.findings("virtual_alias_maps = sqlite:/etc/postfix/x.cf\n") == []
