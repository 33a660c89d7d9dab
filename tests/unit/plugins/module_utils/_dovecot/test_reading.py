# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any configuration to a tree. What each text means is what doveconf 2.3.19 and 2.4.1 made of it."""

from __future__ import annotations

import fnmatch
import os

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.reading import (
    Access,
    Reading,
    Section,
    parse,
    read,
)

MAIN = "/etc/dovecot/dovecot.conf"


def reading(**files: str) -> Reading:
    """Read files given as ``name=text`` below the folder of the configuration, ``__`` for a slash."""
    texts = {f"/etc/dovecot/{name.replace('__', '/')}.conf": text for name, text in files.items()}

    def find(pattern: str) -> list[str]:
        if os.path.normpath(pattern) in texts:
            return [pattern]
        return [path for path in sorted(texts) if fnmatch.fnmatchcase(path, os.path.normpath(pattern))]

    return read(MAIN, Access(lambda path: texts.get(os.path.normpath(path)), find))


def shown(section: Section) -> list[object]:
    """Settings as ``name=value``, sections as their header with what is in them."""
    inside = {id(item): f"{item.name}={item.value}" for item in section.settings}
    return [inside.get(id(item)) or {item.header: shown(item)} for item in section.items]


@pytest.mark.parametrize(
    ("written", "value", "form"),
    [
        ("hello", "hello", "plain"),
        ("  x\ty  ", "x\ty", "plain"),
        ("", "", "plain"),
        ("a # b", "a", "plain"),
        ("d#e", "d", "plain"),
        ('"a # b" # c', "a # b", "quoted"),
        ("'a $x \\n \"b'", 'a $x n "b', "quoted"),
        ('"a" "b"', 'a" "b', "quoted"),
        ('"a \\"b\\n"', 'a "bn', "quoted"),
        ("'a\\'b'", "a'b", "quoted"),
        ('"a\\"', "a", "quoted"),
        ('""', "", "quoted"),
        ("a 'b # c' d#e", "a 'b # c' d", "plain"),
        ("it's # c", "it's # c", "plain"),
        ("a <b", "a <b", "plain"),
        ('"<b"', "<b", "quoted"),
        ("< /etc/ssl/x.pem", "/etc/ssl/x.pem", "file"),
        ("x = y", "x = y", "plain"),
        ("{", "{", "plain"),
        ("3 }", "3 }", "plain"),
    ],
)
@pytest.mark.parametrize("before", ["greeting = ", "greeting=", "\t greeting\t=  "])
def test_a_value(before: str, written: str, value: str, form: str) -> None:
    found = parse(f"{before}{written}\r\n")
    assert found.faults == []
    (setting,) = found.root.settings
    assert (setting.name, setting.value, setting.form) == ("greeting", value, form)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("service imap { # x\n  a = 1 # y\n} # z\nb=2\n", [{"service imap": ["a=1"]}, "b=2"]),
        ('mailbox "Sent Messages" {\n}\n', [{"mailbox Sent Messages": []}]),
        ('namespace "" {\n}\nnamespace {\n}\n', [{"namespace": []}, {"namespace": []}]),
        ('namespace "x"{\n}\n', [{"namespace x": []}]),
        ("protocol !imap {\n}\nlocal_name a.b {\n}\n", [{"protocol !imap": []}, {"local_name a.b": []}]),
        (
            "local 10.0.0.1 {\n protocol imap {\n  a=1\n }\n}\n",
            [{"local 10.0.0.1": [{"protocol imap": ["a=1"]}]}],
        ),
        ("a = b \\\n   c   \\\n d # e\nf = g\n", ["a=b c d", "f=g"]),
        ('a = "b \\\n   c"\n', ["a=b c"]),
        ("a = b \\\n  \\\n\\\nc\n", ["a=b c"]),
        ('a = x "b \\\n   c" # d\n', ['a=x "b c" # d']),
        ("\\\na = b\n", ["a=b"]),
        (
            "@mysql = default\ngroup @mysql default {\n host=h\n}\n",
            ["@mysql=default", {"group @mysql default": ["host=h"]}],
        ),
        ("ssl_ca = <<END\n one # kept\ntwo\nEND\na = b\n", ["ssl_ca= one # kept\ntwo\n", "a=b"]),
        ("plugin {\n sieve=x\n}\nplugin {\n sieve=y\n}\n", [{"plugin": ["sieve=x"]}, {"plugin": ["sieve=y"]}]),
    ],
)
def test_a_tree(text: str, tree: list[object]) -> None:
    found = parse(text)
    assert found.faults == []
    assert shown(found.root) == tree


def test_file_and_line_of_each_setting() -> None:
    found = reading(
        dovecot="a = 1\n!include conf.d/*.conf\nz = \\\n 9\n",
        conf_d="",
        **{"conf.d__10-a": "# comment\nservice imap {\n  !include ../part.conf\n}\n", "conf.d__20-b": "b = 2\n"},
        part="c = 3\n",
    )
    assert found.faults == []
    found_at = [
        ([section.header for section in above], item.file, item.line, item.end, item.name)
        for above, item in found.root.walk()
    ]
    assert found_at == [
        ([], MAIN, 1, 1, "a"),
        (["service imap"], "/etc/dovecot/conf.d/../part.conf", 1, 1, "c"),
        ([], "/etc/dovecot/conf.d/20-b.conf", 1, 1, "b"),
        ([], MAIN, 3, 4, "z"),
    ]
    assert [os.path.normpath(path) for path in found.files] == [
        MAIN,
        "/etc/dovecot/conf.d/10-a.conf",
        "/etc/dovecot/part.conf",
        "/etc/dovecot/conf.d/20-b.conf",
    ]


def test_a_section_may_end_in_another_file() -> None:
    found = reading(dovecot="!include half.conf\n}\na = 1\n", half="service imap {\nb = 2\n")
    assert found.faults == []
    assert shown(found.root) == [{"service imap": ["b=2"]}, "a=1"]


def test_an_optional_file_may_be_missing() -> None:
    assert reading(dovecot="!include_try local.conf\n!include_try conf.d/*.conf\na = 1\n").faults == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("service imap { a = 1 }\n", 1, "something stands after the {"),
        ("service imap{\na = 1\n}\n", 1, "no header of a section"),
        ("service imap\n{\na = 1\n}\n", 1, "neither a setting nor a section"),
        ("mailbox 'A B' {\n}\n", 1, "no header of a section"),
        ("service a b {\n}\n", 1, "no header of a section"),
        ("a\n", 1, "a is neither"),
        ("}\n", 1, "no section is open"),
        ("b = 1\nservice imap {\n", 2, "service imap has no end"),
        ("= x\n", 1, "no name before the ="),
        ("b = 1\na = b \\\n\nc = 1\n", 2, "Dovecot leaves the setting out"),
        ("a = b \\\n# comment\nc = 1\n", 1, "Dovecot leaves the setting out"),
        ("a = b \\", 1, "Dovecot leaves the setting out"),
        ("a = <<END\nb = 1\n", 1, "no line with END alone"),
        ("!include none.conf\n", 1, "no file fits /etc/dovecot/none.conf"),
        ("!include 'dovecot.conf'\n", 1, "no file fits"),
        ("a = 1\n!include_try dovecot.conf\n", 2, "includes itself"),
    ],
)
def test_one_fault_is_one_fault(text: str, line: int, message: str) -> None:
    faults = reading(dovecot=text).faults
    assert [(fault.file, fault.line) for fault in faults] == [(MAIN, line)]
    assert message in faults[0].message
    assert faults[0].cure


def test_a_hash_without_a_blank_before_it_is_doubtful() -> None:
    found = parse('a = b#c\nb = b # c\nc = "b#c"\n#d\nservice x {#e\n}\n')
    assert [(doubt.line, doubt.message) for doubt in found.doubts] == [
        (1, "all from the # on is taken for a comment"),
        (5, "all from the # on is taken for a comment"),
    ]
    assert found.faults == []


def test_a_section_in_one_line_is_there_all_the_same() -> None:
    found = parse("passdb x { driver = pam }\na = 1\n")
    assert [fault.line for fault in found.faults] == [1]
    assert shown(found.root) == [{"passdb x": ["driver=pam"]}, "a=1"]
    found = parse("plugin { a = b; c = d e }\nx { y { z = 1 } }\n")
    assert [fault.line for fault in found.faults] == [1, 2]
    assert shown(found.root) == [{"plugin": ["a=b", "c=d e"]}, {"x": []}]


def test_a_byte_order_mark() -> None:
    found = parse("\ufeffa = 1\n")
    assert [(fault.line, fault.message[:30]) for fault in found.faults] == [(1, "begins with a byte order mark,")]
    assert shown(found.root) == ["a=1"]


def test_only_one_carriage_return_belongs_to_the_end_of_a_line() -> None:
    assert parse("service x {\r\n}\r\n").faults == []
    assert [fault.line for fault in parse("service x {\r\r\n}\r\n").faults] == [1]


def test_a_circle_of_files_is_a_fault() -> None:
    found = reading(dovecot="!include a.conf\n", a="!include b.conf\n", b="!include a.conf\nx = 1\n")
    assert [(fault.file, fault.line) for fault in found.faults] == [("/etc/dovecot/b.conf", 1)]
    assert shown(found.root) == ["x=1"]


def test_a_file_may_be_included_twice() -> None:
    found = reading(dovecot="protocol imap {\n!include a.conf\n}\nprotocol pop3 {\n!include a.conf\n}\n", a="x = 1\n")
    assert found.faults == []
    assert shown(found.root) == [{"protocol imap": ["x=1"]}, {"protocol pop3": ["x=1"]}]


def test_no_configuration_is_a_fault() -> None:
    (fault,) = reading(other="a = 1\n").faults
    assert (fault.file, fault.line, fault.message) == (MAIN, 0, "does not exist")


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("$mail_plugins quota", ["mail_plugins"]),
        ("a $SET:hostname $ENV:HOME", ["hostname", "HOME"]),
        ("a$b", []),
        ('"$mail_plugins x"', []),
        ("%$: $x", ["x"]),
        ("$SET:service/auth/service_client_limit", ["service/auth/service_client_limit"]),
    ],
)
def test_references(written: str, names: list[str]) -> None:
    (setting,) = parse(f"a = {written}\n").root.settings
    assert setting.references == names


def test_what_a_setting_offers() -> None:
    found = reading(dovecot="p = a, b  c\nk = <keys/x.pem\np = d\n")
    first, key, _last = found.root.settings
    assert first.words == ["a", "b", "c"]
    assert key.path == "/etc/dovecot/keys/x.pem"
    assert found.root.value("p") == "d"
    assert found.root.value("nothing", "else") == "else"
