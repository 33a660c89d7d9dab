# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""master.cf: parse, edit and render."""

from dataclasses import replace
from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix import master_cf
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.master_cf import Service

GOLDEN = Path(__file__).parent / "golden"


def golden(name):
    return (GOLDEN / name).read_text(encoding="utf-8")


def test_the_sample_is_understood():
    services = master_cf.services(golden("master.cf"))
    assert list(services) == [
        "smtp/inet",
        "pickup/unix",
        "tlsmgr/unix",
        "relay/unix",
        "postlog/unix-dgram",
        "submission/inet",
        "maildrop/unix",
    ]
    assert services["tlsmgr/unix"] == Service("tlsmgr", "unix", "-", "-", "y", "1000?", "1", "tlsmgr")
    assert services["relay/unix"].options == {
        "syslog_name": "${multi_instance_name?{$multi_instance_name}:{postfix}}/$service_name"
    }
    submission = services["submission/inet"]
    assert submission.options == {
        "smtpd_tls_security_level": "encrypt",
        "smtpd_helo_restrictions": "permit_mynetworks, reject",
    }
    assert submission.arguments == ("-v",)
    assert submission.line == 14
    maildrop = services["maildrop/unix"]
    assert maildrop.options == {}
    assert maildrop.arguments == (
        *("flags=DRXhu", "user=vmail", "argv=/usr/bin/maildrop", "-o", "x", "{ two words }", "{}", "-d"),
        "${recipient}",
    )


def test_every_service_survives_rendering():
    services = master_cf.services(golden("master.cf"))
    rendered = "\n".join(line for service in services.values() for line in master_cf.render(service))
    assert master_cf.services(rendered) == services


def test_the_sample_is_edited():
    services = master_cf.services(golden("master.cf"))
    wanted = {
        "smtp/inet": replace(services["smtp/inet"], maxproc="10"),
        "pickup/unix": services["pickup/unix"],
        "postlog/unix-dgram": None,
        "submission/inet": replace(services["submission/inet"], options={"smtpd_banner": "a b", "smtpd_proxy": ""}),
        "maildrop/unix": replace(services["maildrop/unix"], private="y"),
        "gone/unix": None,
        "scalemail-backend/unix": Service("scalemail-backend", "unix", command="pipe", arguments=("user=x",)),
    }
    text = master_cf.edit(golden("master.cf"), wanted)
    assert text == golden("master.edited.cf")
    assert master_cf.edit(text, wanted) == text


def test_the_same_in_another_layout_stays():
    text = golden("master.cf")
    assert master_cf.edit(text, master_cf.services(text)) == text


def test_the_last_of_several_definitions_counts():
    text = "a unix - - n - - smtp\nb unix - - n - - smtp\na unix - - n - 5 smtp\n"
    assert master_cf.services(text)["a/unix"].maxproc == "5"
    assert len(master_cf.parse(text)) == 3
    assert master_cf.edit(text, {"a/unix": None}) == "b unix - - n - - smtp\n"


def test_a_line_with_too_few_fields_is_no_service_and_stays():
    text = "a unix - - n - -\n"
    assert master_cf.parse(text) == []
    assert master_cf.edit(text, {"a/unix": Service("a", "unix", command="smtp")}).startswith(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" a  b\tc ", ["a", "b", "c"]),
        ("{ a b } c", ["{ a b }", "c"]),
        ("x={a b}{c d}y z", ["x={a b}{c d}y", "z"]),
        ("{a {b c} d} e", ["{a {b c} d}", "e"]),
        ("{a b", ["{a b"]),
        ("a} b", ["a}", "b"]),
    ],
)
def test_arguments_are_split(text, words):
    assert master_cf.split_arguments(text) == words


@pytest.mark.parametrize(
    ("argument", "written"),
    [("plain", "plain"), ("two words", "{two words}"), ("", "{}"), ("{x}", "{{x}}"), ("#x", "{#x}"), ("${x}", "${x}")],
)
def test_arguments_are_quoted(argument, written):
    assert master_cf.quote(argument) == written
    assert master_cf.split_arguments(written) == [written]


@pytest.mark.parametrize(
    ("text", "expected"), [("", True), ("{a{b}}", True), ("{a", False), ("a}", False), ("}{", False)]
)
def test_braces_are_balanced(text, expected):
    assert master_cf.is_balanced(text) is expected


@pytest.mark.parametrize("value", ["x", "", "a b", "{a b}", "${x?{a}:{b}}", "a, b, {c d}", "a{b c}"])
def test_every_option_survives_rendering(value):
    service = Service("a", "unix", command="smtp", options={"name": value, "other": "1"}, arguments=("-v", "x"))
    assert master_cf.parse("\n".join(master_cf.render(service))) == [service]


@pytest.mark.parametrize(
    ("written", "options", "arguments"),
    [
        ("-oa=b -o{ c = d e }", {"a": "b", "c": "d e"}, ()),
        ("-vo a=b -vvoc=d -v", {"a": "b", "c": "d"}, ("-v", "-vv", "-v")),
        ("-o a=b -o a=c", {"a": "c"}, ()),
        ("-v -- -o a=b", {}, ("-v", "--", "-o", "a=b")),
        ("-o a=b user=x -o c=d", {"a": "b"}, ("user=x", "-o", "c=d")),
        ("-o a==b=c -o b=", {"a": "=b=c", "b": ""}, ()),
        ("-o a = b", {}, ("-o", "a", "=", "b")),
        ("-o a= b", {"a": ""}, ("b",)),
        ("-o {a=b}c -o =d -o", {}, ("-o", "{a=b}c", "-o", "=d", "-o")),
        ("-o {a b=c}", {}, ("-o", "{a b=c}")),
    ],
)
def test_overrides_in_all_ways_to_write_them(written, options, arguments):
    (service,) = master_cf.parse(f"x unix - - n - - smtp {written}\n")
    assert (service.options, service.arguments) == (options, arguments)


@pytest.mark.parametrize(("word", "expected"), [("{a}", True), ("{{a}}", True), ("{a}b", False), ("{a}{b}", False)])
def test_braces_around_all_of_a_word(word, expected):
    assert master_cf.is_group(word) is expected
