# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration as data."""

from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix import info

DEFAULTS = {"biff": "yes", "mydestination": "$myhostname,  localhost", "smtp_sasl_password_maps": "", "relayhost": ""}
MAIN = """# a comment
biff = no
mydestination =
  $myhostname, localhost
smtp_sasl_password_maps = static:user:hunter2
own = x
"""
MASTER = "smtp inet n - y - 3 smtpd -o biff=no -o lookup_bind_pw=hunter2\nx unix - n n - - pipe flags=R argv=/x http://u:hunter2@h/\n"


def entries(*patterns):
    return info.parameters("/etc/postfix", MAIN, MASTER, DEFAULTS, patterns)


def test_what_is_set_is_reported_with_its_place():
    found = {(one["name"], one["service"]): one for one in entries()}
    assert list(found) == [
        ("biff", None),
        ("biff", "smtp/inet"),
        ("lookup_bind_pw", "smtp/inet"),
        ("mydestination", None),
        ("own", None),
        ("smtp_sasl_password_maps", None),
    ]
    assert found["biff", None] == {
        "name": "biff",
        "value": "no",
        "default": "yes",
        "differs": True,
        "source": "main.cf",
        "file": "/etc/postfix/main.cf",
        "line": 2,
        "service": None,
    }
    assert found["biff", "smtp/inet"]["file"] == "/etc/postfix/master.cf"
    assert found["mydestination", None]["differs"] is False
    assert found["own", None]["default"] is None


def test_patterns_bring_defaults_too():
    assert [(one["name"], one["source"], one["differs"]) for one in entries("b*", "relay*")] == [
        ("biff", "main.cf", True),
        ("biff", "master.cf", True),
        ("relayhost", "default", False),
    ]
    assert entries("nosuch") == []


def test_services():
    smtp, pipe = info.services(MASTER)
    assert (smtp["name"], smtp["type"], smtp["chroot"], smtp["maxproc"], smtp["line"]) == ("smtp", "inet", "y", "3", 1)
    assert smtp["options"] == {"biff": "no", "lookup_bind_pw": "(secret)"}
    assert pipe["args"] == "flags=R argv=/x (secret)"


def test_no_secret_is_shown():
    assert "hunter2" not in str([entries(), info.services(MASTER)])


def test_instances():
    listed = "-               -               y         /etc/postfix\nout  mta  n  /etc/postfix-out\n"
    assert info.instances(listed) == [
        {"name": None, "group": None, "enabled": True, "config_directory": "/etc/postfix"},
        {"name": "out", "group": "mta", "enabled": False, "config_directory": "/etc/postfix-out"},
    ]
