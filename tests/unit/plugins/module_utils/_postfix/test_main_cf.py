# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""main.cf: parse, edit and render."""

from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix import main_cf

GOLDEN = Path(__file__).parent / "golden"


def golden(name):
    return (GOLDEN / name).read_bytes().decode("utf-8", "surrogateescape")


def test_the_sample_is_understood():
    parameters = main_cf.parse(golden("main.cf"))
    assert [(entry.name, entry.line) for entry in parameters] == [
        ("smtpd_banner", 5),
        ("biff", 6),
        ("smtpd_tls_cert_file", 9),
        ("smtpd_tls_security_level", 10),
        ("smtpd_relay_restrictions", 12),
        ("mynetworks", 16),
        ("relayhost", 19),
        ("myhostname", 20),
        ("myhostname", 21),
    ]
    values = main_cf.values(golden("main.cf"))
    assert values["smtpd_relay_restrictions"] == (
        "permit_mynetworks permit_sasl_authenticated defer_unauth_destination"
    )
    assert values["mynetworks"] == "127.0.0.0/8 [::1]/128"
    assert values["relayhost"] == ""
    assert values["myhostname"] == "second.example.test"


def test_the_sample_is_edited():
    wanted = {
        "biff": ("yes",),
        "smtpd_tls_cert_file": None,
        "smtpd_tls_security_level": ("may",),
        "smtpd_relay_restrictions": ("permit_mynetworks", "reject_unauth_destination"),
        "myhostname": ("mail.example.test",),
        "mail_name": ("café",),
        "smtpd_recipient_restrictions": tuple(f"check_client_access cidr:/etc/postfix/{n}.cidr" for n in range(3)),
        "smtpd_helo_restrictions": ("",),
        "never_there": None,
    }
    text = main_cf.edit(golden("main.cf"), wanted)
    assert text == golden("main.edited.cf")
    assert main_cf.edit(text, wanted) == text


def test_bytes_that_are_not_utf8_survive():
    text = b"# caf\xe9\nmail_name = caf\xe9\n".decode("utf-8", "surrogateescape")
    edited = main_cf.edit(text, {"biff": ("no",)})
    assert edited.encode("utf-8", "surrogateescape").startswith(b"# caf\xe9\nmail_name = caf\xe9\n")


def test_the_same_in_another_layout_stays():
    text = golden("main.cf")
    same = {name: (value,) for name, value in main_cf.values(text).items()}
    assert main_cf.edit(text, same) == text
    assert main_cf.edit(text, {"mynetworks": ("127.0.0.0/8  [::1]/128",)}) == text


@pytest.mark.parametrize("line", ["no equals sign", "= value", "  = x", "two words = x"])
def test_what_postfix_refuses_is_no_parameter_and_stays(line):
    assert main_cf.parse(line) == []
    assert main_cf.edit(line, {"a": ("1",)}) == f"{line}\na = 1\n"


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        (("x",), ["n = x"]),
        (("",), ["n ="]),
        (("a", "b"), ["n = a, b"]),
        (("a" * 60, "b" * 60), ["n =", f"    {'a' * 60},", f"    {'b' * 60}"]),
        (("a" * 60, "#" + "b" * 60), [f"n = {'a' * 60}, #{'b' * 60}"]),
        (("word " * 30,), [f"n = {('word ' * 30).strip()}"]),
    ],
)
def test_rendering(value, lines):
    assert main_cf.render("n", value) == lines
    assert main_cf.values("\n".join(lines)) == {"n": main_cf.text_of(value)}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", "plain"),
        ("$a/${b}/$(c)", "A/B/C"),
        ("$d", "A-B"),
        ("$unset.", "."),
        ("${a?{x}:{y}}", None),
        ("$loop", None),
    ],
)
def test_references_are_expanded_where_that_is_certain(value, expected):
    values = {"a": "A", "b": "B", "c": "C", "d": "$a-$b", "loop": "$loop"}
    assert main_cf.expand(value, values.get) == expected
