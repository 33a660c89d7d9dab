# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nested data to lines. What is expected of the quoting was read off the installed Dovecot."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

import pytest
import yaml
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.configuration import configuration
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.settings import Renderer, leaves, text_of
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.versions import Version

GOLDEN = Path(__file__).parent / "golden"


def render(
    settings: dict[str, Any], secrets: Optional[dict[str, Any]] = None, syntax: str = "2.4", **kwargs: Any
) -> Renderer:
    renderer = Renderer(syntax, **kwargs)
    renderer.render(settings, secrets or {})
    return renderer


def text(settings: dict[str, Any], secrets: Optional[dict[str, Any]] = None, syntax: str = "2.4", **kwargs: Any) -> str:
    renderer = render(settings, secrets, syntax, **kwargs)
    assert renderer.problems == []
    return text_of(renderer.lines)


def problems(settings: dict[str, Any], secrets: Optional[dict[str, Any]] = None, syntax: str = "2.4") -> list[str]:
    return [str(problem) for problem in render(settings, secrets, syntax).problems]


@pytest.mark.parametrize("syntax", ["2.3", "2.4"])
def test_a_whole_server(syntax: str) -> None:
    params = {"path": "/etc/dovecot/dovecot.conf", "secrets": None}
    params.update(yaml.safe_load((GOLDEN / f"server-{syntax}.yml").read_text()))
    declared = configuration(params, Version(syntax, "option"), "")
    assert declared.problems == []
    for file in declared.files:
        golden = GOLDEN / f"server-{syntax}" / Path(file.path).relative_to("/etc/dovecot")
        assert file.text == golden.read_text(), golden


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (20, "20"),
        ("", ""),
        ("a b", "a b"),
        (" a", '" a"'),
        ("a ", '"a "'),
        ("a#b", '"a#b"'),
        ("\\Sent", '"\\\\Sent"'),
        ('say "x"', '"say \\"x\\""'),
        ("it's", '"it\'s"'),
        ("50%", "50%"),
        ("a = b {", "a = b {"),
        ("{SHA512-CRYPT}$6$salt$hash", "{SHA512-CRYPT}$6$salt$hash"),
        ("$6$salt$hash", '"$6$salt$hash"'),
        ("costs $ 5", '"costs $ 5"'),
        ("</etc/ssl/key.pem", "</etc/ssl/key.pem"),
        ("<%u> here", '"<%u> here"'),
        (["quota", "imap_quota"], "quota imap_quota"),
        ([], ""),
        ([1, True], "1 yes"),
        ("zoë", "zoë"),
    ],
)
@pytest.mark.parametrize("syntax", ["2.3", "2.4"])
def test_values(value: Any, written: str, syntax: str) -> None:
    assert text({"name": value}, syntax=syntax) == f"name = {written}".rstrip() + "\n"


@pytest.mark.parametrize(
    ("syntax", "value", "written"),
    [
        ("2.3", "$default_internal_user", "$default_internal_user"),
        ("2.3", "a $mail_plugins", "a $mail_plugins"),
        ("2.4", "$mail_plugins acl", '"$mail_plugins acl"'),
        ("2.4", "$SET:default_internal_user", "$SET:default_internal_user"),
        ("2.4", "x $ENV:HOME", "x $ENV:HOME"),
    ],
)
def test_references_are_left_bare_where_dovecot_expands_them(syntax: str, value: str, written: str) -> None:
    assert text({"name": value}, syntax=syntax) == f"name = {written}\n"


def test_files_for_external_lookups_know_no_references() -> None:
    assert text({"connect": "$a </b", "driver": "</c"}, syntax="2.3", references=False) == (
        'connect = "$a </b"\ndriver = "</c"\n'
    )


def test_sections_keep_their_order_and_names() -> None:
    settings = {
        "b": 1,
        "service imap-login": {"inet_listener imap": {"port": 0}, "user": None},
        "mailbox Sent Messages": {},
        'mailbox "Old Mail"': {},
        "unix_listener /var/spool/postfix/private/auth": {"mode": "0660"},
        "group @mailboxes english": {},
        "@mailboxes": "english",
        "a": None,
    }
    assert text(settings) == (
        "b = 1\n"
        "service imap-login {\n  inet_listener imap {\n    port = 0\n  }\n}\n"
        'mailbox "Sent Messages" {\n}\n'
        'mailbox "Old Mail" {\n}\n'
        "unix_listener /var/spool/postfix/private/auth {\n  mode = 0660\n}\n"
        "group @mailboxes english {\n}\n"
        "@mailboxes = english\n"
    )


def test_a_list_of_dictionaries_is_several_sections() -> None:
    renderer = render({"passdb": [{"driver": "sql"}, {"driver": "pam"}]}, syntax="2.3")
    assert text_of(renderer.lines) == "passdb {\n  driver = sql\n}\npassdb {\n  driver = pam\n}\n"
    assert [line.option for line in leaves(renderer.lines)] == [
        "settings.passdb[0].driver",
        "settings.passdb[1].driver",
    ]


def test_every_line_knows_where_it_came_from() -> None:
    lines = render({"ssl": True, "service auth": {"client_limit": 5, "unix_listener x": {"mode": "0600"}}}).lines
    assert [(line.number, line.option, line.length) for line in lines] == [
        (1, "settings.ssl", 1),
        (2, "settings.service auth", 6),
        (3, "settings.service auth.client_limit", 1),
        (4, "settings.service auth.unix_listener x", 3),
        (5, "settings.service auth.unix_listener x.mode", 1),
        (6, "settings.service auth.unix_listener x", 1),
        (7, "settings.service auth", 1),
    ]
    assert lines[4].section == ("service auth", "unix_listener x")
    assert lines[4].kind == "unix_listener"
    assert lines[0].kind == ""


def test_secrets_are_laid_over_the_settings() -> None:
    renderer = render(
        {"a": "shown", "b": None, "passdb x": {"password": None, "user": "u"}, "c": 1},
        {"b": "hidden", "passdb x": {"password": "p"}, "d": "last", "userdb y": {"fields": {"k": "v"}}, "c": None},
    )
    assert renderer.problems == []
    assert text_of(renderer.lines) == (
        "a = shown\nb = hidden\npassdb x {\n  password = p\n  user = u\n}\nc = 1\nd = last\n"
        "userdb y {\n  fields {\n    k = v\n  }\n}\n"
    )
    assert {line.option for line in leaves(renderer.lines) if line.secret} == {
        "secrets.b",
        "secrets.passdb x.password",
        "secrets.d",
        "secrets.userdb y.fields.k",
    }


def test_all_settings_of_sections_listed_as_secrets_are_secret() -> None:
    lines = render({}, {"passdb": [{"driver": "static", "args": "password=x"}]}, "2.3").lines
    assert [(line.option, line.secret) for line in leaves(lines)] == [
        ("secrets.passdb[0].driver", True),
        ("secrets.passdb[0].args", True),
    ]


@pytest.mark.parametrize(
    ("syntax", "value", "written"),
    [
        ("2.3", "%{a}", "%{a}"),
        ("2.4", "%{a}", "%%{a}"),
        ("2.4", "50%", "50%"),
        ("2.3", "$hostname", '"$hostname"'),
        ("2.4", "$SET:hostname", '"$SET:hostname"'),
        ("2.4", "</etc/passwd", '"</etc/passwd"'),
        ("2.4", 'S3cr#t"$x \\', '"S3cr#t\\"$x \\\\"'),
    ],
)
def test_a_secret_stands_for_itself(syntax: str, value: str, written: str) -> None:
    assert text({}, {"password": value}, syntax) == f"password = {written}\n"


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"a": "x\ny"}, "settings.a: 'x\\ny' holds a line break or another control character; write it on one line"),
        ({"a": 1.10}, "settings.a: 1.1 is a number with a fraction, which YAML may shorten; put it in quotes"),
        ({"a": ["b", "c d"]}, "settings.a[1]: 'c d' is not a single word; give the whole value as one string"),
        ({"a": ["b,c"]}, "settings.a[0]: 'b,c' is not a single word; give the whole value as one string"),
        ({"a": ["b", {"c": 1}]}, "settings.a[1]: {'c': 1} is not a word; give words alone, or dictionaries alone"),
        ({"a": [["b"]]}, "settings.a[0]: ['b'] is not a word; give words alone, or dictionaries alone"),
        ({"a": [None]}, "settings.a[0]: is not a value of Dovecot; give a string, number, boolean or list of words"),
        ({"service imap": 5}, "settings.service imap: is not the name of a setting; give a dictionary of settings"),
        ({"a=b": 5}, "settings.a=b: is not the name of a setting; write the name as Dovecot does"),
        ({"": 5}, "settings.: is not the name of a setting; write the name as Dovecot does"),
        (
            {"!include": "x.conf"},
            "settings.!include: is not the name of a setting; "
            "declare the settings here, the file is whole without others",
        ),
        (
            {"sec{tion": {}},
            "settings.sec{tion: is not the name of a section; write it as `kind` or `kind name`, as Dovecot does",
        ),
        (
            {'mailbox a"b': {}},
            'settings.mailbox a"b: is not the name of a section; write it as `kind` or `kind name`, as Dovecot does',
        ),
        (
            {"a": "$SET:b # c"},
            "settings.a: '$SET:b # c' holds a reference, which quotes would end; leave out what needs quotes",
        ),
    ],
)
def test_bad_input(settings: dict[str, Any], problem: str) -> None:
    assert problems(settings) == [problem]


def test_all_bad_input_is_reported_at_once() -> None:
    assert len(problems({"a": 1.5, "b": "x\n", "service c": {"d e": 1, "f": [None, 2.5]}})) == 5


def test_a_section_and_a_value_do_not_mix() -> None:
    message = "is a section on one side and a value on the other; make it fit settings.a"
    assert problems({"a": {"b": 1}}, {"a": "c"}) == [f"secrets.a: {message}"]
    assert problems({"a": "c"}, {"a": {"b": 1}}) == [f"secrets.a: {message}"]


def test_a_bad_secret_is_not_repeated() -> None:
    (problem,) = render({}, {"password": "top\nsecret"}).problems
    assert "secret" not in str(problem).replace("secrets.password", "")
    assert problem.value is None
