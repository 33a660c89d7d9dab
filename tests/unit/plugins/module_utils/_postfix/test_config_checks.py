# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks: what each finds, and that none cries wolf."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.findings import ERROR, WARNING, Finding
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix import checks
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.checks import Staged, check
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.findings import refuse_errors
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.request import DeclaredService, Request

DEFAULTS = {
    "mail_version": "3.10.13",
    "biff": "yes",
    "smtpd_forbid_bare_newline": "no",
    "smtpd_tls_security_level": "",
    "smtpd_relay_restrictions": "${{$compatibility_level} <level {1} ? {} : {permit_mynetworks, reject}}",
    "smtpd_recipient_restrictions": "",
    "smtpd_restriction_classes": "",
    "daemon_directory": "/usr/lib/postfix/sbin",
    "message_size_limit": "10240000",
}
MASTER = "smtp inet n - y - - smtpd\npickup unix n - y 60 1 pickup\n"
GUARDED = "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n"


def findings(main="", master=MASTER, parameters=(), services=(), **facts):
    request = Request(
        "/etc/postfix", dict.fromkeys(parameters, ("x",)), [DeclaredService(*name, "") for name in services]
    )
    return check(Staged("/staged", request, main, master, DEFAULTS, **facts))


def brief(found):
    return [(finding.code, finding.severity, finding.line, finding.name) for finding in found]


@pytest.mark.parametrize(
    "main",
    [
        "",
        GUARDED + "biff = no\nbiff_not = maybe\nsmtpd_forbid_bare_newline = normalize\n",
        "biff = YES\nmydestination = $myhostname\n",
        "biff = $other\nother = yes\n",
        "biff = ${x?{yes}:{no}}\n",
    ],
)
def test_a_good_configuration_has_no_findings(main):
    assert findings(main) == []


def test_every_check_is_run(monkeypatch):
    monkeypatch.setattr(checks, "CHECKS", tuple(lambda staged, n=n: [Finding(n, ERROR, "m", "c")] for n in "ab"))
    assert [finding.code for finding in findings()] == ["a", "b"]


def test_refusals_are_errors_and_are_said_once():
    lines = (
        "postconf: fatal: file /etc/postfix/master.cf: line 7: bad field count",
        "postfix/postlog: fatal: file /etc/postfix/master.cf: line 7: bad field count",
        "postmap: warning: /etc/postfix/main.cf, line 9: overriding earlier entry: biff=no",
        "Nov 23 09:26:18 mx12 postfix[17475]: fatal: chdir(/nosuch): No such file or directory",
        "not a message",
    )
    found = findings(refusals=lines, messages=lines[:1])
    assert [str(finding).partition(";")[0] for finding in found] == [
        "Postfix says: file /etc/postfix/master.cf: line 7: bad field count",
        "Postfix says: chdir(/nosuch): No such file or directory",
    ]
    assert {finding.severity for finding in found} == {ERROR}


UNUSED = "postconf: warning: /etc/postfix/main.cf: unused parameter: message_size_limt=1=2"


@pytest.mark.parametrize(("asked", "severity"), [(["message_size_limt"], ERROR), ([], WARNING)])
def test_unknown_parameters_name_the_nearest(asked, severity):
    (found,) = findings("a = b\nmessage_size_limt = 1=2\n", parameters=asked, messages=(UNUSED, UNUSED))
    assert brief([found]) == [("unknown_parameter", severity, 2, "message_size_limt")]
    assert found.value == "1=2"
    assert found.cure == "did you mean message_size_limit?"
    assert "3.10.13" in found.message


def test_an_unknown_parameter_without_a_neighbour():
    (found,) = findings(messages=("postconf: warning: /etc/postfix/main.cf: unused parameter: qqq=1",))
    assert found.cure == "correct or remove it"


def test_an_unknown_option_of_a_declared_service_is_an_error():
    line = "postconf: warning: /etc/postfix/master.cf: unused parameter: smtpd_tsl=yes"
    request = Request("/etc/postfix", services=[DeclaredService("smtp", "inet", "", options={"smtpd_tsl": "yes"})])
    (found,) = check(Staged("/staged", request, "", MASTER, DEFAULTS, messages=(line,)))
    assert brief([found]) == [("unknown_parameter", ERROR, None, "smtpd_tsl")]
    assert found.file == "/etc/postfix/master.cf"


def test_other_warnings_of_postfix_are_warnings():
    line = 'postconf: warning: /etc/postfix/main.cf: support for parameter "x" will be removed; use "y"'
    (found,) = findings(messages=(line, line, UNUSED.replace("unused parameter", "overriding earlier entry")))
    assert brief([found]) == [("warned_by_postfix", WARNING, None, None)]
    assert 'support for parameter "x"' in found.message


def test_what_is_defined_twice():
    found = findings("a = 1\nb = 2\na = 3\n", MASTER + "pickup unix n - n 60 1 pickup\n")
    assert brief(found) == [("defined_twice", WARNING, 3, "a"), ("defined_twice", WARNING, 3, "pickup/unix")]
    assert "line 1" in found[0].message
    assert found[1].file == "/etc/postfix/master.cf"


@pytest.mark.parametrize(("asked", "severity"), [(["biff"], ERROR), ([], WARNING)])
def test_what_is_no_boolean(asked, severity):
    (found,) = findings("biff = maybe\n", parameters=asked)
    assert brief([found]) == [("not_boolean", severity, 1, "biff")]
    assert found.value == "maybe"


def test_what_is_no_boolean_in_a_service():
    (found,) = findings(master=f"{MASTER}x unix - - n - - smtp -o biff=1\n")
    assert brief([found]) == [("not_boolean", WARNING, 3, "biff")]


@pytest.mark.parametrize(("asked", "severity"), [([("pickup", "unix")], ERROR), ([], WARNING)])
def test_unknown_daemons(asked, severity):
    (found,) = findings(services=asked, missing_daemons=frozenset({"pickup"}))
    assert brief([found]) == [("unknown_daemon", severity, 2, "pickup/unix")]
    assert "/usr/lib/postfix/sbin" in found.message


def test_missing_directories():
    (found,) = findings("queue_directory = /nosuch\n", missing_directories={"queue_directory": "/nosuch"})
    assert brief([found]) == [("missing_directory", ERROR, 1, "queue_directory")]


def test_listeners():
    found = findings(unusable_listeners={"smtp/inet": "bad"}, busy_listeners={"pickup/unix": "busy"})
    assert brief(found) == [
        ("unusable_listener", ERROR, 1, "smtp/inet"),
        ("unusable_listener", WARNING, 2, "pickup/unix"),
    ]


@pytest.mark.parametrize(
    ("main", "master", "code"),
    [
        ("smtpd_relay_restrictions = permit", MASTER, "open_relay"),
        ("smtpd_relay_restrictions = permit, reject_unauth_destination", MASTER, "open_relay"),
        ("smtpd_relay_restrictions =", MASTER, "no_relay_control"),
        ("smtpd_relay_restrictions = permit_mynetworks", MASTER, "no_relay_control"),
        (GUARDED, MASTER + "587 inet n - y - - smtpd -o smtpd_relay_restrictions=permit\n", "open_relay"),
        (
            "smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = $mua\nmua = permit_mynetworks",
            MASTER,
            "no_relay_control",
        ),
    ],
)
def test_open_relays(main, master, code):
    (found,) = findings(f"{main}\n", master)
    assert found.code == code
    assert found.severity == ERROR


@pytest.mark.parametrize(
    ("main", "master"),
    [
        ("smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = permit_mynetworks, reject", MASTER),
        ("smtpd_relay_restrictions = permit\nsmtpd_recipient_restrictions = reject_unauth_destination", MASTER),
        ("smtpd_restriction_classes = x\nx = reject\nsmtpd_relay_restrictions = permit_mynetworks, x", MASTER),
        (
            GUARDED,
            MASTER + "x inet n - y - - smtpd -o smtpd_relay_restrictions= -o smtpd_recipient_restrictions=reject\n",
        ),
        ("smtpd_relay_restrictions =", MASTER + "smtp inet n - y - - smtpd -o smtpd_relay_restrictions=$r\n")
        and ("r = reject\nsmtpd_relay_restrictions = $r", MASTER),
        ("smtpd_relay_restrictions = permit", "pickup unix n - y 60 1 pickup\n"),
    ],
)
def test_no_open_relay(main, master):
    assert findings(f"{main}\n", master) == []


def test_warnings_do_not_refuse():
    refuse_errors([Finding("x", WARNING, "m", "c")])


def test_errors_refuse_and_all_are_said():
    found = [Finding("x", ERROR, "first", "c"), Finding("y", ERROR, "second", "c"), Finding("z", WARNING, "third", "c")]
    with pytest.raises(Error) as caught:
        refuse_errors(found)
    assert caught.value.message.splitlines() == [
        "the new configuration has 2 errors, nothing was changed:",
        "- first; c",
        "- second; c",
        "- warning: third; c",
    ]
    assert caught.value.details["findings"] == [finding.as_dict() for finding in found]
