# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services: programs, listeners, the jail."""

import pytest


@pytest.mark.parametrize(("asked", "severity"), [([("pickup", "unix", {})], "error"), ([], "warning")])
def test_unknown_daemons(catalogue, asked, severity):
    catalogue.facts["missing_daemons"] = frozenset({"pickup"})
    (found,) = catalogue.findings(asked=asked)
    assert (found.code, found.severity, found.line, found.name) == ("unknown_daemon", severity, 2, "pickup/unix")
    assert "/usr/lib/postfix/sbin" in found.message


def test_a_queue_that_is_not_there(catalogue):
    catalogue.files["/nosuch"] = None
    assert catalogue("queue_directory = /nosuch\n") == [("missing_directory", "error", 1, "queue_directory")]


def test_listeners(catalogue):
    found = catalogue(unusable_listeners={"smtp/inet": "bad"}, busy_listeners={"pickup/unix": "busy"})
    assert found == [("unusable_listener", "error", 1, "smtp/inet"), ("unusable_listener", "warning", 2, "pickup/unix")]


def test_an_empty_jail(catalogue):
    catalogue.files["/var/spool/postfix/etc/resolv.conf"] = None
    assert catalogue() == []
    catalogue.facts["fills_jail"] = False
    assert catalogue() == [("empty_jail", "warning", 1, "smtp/inet")]
    assert catalogue("", "smtp inet n - n - - smtpd\n") == []
    catalogue.files["/var/spool/postfix/etc/resolv.conf"] = "nameserver 192.0.2.1\n"
    assert catalogue() == []


@pytest.mark.parametrize(
    ("command", "severity"),
    [
        ("smtpd -o mynetworks = 192.0.2.1", "warning"),
        ("smtpd -o mynetworks= 192.0.2.1", "warning"),
        ("smtpd -v -o mynetworks", "warning"),
        ("smtpd -o", "warning"),
        ("qmgr stray", "warning"),
        ("pipe -o a = b user=x argv=/bin/true", "warning"),
        ("pipe user=x argv=/bin/true {two words}x", "error"),
        ("smtpd {", "error"),
    ],
)
def test_arguments_that_stop_a_service(catalogue, command, severity):
    found = catalogue("", f"x unix - - n - - {command}\n")
    assert ("bad_argument", severity, 1, "x/unix") in found
    assert {code for code, *_rest in found} == {"bad_argument"}


@pytest.mark.parametrize(
    "command",
    [
        "smtpd -o mynetworks=192.0.2.1 -o{smtpd_banner = a b} -v",
        "pipe flags=R user=x argv=/bin/true -o ${sender} { two words } a{b",
        "spawn user=nobody argv=/bin/true",
        "other-program with arguments",
    ],
)
def test_arguments_that_are_taken(catalogue, command):
    assert catalogue("", f"x unix - - n - - {command}\n") == []


def test_an_argument_of_the_task_is_refused(catalogue):
    (found,) = catalogue.findings("", "x unix - - n - - smtpd stray\n", asked=[("x", "unix", {})])
    assert (found.code, found.severity) == ("bad_argument", "error")


SASL = "smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_tls_auth_only = yes\nsmtpd_sasl_path = "


@pytest.mark.parametrize(
    ("path", "chroot", "there", "missing"),
    [
        ("private/auth", "y", "/var/spool/postfix/private/auth", False),
        ("private/auth", "n", "/var/spool/postfix/private/auth", False),
        ("unix:private/auth", "n", "/var/spool/postfix/private/auth", False),
        ("private/auth", "y", None, True),
        ("/run/auth", "n", "/run/auth", False),
        ("/run/auth", "y", "/run/auth", True),
        ("/run/auth", "-", "/run/auth", True),
        ("/run/auth", "y", "/var/spool/postfix/run/auth", False),
        ("inet:192.0.2.1:12345", "y", None, False),
    ],
)
def test_the_socket_of_dovecot(catalogue, path, chroot, there, missing):
    places = ("/run/auth", "/var/spool/postfix/run/auth", "/var/spool/postfix/private/auth")
    catalogue.files.update({place: None for place in places if place != there})
    master = f"smtp inet n - {chroot} - - smtpd\n"
    found = [("missing_socket", "warning", 1, "smtp/inet")] if missing else []
    assert catalogue(f"{SASL}{path}\n", master) == found
    assert catalogue(f"{SASL}{path}\n", master.replace("smtpd", "smtpd -o smtpd_sasl_auth_enable=no")) == []
    # While Dovecot does not run, nobody can tell.
    catalogue.files["/run/dovecot/master.pid"] = None
    assert catalogue(f"{SASL}{path}\n", master) == []


def test_the_jail_is_no_default_of_newer_levels(catalogue):
    catalogue.files["/var/spool/postfix/run/auth"] = None
    assert catalogue(f"{SASL}/run/auth\ncompatibility_level = 3.6\n", "smtp inet n - - - - smtpd\n") == []


@pytest.mark.parametrize(
    ("main", "found"),
    [
        ("virtual_transport = dovcot\n", 1),
        ("content_filter = scan:[192.0.2.1]:10024\n", 1),
        ("x = nosuch\nlocal_transport = $x\n", 1),
        ("virtual_transport = dovecot\ndefault_transport = smtp:[192.0.2.1]\n", 0),
        ("content_filter =\nlocal_transport = dovecot:\nmailbox_transport = smtp:unix:private/x\n", 0),
        ("virtual_transport = ${y?{nosuch}:{z}}\n", 0),
    ],
)
def test_transports_without_a_service(catalogue, main, found):
    master = "25 inet n - y - - smtpd\nsmtp unix - - y - - smtp\ndovecot unix - n n - - pipe user=x argv=/x\n"
    codes = [one.code for one in catalogue.findings(main, master)]
    assert codes == ["unknown_transport"] * found


def test_a_transport_of_one_service(catalogue):
    master = "25 inet n - y - - smtpd -o content_filter=scan:x\nscam unix - - y - - smtp\n"
    (found,) = catalogue.findings("", master, asked=[("25", "inet", {"content_filter": "scan:x"})])
    assert (found.code, found.severity, found.line) == ("unknown_transport", "missing", 1)
    assert found.cure == "did you mean scam?"
