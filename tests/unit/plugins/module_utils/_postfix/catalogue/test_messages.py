# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Postfix's tools say, sorted. The lines are those of 3.7.11 and 3.10.13."""

import pytest

MAIN = "postconf: warning: /etc/postfix/main.cf"
MASTER = "postconf: warning: /etc/postfix/master.cf"
SMTP = "smtp inet n - y - - smtpd\n"


def test_refusals_are_errors_and_are_said_once(catalogue):
    lines = (
        "postconf: fatal: file /etc/postfix/master.cf: line 7: bad field count",
        "postfix/postlog: fatal: file /etc/postfix/master.cf: line 7: bad field count",
        "postmap: warning: /etc/postfix/main.cf, line 9: overriding earlier entry: biff=no",
        "Nov 23 09:26:18 mx12 postfix[17475]: fatal: chdir(/nosuch): No such file or directory",
        "not a message",
    )
    found = catalogue.findings(refusals=lines, messages=lines[:1])
    assert [str(finding).partition(";")[0] for finding in found] == [
        "Postfix says: file /etc/postfix/master.cf: line 7: bad field count",
        "Postfix says: chdir(/nosuch): No such file or directory",
    ]
    assert {finding.severity for finding in found} == {"error"}


@pytest.mark.parametrize(("asked", "severity"), [(["message_size_limt"], "error"), ([], "warning")])
def test_unknown_parameters_name_the_nearest(catalogue, asked, severity):
    line = f"{MAIN}: unused parameter: message_size_limt=1=2"
    (found,) = catalogue.findings("a = b\nmessage_size_limt = 1=2\n", asked=asked, messages=(line, line))
    assert (found.code, found.severity, found.line, found.name) == (
        "unknown_parameter",
        severity,
        3,
        "message_size_limt",
    )
    assert found.value == "1=2"
    assert found.cure == "did you mean message_size_limit?"
    assert "3.10.13" in found.message


def test_an_unknown_parameter_without_a_neighbour(catalogue):
    (found,) = catalogue.findings(messages=(f"{MAIN}: unused parameter: qqq=1",))
    assert (found.cure, found.value) == ("correct or remove it", "1")


def test_a_password_in_an_unknown_parameter_is_not_shown(catalogue):
    (found,) = catalogue.findings(messages=(f"{MAIN}: unused parameter: lookup_bind_pw=hunter2",))
    assert "hunter2" not in str(found)


def test_a_restriction_that_lost_its_indentation(catalogue):
    (found,) = catalogue.findings(messages=(f"{MAIN}: unused parameter: permit_mynetworks=",))
    assert "begin the line with white space" in found.cure


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("smpt_destination_rate_delay", "did you mean smtp?"),
        ("qqq_destination_rate_delay", "define the service qqq in master.cf, or remove this"),
    ],
)
def test_a_parameter_of_a_transport_that_is_not_there(catalogue, name, cure):
    (found,) = catalogue.findings(
        master=f"{SMTP}smtp unix - - y - - smtp\n", messages=(f"{MAIN}: unused parameter: {name}=1",)
    )
    assert found.cure == cure


@pytest.mark.parametrize(("asked", "severity"), [([("smtp", "inet", {"smtpd_tsl": "x"})], "error"), ([], "warning")])
def test_an_unknown_option_of_a_service(catalogue, asked, severity):
    line = f"{MASTER}: unused parameter: smtpd_tsl=x"
    (found,) = catalogue.findings(
        master="pickup unix n - n 60 1 pickup\nsmtp inet n - y - - smtpd -o smtpd_tsl=x\n",
        asked=asked,
        messages=(line,),
    )
    assert (found.code, found.severity, found.line, found.name) == ("unknown_parameter", severity, 2, "smtpd_tsl")
    assert found.file == "/etc/postfix/master.cf"
    assert "smtp/inet" in found.message


def test_an_undefined_name(catalogue):
    line = f"{MAIN}: undefined parameter: myhostnam"
    main = "proxy_read_maps = $myhostnam\nsmtpd_banner = $myhostnam\na = ${myhostnam}\n"
    main += "b = ${myhostnam?x}\nc = $myhostname\n"
    assert catalogue(main, asked=["a"], messages=(line,)) == [
        ("undefined_name", "warning", 2, "smtpd_banner"),
        ("undefined_name", "error", 3, "a"),
    ]
    assert catalogue.findings(main, messages=(line,))[0].cure == "did you mean myhostname?"


def test_a_deprecated_parameter(catalogue):
    line = f'{MAIN}: support for parameter "smtpd_use_tls" will be removed; instead, specify "smtpd_tls_security_level"'
    (found,) = catalogue.findings("smtpd_use_tls = no\n", asked=["smtpd_use_tls"], messages=(line,))
    assert (found.code, found.severity, found.line) == ("deprecated_parameter", "warning", 2)
    assert found.cure == "set smtpd_tls_security_level"


def test_other_warnings_of_postfix_are_warnings(catalogue):
    lines = (f"{MAIN}: is odd", f"{MAIN}: is odd", f"{MAIN}, line 9: overriding earlier entry: biff=no")
    lines += ('postconf: warning: open "mysql" configuration "/x.cf": No such file or directory',)
    (found,) = catalogue.findings(messages=lines)
    assert (found.code, found.severity) == ("warned_by_postfix", "warning")
    assert found.message.endswith("main.cf: is odd")


def test_a_byte_order_mark_is_a_part_of_the_name(catalogue):
    said = "postconf: warning: /etc/postfix/main.cf: unused parameter: ???mydestination=a.test"
    assert catalogue("\ufeffmydestination = a.test\n", messages=(said,)) == [
        ("unknown_parameter", "warning", 1, "\ufeffmydestination")
    ]
