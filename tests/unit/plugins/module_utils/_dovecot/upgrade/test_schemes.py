# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is noted about a file of users."""

from __future__ import annotations

from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.upgrade.schemes import fields_of, stored

USERS = """\
# alice:{MD5}x
alice:{MD5-CRYPT}$1$a:::::
bob:{md5-crypt}$1$b:::::userdb_quota_rule=*:storage=1G
carol:{SHA512-CRYPT}$6$c::::/srv/carol::userdb_mail=maildir:~/x quota_rule=*:bytes=1
dave:{CRYPT}$y$d:::::userdb_mail_path=~/y
"""


def test_weak_passwords_and_old_fields_are_counted() -> None:
    assert stored(USERS, "/x", {}) == [
        "/x: 2 passwords of the scheme MD5-CRYPT are refused by 2.4 unless auth_allow_weak_schemes is yes",
        "/x: 1 lines give mail; give mail_driver and mail_path instead",
        "/x: 2 lines give quota_rule; give quota_storage_size instead",
    ]


def test_nothing_is_noted_about_others() -> None:
    assert stored("", "/x", {}) == []
    assert stored("alice:{SSHA}x\n", "/x", {}) == []


def test_fields_that_2_4_makes_of_rules_and_places() -> None:
    made = fields_of(USERS, "5M", "mdbox:~/m")
    assert made == {
        "quota_storage_size": r"%{passwd_file:quota_rule | default('*:storage=5M') | regexp('^.*=(.*)', '\\1')}",
        "mail_driver": r"%{passwd_file:mail | default('mdbox:~/m') | regexp('^([^:]*):.*', '\\1')}",
        "mail_path": r"%{passwd_file:mail | default('mdbox:~/m') | regexp('^[^:]*:(.*)', '\\1')}",
    }
    assert [note for note in stored(USERS, "/x", made) if "give" in note] == []


def test_rules_and_places_of_other_forms_are_for_somebody_to_look_at() -> None:
    for rule in ("*:storage=1000", "*:storage=1G:messages=9", "Trash:storage=1G"):
        assert fields_of(f"{USERS}eve:x:::::quota_rule={rule}\n", "5M", ":") == {}
    assert "mail_path" not in fields_of(USERS, "0", "mdbox:/srv/%{user}")
    assert "mail_path" not in fields_of(f"{USERS}eve:x:::::mail=maildir:/x:INDEX=/y\n", "0", "mdbox:~/m")
