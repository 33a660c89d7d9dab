# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What doveconf lets through and Dovecot does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import pytest
import yaml
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.checks import CHECKS, check
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.configuration import Configuration
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.host import Installation
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.findings import Finding

GOLDEN = Path(__file__).parent / "golden"
Fake = Callable[..., Installation]
Declare = Callable[..., Configuration]
COMPLETE = {
    "plugins": ["quota", "imap_quota", "sieve"],
    "programs": [
        "imap",
        "imap-login",
        "pop3",
        "pop3-login",
        "lmtp",
        "managesieve",
        "managesieve-login",
        "quota-status",
    ],
    "modules": ["libdriver_sqlite.so"],
    "users": ["vmail", "postfix"],
    "groups": ["vmail", "postfix"],
    "files": ["/etc/ssl/postfix_manager/mail.pem", "/etc/ssl/postfix_manager/mail.key", "/var/spool/postfix/private"],
}


def short(findings: list[Finding]) -> list[tuple[str, str, str, str]]:
    return [(found.code, found.severity, found.option, found.message) for found in findings]


@pytest.mark.parametrize("syntax", ["2.3", "2.4"])
def test_a_whole_server_has_no_findings(installation: Fake, declare: Declare, syntax: str) -> None:
    params = yaml.safe_load((GOLDEN / f"server-{syntax}.yml").read_text())
    host = installation(syntax, **COMPLETE)
    assert check(declare(params["settings"], syntax, params["files"]), host) == []


@pytest.mark.parametrize("syntax", ["2.3", "2.4"])
def test_on_an_empty_host_all_that_it_lacks_is_missing_and_nothing_wrong(
    installation: Fake, declare: Declare, syntax: str
) -> None:
    params = yaml.safe_load((GOLDEN / f"server-{syntax}.yml").read_text())
    findings = check(declare(params["settings"], syntax, params["files"]), installation(syntax))
    assert {found.severity for found in findings} == {"missing"}
    assert {found.code for found in findings} == {
        "file",
        "plugin",
        "protocol",
        "program",
        "account",
        "folder",
        "driver",
    }


@pytest.mark.parametrize(
    ("syntax", "settings", "finding"),
    [
        (
            "2.3",
            {"ssl_key": "</etc/none.key"},
            ("file", "missing", "settings.ssl_key", "does not exist"),
        ),
        (
            "2.3",
            {"passdb": [{"driver": "sql", "args": "/etc/dovecot/none.ext"}]},
            ("file", "missing", "settings.passdb[0].args", "does not exist"),
        ),
        (
            "2.4",
            {"ssl_server": {"cert_file": "/etc/none.pem"}},
            ("file", "missing", "settings.ssl_server.cert_file", "does not exist"),
        ),
        (
            "2.4",
            {"local_name a.example": {"ssl_server_key_file": "/etc/none.key"}},
            ("file", "missing", "settings.local_name a.example.ssl_server_key_file", "does not exist"),
        ),
        (
            "2.4",
            {"mail_plugins": ["quota", "acl"]},
            ("plugin", "missing", "settings.mail_plugins", "the plugin acl is not installed"),
        ),
        (
            "2.4",
            {"mail_plugins": "$mail_plugins quota"},
            ("plugin", "error", "settings.mail_plugins", "2.4 takes $mail_plugins for the name of a plugin"),
        ),
        (
            "2.4",
            {"protocol imap": {"mail_plugins": {"acl": True, "fts": False}}},
            ("plugin", "missing", "settings.protocol imap.mail_plugins.acl", "the plugin acl is not installed"),
        ),
        (
            "2.4",
            {"protocols": ["lmtp", "submission"], "ssl": False, "passdb pam": {}, "userdb passwd": {}},
            ("protocol", "missing", "settings.protocols", "submission is not installed"),
        ),
        (
            "2.3",
            {"service x": {"executable": "script /usr/local/bin/x"}},
            ("program", "missing", "settings.service x.executable", "script is not installed"),
        ),
        (
            "2.3",
            {"service lmtp": {"user": "nobody-here"}},
            ("account", "missing", "settings.service lmtp.user", "there is no user nobody-here"),
        ),
        (
            "2.4",
            {"service auth": {"extra_groups": ["postfix", "none"]}},
            ("account", "missing", "settings.service auth.extra_groups", "there is no group none"),
        ),
        ("2.4", {"mail_gid": "none"}, ("account", "missing", "settings.mail_gid", "there is no group none")),
        (
            "2.4",
            {"service auth": {"unix_listener /var/none/auth": {}}},
            (
                "folder",
                "missing",
                "settings.service auth.unix_listener /var/none/auth",
                "the folder /var/none does not exist",
            ),
        ),
        (
            "2.4",
            {"passdb x": {"driver": "shadow"}},
            ("driver", "error", "settings.passdb x.driver", "shadow is not a driver"),
        ),
        (
            "2.4",
            {"passdb Static": {}},
            ("driver", "error", "settings.passdb Static", "Static is not a driver, and none is set"),
        ),
        (
            "2.4",
            {"userdb x": {"userdb_driver": "y"}},
            ("driver", "error", "settings.userdb x.userdb_driver", "y is not a driver"),
        ),
        ("2.4", {"mail_driver": "mailbox"}, ("driver", "error", "settings.mail_driver", "mailbox is not a driver")),
        (
            "2.4",
            {"quota x": {"driver": "dirsize"}},
            ("driver", "error", "settings.quota x.driver", "dirsize is not a driver"),
        ),
        ("2.4", {"sql_driver": "oracle"}, ("driver", "error", "settings.sql_driver", "oracle is not a driver")),
        ("2.4", {"sql_driver": "mysql"}, ("driver", "missing", "settings.sql_driver", "mysql is not installed")),
        ("2.3", {"mail_location": "box:~/x"}, ("driver", "error", "settings.mail_location", "box is not a driver")),
        (
            "2.3",
            {"plugin": {"quota": "counts:x"}},
            ("driver", "error", "settings.plugin.quota", "counts is not a driver"),
        ),
        (
            "2.4",
            {"auth_mechanisms": "plain magic"},
            ("mechanism", "error", "settings.auth_mechanisms", "magic is not a mechanism"),
        ),
        (
            "2.3",
            {"auth_mechanisms": ["scram-sha-256-plus"]},
            ("mechanism", "error", "settings.auth_mechanisms", "scram-sha-256-plus is not a mechanism"),
        ),
        (
            "2.4",
            {"mail_path": "/var/vmail/%u"},
            ("variable", "error", "settings.mail_path", "%u is no variable of Dovecot 2.4"),
        ),
        (
            "2.4",
            {"mail_home": "/var/vmail/%d/%n"},
            ("variable", "error", "settings.mail_home", "%d is no variable of Dovecot 2.4"),
        ),
        (
            "2.4",
            {"auth_username_format": "%Lu"},
            ("variable", "error", "settings.auth_username_format", "%Lu is no variable of Dovecot 2.4"),
        ),
        (
            "2.4",
            {"passdb sql": {"query": "SELECT 1 WHERE u = '%u'"}},
            ("variable", "error", "settings.passdb sql.query", "%u is no variable of Dovecot 2.4"),
        ),
    ],
)
def test_one_finding(
    installation: Fake, declare: Declare, syntax: str, settings: dict[str, Any], finding: tuple[str, ...]
) -> None:
    assert short(check(declare(settings, syntax), installation(syntax, **COMPLETE))) == [finding]


@pytest.mark.parametrize(
    ("syntax", "settings"),
    [
        ("2.3", {"mail_location": "maildir:/var/vmail/%d/%n", "auth_username_format": "%Lu"}),
        ("2.3", {"mail_plugins": "$mail_plugins quota", "service auth": {"user": "$default_internal_user"}}),
        (
            "2.3",
            {"passdb x": {"driver": "shadow"}, "passdb y": {"driver": "passwd-file", "args": "scheme=CRYPT /etc/%d"}},
        ),
        ("2.3", {"namespace x": {"location": "", "inbox": True}, "plugin": {"quota": ""}}),
        ("2.4", {"mail_plugins": "$SET:other quota", "service auth": {"user": "$SET:default_internal_user"}}),
        ("2.4", {"mail_path": "~/%{user | domain}", "log_timestamp": "%b %d %H:%M:%S ", "mail_uid": 5000}),
        ("2.4", {"ssl_server_cert_file": "/etc/ssl/%{local_name}.pem", "mail_driver": "%{x}"}),
        ("2.4", {"passdb sql": {"query": "SELECT 1 WHERE a LIKE '%demo' AND b = '%%u'"}}),
        ("2.4", {"service auth": {"unix_listener auth-userdb": {"mode": "0600"}}}),
        ("2.4", {"libexec_dir": "/opt/dovecot", "protocols": ["lmtp"]}),
        ("2.3", {"mail_location": "Maildir:/x/%u"}),
        ("2.4", {"passdb mine": {"passdb_driver": "pam"}, "passdb static": {}}),
        ("2.4", {"mail_driver": "SDBOX"}),
        ("2.4", {"mail_plugin_dir": "acl", "mail_plugins": ["acl"]}),
        ("2.4", {"ssl_server_ca_file": "/etc/ssl/postfix_manager/mail.pem"}),
    ],
)
def test_no_finding(installation: Fake, declare: Declare, syntax: str, settings: dict[str, Any]) -> None:
    assert check(declare(settings, syntax), installation(syntax, **COMPLETE)) == []


def test_findings_of_doveconf_and_of_the_checks_come_together_each_once(installation: Fake, declare: Declare) -> None:
    errors = {"sieve": "=doveconf: Fatal: Error in configuration file /tmp/x: protocols: Unknown protocol: sieve"}
    host = installation("2.4", errors, programs=["lmtp"])
    findings = check(
        declare(
            {"protocols": ["lmtp", "sieve"], "ssl": False, "passdb pam": {}, "userdb passwd": {}, "mail_driver": "x"},
            "2.4",
        ),
        host,
    )
    assert short(findings) == [
        ("protocol", "missing", "settings.protocols", "sieve is not installed"),
        ("driver", "error", "settings.mail_driver", "x is not a driver"),
    ]


def test_an_sql_file_of_2_3(installation: Fake, declare: Declare) -> None:
    files = [
        {"path": "sql.ext", "settings": {"driver": "pgsql", "connect": "/x", "user_querry": "SELECT 1"}},
        {"path": "other.ext", "settings": {"driver": "x", "connect": "/x", "anything": "goes"}},
    ]
    settings = {"userdb": {"driver": "sql", "args": "/etc/dovecot/sql.ext"}}
    findings = check(declare(settings, "2.3", files), installation("2.3"))
    assert short(findings) == [
        ("driver", "missing", "files[0].settings.driver", "pgsql is not installed"),
        ("setting", "error", "files[0].settings.user_querry", "is not known in an SQL file"),
    ]
    assert [(found.file, found.line) for found in findings] == [
        ("/etc/dovecot/sql.ext", 1),
        ("/etc/dovecot/sql.ext", 3),
    ]


def test_a_sieve_script_that_does_not_compile(installation: Fake, declare: Declare) -> None:
    said = (
        "script: line 1: error: require command: unknown Sieve capability 'x'.\n"
        "script: line 3: error: unknown command 'bogus' (only reported once at first occurrence).\n"
        "script: error: validation failed.\nsievec: Fatal: failed to compile sieve script\n"
    )
    files = [{"path": "sieve/a.sieve", "content": "bogus;\n"}, {"path": "b.txt", "content": "bogus;\n"}]
    findings = check(declare({}, "2.4", files), installation(sieve_errors=said))
    assert [(found.file, found.line, found.option, found.message) for found in findings] == [
        ("/etc/dovecot/sieve/a.sieve", 1, "files[0].content", "require command: unknown Sieve capability 'x'."),
        (
            "/etc/dovecot/sieve/a.sieve",
            3,
            "files[0].content",
            "unknown command 'bogus' (only reported once at first occurrence).",
        ),
    ]


@pytest.mark.parametrize(
    ("syntax", "settings", "told"),
    [
        ("2.4", {"ssl": True, "sieve_plugins": "x", "sieve_script a": {"path": "/x"}}, "sieve_plugins = x\n"),
        ("2.4", {"sieve_extensions": {"fileinto": True}}, "sieve_extensions {\n  fileinto = yes\n}\n"),
        (
            "2.3",
            {"plugin": {"sieve": "file:~/x", "sieve_extensions": "+editheader", "quota": "count:x"}},
            "plugin {\n  sieve_extensions = +editheader\n}\n",
        ),
        ("2.3", {"plugin": {"sieve": "file:~/x"}}, ""),
    ],
)
def test_the_compiler_knows_the_extensions(
    installation: Fake, declare: Declare, syntax: str, settings: dict[str, Any], told: str
) -> None:
    host = installation(syntax)
    check(declare(settings, syntax, [{"path": "a.sieve", "content": "keep;\n"}]), host)
    assert host.compiled == [("keep;\n", told)]


def test_every_check_says_what_goes_wrong() -> None:
    assert all(function.__doc__ for function in CHECKS)
