# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""All errors of doveconf, each with the option that it came from. The messages are those of 2.3.19 and 2.4.1."""

from __future__ import annotations

from typing import Any, Callable, Optional

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.doveconf import LIMIT, errors_of
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.flattening import lines_of
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.host import Installation
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.reading import parse
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.settings import Line, Renderer

FILE = "/etc/dovecot/dovecot.conf"
Fake = Callable[..., Installation]


def lines(settings: dict[str, Any], secrets: Optional[dict[str, Any]] = None, syntax: str = "2.4") -> list[Line]:
    renderer = Renderer(syntax)
    renderer.render(settings, secrets or {})
    assert renderer.problems == []
    return renderer.lines


def test_a_good_file_is_asked_for_once(installation: Fake) -> None:
    host = installation()
    assert errors_of(lines({"ssl": True}), FILE, host) == []
    assert host.asked == ["ssl = yes\n"]


def test_every_error_is_found_and_the_numbers_of_the_lines_stay(installation: Fake) -> None:
    settings = {
        "bogus": 1,
        "ssl": True,
        "plugin": {"a": 1, "b": 2},
        "service imap-login": {"client_limitt": 3, "process_limit": "many"},
    }
    host = installation(
        errors={
            "bogus": "bogus: Unknown setting: bogus",
            "plugin": "Unknown section name: plugin",
            "client_limitt": "client_limitt: Unknown setting: client_limitt (service_client_limitt not found either.)",
            "many": "process_limit: Invalid number many: Not a valid number",
        }
    )
    findings = errors_of(lines(settings), FILE, host)
    assert [(found.line, found.option, found.name, found.value) for found in findings] == [
        (1, "settings.bogus", "bogus", "1"),
        (3, "settings.plugin", "plugin", None),
        (8, "settings.service imap-login.client_limitt", "client_limitt", "3"),
        (9, "settings.service imap-login.process_limit", "process_limit", "many"),
    ]
    assert [found.message for found in findings] == [
        *["is not known to Dovecot 2.4 here"] * 3,
        "Invalid number many: Not a valid number",
    ]
    assert [found.cure for found in findings] == [
        "see Dovecot's documentation for what belongs there",
        "in 2.4 write its settings at the top level; quotas and Sieve scripts have sections of their own",
        "did you mean client_limit?",
        "give a number",
    ]
    assert {found.severity for found in findings} == {"error"}
    assert host.asked[-1] == "\nssl = yes\n\n\n\n\nservice imap-login {\n\n\n}\n"


@pytest.mark.parametrize(
    ("syntax", "name", "message", "cure"),
    [
        (
            "2.4",
            "ssl_cert",
            "ssl_cert: Unknown setting: ssl_cert",
            "in 2.4 write ssl_server_cert_file, the path without <",
        ),
        (
            "2.4",
            "disable_plaintext_auth",
            "disable_plaintext_auth: Unknown setting: disable_plaintext_auth",
            "in 2.4 write auth_allow_cleartext, with the opposite value",
        ),
        ("2.3", "mail_path", "Unknown setting: mail_path", "in 2.3 write mail_location, as in `maildir:~/Maildir`"),
        ("2.3", "quota_grace", "Unknown setting: quota_grace", "put it into the section `plugin`"),
    ],
)
def test_settings_of_the_other_version(installation: Fake, syntax: str, name: str, message: str, cure: str) -> None:
    (found,) = errors_of(lines({name: "x"}, syntax=syntax), FILE, installation(syntax, {name: message}))
    assert (found.code, found.cure) == ("setting", cure)


def test_what_only_lacks_its_package(installation: Fake) -> None:
    settings = lines({"sqlite_path": "/x"})
    errors = {"sqlite_path": "sqlite_path: Unknown setting: sqlite_path"}
    (missing,) = errors_of(settings, FILE, installation(errors=errors))
    assert (missing.severity, missing.cure) == ("missing", "install dovecot-sqlite")
    (unknown,) = errors_of(settings, FILE, installation(errors=errors, modules=["libdriver_sqlite.so"]))
    assert unknown.severity == "error"


def test_each_unknown_protocol_is_found(installation: Fake) -> None:
    settings = {"protocols": ["imap", "sieve", "nosuch"]}
    errors = {
        "sieve": "=doveconf: Fatal: Error in configuration file /tmp/x: protocols: Unknown protocol: sieve",
        "nosuch": "=doveconf: Fatal: Error in configuration file /tmp/x: protocols: Unknown protocol: nosuch",
    }
    host = installation(errors=errors)
    findings = errors_of(lines(settings), FILE, host)
    assert [(found.severity, found.message, found.cure) for found in findings] == [
        ("missing", "sieve is not installed", "install dovecot-managesieved"),
        ("error", "Unknown protocol: nosuch", "give some of imap, pop3, lmtp, sieve, submission"),
    ]
    assert {(found.line, found.option) for found in findings} == {(1, "settings.protocols")}
    assert host.asked[-1] == "protocols = imap\n"


@pytest.mark.parametrize(
    ("message", "option", "said"),
    [
        (
            "Error in configuration file /tmp/x: service(lmtp): process_limit must be higher than 0",
            "settings.service lmtp.process_limit",
            "service(lmtp): process_limit must be higher than 0",
        ),
        (
            "Error in configuration file /tmp/x: Namespace inbox: Hierarchy separator must be only one character long",
            "settings.namespace inbox",
            "Namespace inbox: Hierarchy separator must be only one character long",
        ),
        (
            "Error in configuration file /tmp/x: Namespace 'a/': Hierarchy separator must be only one character long",
            "settings.namespace other",
            "Namespace 'a/': Hierarchy separator must be only one character long",
        ),
        (
            "Error in configuration file /tmp/x: Namespace '': Hierarchy separator must be only one character long",
            "settings.namespace inbox",
            "Namespace '': Hierarchy separator must be only one character long",
        ),
    ],
)
def test_errors_without_a_line(installation: Fake, message: str, option: str, said: str) -> None:
    settings = {
        "process_limit": 0,
        "service lmtp": {"process_limit": "0bad"},
        "namespace inbox": {"separator": "0bad"},
        "namespace other": {"prefix": "a/", "separator": "0bad"},
    }
    findings = errors_of(lines(settings), FILE, installation(errors={"0bad": f"=doveconf: Fatal: {message}"}))
    assert (findings[0].option, findings[0].message) == (option, said)


def test_a_panic_over_a_variable_is_placed_by_the_value(installation: Fake) -> None:
    errors = {"%{user": "=doveconf: Panic: %{user: syntax error, unexpected end of file, expecting CCBRACE or PIPE"}
    (found,) = errors_of(lines({"a": 1, "auth_username_format": "%{user"}), FILE, installation(errors=errors))
    assert (found.line, found.option) == (2, "settings.auth_username_format")


def test_a_user_that_doveconf_does_not_find_is_missing(installation: Fake) -> None:
    errors = {
        "default_login": "=doveconf: Fatal: Error in configuration file /tmp/x: default_login_user doesn't exist: a"
    }
    (found,) = errors_of(lines({"ssl": True, "default_login_user": "a"}), FILE, installation(errors=errors))
    assert (found.code, found.severity, found.line, found.message) == ("account", "missing", 2, "there is no user a")


def test_what_cannot_be_placed_ends_the_search(installation: Fake) -> None:
    host = installation(errors={"ssl": "=doveconf: Fatal: something about nothing"})
    (found,) = errors_of(lines({"ssl": True}), FILE, host, "settings")
    assert (found.line, found.option, found.message) == (None, "settings", "something about nothing")
    assert len(host.asked) == 1


@pytest.mark.parametrize(
    ("settings", "errors", "findings"),
    [
        (
            {"bogus": 1},
            {"bogus": "The first setting must be dovecot_config_version"},
            [("version", "dovecot_config_version", None, "is missing")],
        ),
        (
            {"dovecot_config_version": "2.4.0", "bogus": 1},
            {"bogus": "=doveconf: Fatal: dovecot_storage_version setting must be set"},
            [("version", "dovecot_storage_version", None, "is missing")],
        ),
        (
            {"bogus": 1, "dovecot_config_version": "2.4.0"},
            {"bogus": "The first setting must be dovecot_config_version"},
            [("version", "dovecot_config_version", 2, "does not come first")],
        ),
        (
            {"dovecot_config_version": "2.4.9", "bogus": 1},
            {"2.4.9": "Invalid dovecot_config_version: Currently supported versions are: 2.4.0 2.4.1"},
            [
                (
                    "version",
                    "dovecot_config_version",
                    1,
                    "Invalid dovecot_config_version: Currently supported versions are: 2.4.0 2.4.1",
                )
            ],
        ),
    ],
)
def test_what_a_version_would_hide_is_found(
    installation: Fake, settings: dict[str, Any], errors: dict[str, str], findings: list[tuple[Any, ...]]
) -> None:
    class Installed(type(installation())):  # type: ignore[misc]
        def doveconf(self, text: str) -> Any:
            if text.startswith(self.minimum):
                self.errors = {"bogus": "bogus: Unknown setting: bogus"}
            return super().doveconf(text)

    *versions, unknown = errors_of(lines(settings), FILE, Installed("2.4", errors))
    assert [(found.code, found.name, found.line, found.message) for found in versions] == findings
    assert (unknown.code, unknown.name, unknown.severity) == ("setting", "bogus", "error")
    assert unknown.line == list(settings).index("bogus") + 1


def test_a_doveconf_that_cannot_run_is_an_error(installation: Fake) -> None:
    (found,) = errors_of(lines({"ssl": True}), FILE, installation(errors={"ssl": "=cannot load library"}))
    assert (found.severity, found.message) == ("error", "doveconf failed with exit code 89: cannot load library")


def test_an_error_that_stays_is_said_once(installation: Fake) -> None:
    class Stubborn(type(installation())):  # type: ignore[misc]
        def doveconf(self, text: str) -> Any:
            return self._result(89, "doveconf: Fatal: Error in configuration file /tmp/x line 1: Unexpected '}'")

    findings = errors_of(lines({"a": 1}), FILE, Stubborn(), "settings")
    assert len(findings) == 2
    assert findings[1].option == "settings"


def test_the_search_has_an_end(installation: Fake) -> None:
    settings = {f"bogus{number}": 1 for number in range(LIMIT + 10)}
    assert len(errors_of(lines(settings), FILE, installation(errors={"bogus": "Unknown setting: bogus"}))) == LIMIT


def test_warnings(installation: Fake) -> None:
    warnings = (
        "doveconf: Warning: NOTE: You can get a new clean config file with: doveconf -Pn > dovecot-new.conf\n"
        "doveconf: Warning: Obsolete setting in /tmp/x/dovecot.conf:1: ssl_protocols has been replaced\n"
        "doveconf: Warning: sieve: ignored unknown extension 'x'\n"
    )
    findings = errors_of(
        lines({"ssl_protocols": "!SSLv3"}, syntax="2.3"), FILE, installation("2.3", warnings=warnings), "settings"
    )
    assert [(found.severity, found.line, found.option, found.message) for found in findings] == [
        ("warning", 1, "settings.ssl_protocols", "ssl_protocols has been replaced"),
        ("warning", None, "settings", "sieve: ignored unknown extension 'x'"),
    ]


@pytest.mark.parametrize(
    ("syntax", "said", "value"),
    [("2.3", "Unknown variable: $nome", "$nome x"), ("2.4", "Unknown setting: nome", "$SET:nome")],
)
def test_references_to_nothing(installation: Fake, syntax: str, said: str, value: str) -> None:
    host = installation(syntax, expanded={"nome": said, "gone": "ssl_key: Can't open file /gone: No such file"})
    text = f"a = 1\nssl_key = </gone\nb = {value}\nc = $good\n"
    (found,) = errors_of(lines_of(parse(text)), FILE, host)
    assert (found.code, found.severity, found.line) == ("doveconf", "error", 3)
    assert found.message == "there is no setting nome to refer to"
    assert found.cure == "name a setting that exists, or quote the value"


def test_no_secret_is_repeated(installation: Fake) -> None:
    host = installation(errors={"hunter2": "x: Invalid number hunter2: Not a valid number"})
    (found,) = errors_of(lines({}, {"x": "hunter2"}), FILE, host)
    assert (found.option, found.value) == ("secrets.x", None)
    assert found.message == "Invalid number (secret): Not a valid number"
    host = installation(errors={"hunter2": "=doveconf: Fatal: strange hunter2", "nothing": ""})
    (found,) = errors_of(lines({}, {"x": "hunter2"}), FILE, host)
    assert found.message == "strange (secret)"


@pytest.mark.parametrize(
    ("said", "line", "silenced"),
    [
        ("duplicate listener: 143:127.0.0.1", 3, "port = 0"),
        ("duplicate listener: /run/sock", 7, ""),
    ],
)
def test_listeners_alike_have_a_line(installation: Fake, said: str, line: int, silenced: str) -> None:
    text = "service a {\ninet_listener x {\nport = 143\n}\n}\nservice b {\nunix_listener /run/sock {\n}\n}\n"
    wanted = text.splitlines()[line - 1]
    host = installation("2.3", {wanted: f"=doveconf: Fatal: Error in configuration file /tmp/x: {said}"})
    (found,) = errors_of(lines_of(parse(text)), FILE, host)
    assert (found.line, found.message) == (line, said)
    assert host.asked[-1].splitlines()[line - 1] == silenced


def test_what_doveconf_calls_an_error_and_takes_is_a_warning(installation: Fake) -> None:
    said = (
        "doveconf: Error: Could not find a minimum from ssl_protocols = !SSLv2: Unrecognized protocol 'SSLv2'\n"
        "doveconf: Error: managesieve-login: dump-capability process returned 89\n"
    )
    (found,) = errors_of(lines_of(parse("a = 1\nssl_protocols = !SSLv2\n")), FILE, installation("2.3", warnings=said))
    assert (found.severity, found.line, found.name) == ("warning", 2, "ssl_protocols")


def test_other_lines_that_a_warning_names_are_those_of_the_files(installation: Fake) -> None:
    said = (
        "doveconf: Warning: /tmp/x/dovecot.conf line 4: Global setting a won't change the setting inside an earlier "
        "filter at /tmp/x/dovecot.conf line 2 (avoid this by moving it before /tmp/x/dovecot.conf line 2)\n"
    )
    lines = lines_of(parse("# x\n\nprotocol imap {\n  a = 1\n}\na = 2\n", "/etc/d.conf"))
    (found,) = errors_of(lines, FILE, installation("2.3", warnings=said))
    assert (found.line, found.name, found.value) == (6, "a", "2")
    assert found.message == (
        "Global setting a won't change the setting inside an earlier filter at /etc/d.conf line 4 "
        "(avoid this by moving it before /etc/d.conf line 4)"
    )
