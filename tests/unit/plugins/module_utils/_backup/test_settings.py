# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of a backup: what is refused, and that a file of them is read as it was written."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup.settings import (
    from_options,
    from_text,
    problems,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error

OPTIONS = {
    "repository": "/srv/backup",
    "host": "mail.example.test",
    "mail_directory": "/var/vmail",
    "database": "/var/lib/accounts.sqlite",
    "queue_directory": "/var/spool/postfix",
    "postgresql_databases": ["mail"],
    "paths": ["/etc/postfix"],
    "keep": {"daily": 7, "weekly": 0},
    "verify_data": "5%",
    "verify_mailboxes": 3,
}


def found(password="long-enough", credentials=None, **options):
    return [problem.option for problem in problems(from_options({**OPTIONS, **options}), password, credentials or {})]


def test_good_options_pass_and_come_back_from_their_file():
    settings = from_options(OPTIONS)
    assert found() == []
    assert settings.keep == {"daily": 7}
    assert from_text(settings.text(), "file") == settings


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"repository": "/x", "more": 1}'])
def test_a_broken_file_is_refused(text):
    with pytest.raises(Error, match="run the role backup again"):
        from_text(text, "file")


@pytest.mark.parametrize(
    "repository",
    [
        "sftp:backup@host:/srv/mail",
        "sftp://backup@host:2222//srv/mail",
        "rest:https://backup@host:8000/mail",
        "s3:https://s3.example.test/bucket",
        "b2:bucket:path",
    ],
)
def test_addresses_of_restic_pass(repository):
    assert found(repository=repository) == []


@pytest.mark.parametrize("repository", ["", " /srv", "srv/backup", "rest:https://user:secret@host/", "a\nb"])
def test_other_addresses_do_not(repository):
    assert found(repository=repository) == ["repository"]


def test_a_password_in_an_address_is_not_repeated():
    options = {**OPTIONS, "repository": "rest:https://user:secret@host/"}
    settings = from_options(options)
    assert settings.shown_repository == "rest:https://user:***@host/"
    assert "secret" not in str(problems(settings, "long-enough", {})[0])


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"password": "short"}, "password"),
        ({"password": "two\nlines here"}, "password"),
        ({"credentials": {"A B": "x"}}, "credentials.A B"),
        ({"credentials": {"KEY": 1}}, "credentials.KEY"),
        ({"host": "a host"}, "host"),
        ({"mail_directory": "/"}, "mail_directory"),
        ({"paths": ["etc"]}, "paths"),
        ({"database": "x.sqlite"}, "database"),
        ({"postgresql_databases": ["a;b"]}, "postgresql_databases"),
        ({"keep": {"daily": 0}}, "keep"),
        ({"keep": {"often": 1}}, "keep.often"),
        ({"keep": {"daily": "7"}}, "keep.daily"),
        ({"verify_data": "0%"}, "verify_data"),
        ({"verify_mailboxes": 0}, "verify_mailboxes"),
    ],
)
def test_each_bad_option_is_named(options, option):
    assert found(**options) == [option]
