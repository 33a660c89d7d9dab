# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration that somebody wrote, and the files beside it that count."""

from __future__ import annotations

import fnmatch

from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.configuration import Configuration
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.present import (
    faults_of,
    present_configuration,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.reading import Access
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.versions import Version

MAIN = "/etc/dovecot/dovecot.conf"


def read(syntax: str, text: str, **others: str) -> Configuration:
    texts = {MAIN: text, **{f"/{name.replace('_', '/', 1)}": content for name, content in others.items()}}
    access = Access(texts.get, lambda pattern: [path for path in texts if fnmatch.fnmatchcase(path, pattern)])
    return present_configuration(MAIN, Version(syntax, "installed"), access)[0]


def test_lookup_files_of_2_3_are_read() -> None:
    text = "passdb {\n  driver = ldap\n  args = /etc/ldap\n}\nuserdb {\n  driver = static\n  args = /etc/other\n}\n"
    made = read("2.3", text, etc_ldap="# x\nuris = ldap://a\n", etc_other="a = b\n")
    assert [file.path for file in made.files] == [MAIN, "/etc/ldap"]
    (line,) = made.lookup_files("ldap")[0].lines
    assert (line.file, line.row, line.name, line.value) == ("/etc/ldap", 2, "uris", "ldap://a")
    assert [file.path for file in read("2.4", text, etc_ldap="uris = ldap://a\n").files] == [MAIN]


def test_scripts_for_everybody_are_read() -> None:
    old = "plugin {\n  sieve = file:~/sieve\n  sieve_before = file:/sieve/a;name=x\n  sieve_after2 = /sieve\n}\n"
    new = "sieve_script a {\n  path = /sieve\n}\nsieve_script b {\n  path = ~/sieve\n}\n"
    scripts = {"sieve_a.sieve": "keep;\n", "sieve_b.txt": "stop;\n"}
    for syntax, text in (("2.3", old), ("2.4", new)):
        made = read(syntax, text, **scripts)
        assert [(file.path, file.content) for file in made.files[1:]] == [("/sieve/a.sieve", "keep;\n")]


def test_faults_become_findings() -> None:
    access = Access({MAIN: "service x {\n"}.get, lambda _pattern: [])
    (found,) = faults_of(present_configuration(MAIN, Version("2.4", "installed"), access)[1])
    assert (found.code, found.severity, found.file, found.line) == ("syntax", "error", MAIN, 1)
    (found,) = faults_of(present_configuration("/none", Version("2.4", "installed"), access)[1])
    assert (found.file, found.line, found.message) == ("/none", None, "does not exist")
