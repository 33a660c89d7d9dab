# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words in lists of restrictions, and their order."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.catalogue.restrictions import Rule, parse


def test_parsing():
    assert parse("permit_mynetworks,check_policy_service { inet:x:1, timeout=3s } warn_if_reject reject, sleep 3") == [
        Rule("permit_mynetworks"),
        Rule("check_policy_service", "{ inet:x:1, timeout=3s }"),
        Rule("reject", is_only_logged=True),
        Rule("sleep", "3"),
    ]


@pytest.mark.parametrize(
    "value",
    [
        "permit_mynetworks reject_unlisted_sender, permit",
        "check_client_access hash:/a, hash:/b, check_sender_mx_access cidr:/c",
        "check_policy_service unix:private/policy",
        "reject_rbl_client zen.example.test=127.0.0.[2..11], reject_rhsbl_helo dbl.example.test",
        "check_sender_access inline:{{a@b.test = gold}}, gold",
        "$mine",
        "check_reverse_client_hostname_access pcre:/x",
        "pcre:/etc/postfix/clients",
        "warn_if_reject reject_unknown_client_hostname, sleep 1",
    ],
)
def test_words_that_are_known(catalogue, value):
    main = "smtpd_restriction_classes = gold\ngold = permit\nmine = reject_unauth_pipelining\n"
    catalogue.files.update({"/a.db": "", "/b.db": ""})
    assert catalogue(f"{main}smtpd_client_restrictions = {value}\n") == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("reject_unauth_destintion", "did you mean reject_unauth_destination?"),
        ("permit_mynetwork, reject", "did you mean permit_mynetworks?"),
        ("qqq", "take it out"),
        ("check_client_acces hash:/a", "did you mean check_client_access?"),
        ("check_clint_access hash:/a", "did you mean check_client_access?"),
        ("check_policy_service", "give it its table"),
        ("check_client_access permit_mynetworks", "give it its table"),
        ("reject_maps_rbl", "use reject_rbl_client"),
        ("gold", "smtpd_restriction_classes"),
    ],
)
@pytest.mark.parametrize(("asked", "severity"), [(["smtpd_client_restrictions"], "error"), ([], "warning")])
def test_words_that_are_not(catalogue, value, said, asked, severity):
    found = catalogue.findings(f"smtpd_client_restrictions = {value}\n", asked=asked)
    assert [(one.code, one.severity, one.line) for one in found] == [("unknown_restriction", severity, 2)]
    assert said in found[0].cure


def test_words_of_a_class_and_of_a_service(catalogue):
    main = "smtpd_restriction_classes = gold\ngold = permitt\n"
    master = "smtp inet n - y - - smtpd -o smtpd_client_restrictions=rejekt\n"
    assert catalogue(main, master) == [
        ("unknown_restriction", "warning", 2, "gold"),
        ("unknown_restriction", "warning", 1, "smtpd_client_restrictions"),
    ]


@pytest.mark.parametrize(
    ("version", "word", "code"),
    [
        ("3.7.11", "reject_maps_rbl", ["deprecated_restriction"]),
        ("3.9.0", "reject_maps_rbl", ["unknown_restriction"]),
        ("3.7.11", "permit_mx_backup", []),
        ("3.10.13", "permit_mx_backup", ["deprecated_restriction"]),
    ],
)
def test_what_a_release_takes_away(catalogue, version, word, code):
    main = f"smtpd_client_restrictions = {word}\n"
    assert catalogue.codes(main, asked=["smtpd_client_restrictions"], version=version) == code


@pytest.mark.parametrize("word", ["permit", "reject", "defer"])
def test_rules_that_are_never_reached(catalogue, word):
    main = f"smtpd_client_restrictions = permit_mynetworks, {word}, reject_unknown_client_hostname, permit\n"
    (found,) = catalogue.findings(main, asked=["smtpd_client_restrictions"])
    assert (found.code, found.severity) == ("unreachable_rule", "warning")
    assert "reject_unknown_client_hostname, permit" in found.message


@pytest.mark.parametrize(
    "value", ["permit_mynetworks, reject", "warn_if_reject reject, permit", "check_client_access permit, reject"]
)
def test_rules_that_are_reached(catalogue, value):
    assert "unreachable_rule" not in catalogue.codes(f"smtpd_client_restrictions = {value}\n")
