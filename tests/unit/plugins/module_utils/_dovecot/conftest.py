# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Dovecot that is not there: it says what a test tells it to."""

from __future__ import annotations

import fnmatch
from typing import Any, Callable, Optional

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.checks import check
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.configuration import (
    Configuration,
    configuration,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.host import Installation
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.present import present_configuration
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.reading import Access
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.versions import Version
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.commands import Result
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.findings import Finding

FILE = "/etc/dovecot/dovecot.conf"


class FakeInstallation(Installation):
    """Refuses the first line that holds a key of ``errors``, with its message as doveconf would.

    ``%d`` in a message stands for the number of the line, as in ``Error in configuration file F line 7``.
    """

    def __init__(
        self, syntax: str = "2.4", errors: Optional[dict[str, str]] = None, warnings: str = "", **present: Any
    ) -> None:
        super().__init__(syntax, "/nonexistent")
        self.errors = errors or {}
        self.warnings = warnings
        self.asked: list[str] = []
        self.compiled: list[tuple[str, str]] = []
        self.only_expanded: dict[str, str] = present.pop("expanded", {})
        self.sieve_errors = present.pop("sieve_errors", "")
        self.contents: dict[str, bytes] = present.pop("contents", {})
        self.files_of_dovecot: dict[str, bytes] = present.pop("binaries", {})
        self.by_default: str = present.pop("defaults", "")
        self.numbers: dict[str, int] = present.pop("numbers", {})
        self.present = {kind: set(names) for kind, names in present.items()}

    def doveconf(self, text: str) -> Result:
        self.asked.append(text)
        return self._said(text, self.errors)

    def expanded(self, text: str) -> Result:
        return self._said(text, self.only_expanded)

    def _said(self, text: str, errors: dict[str, str]) -> Result:
        for number, line in enumerate(text.splitlines(), 1):
            for part, message in errors.items():
                if part in line:
                    where = f"Error in configuration file /tmp/x/dovecot.conf line {number}: {message}"
                    said = message[1:] if message.startswith("=") else f"doveconf: Fatal: {where}"
                    return self._result(89, f"{self.warnings}{said}\n")
        return self._result(0, self.warnings)

    def sievec(self, script: str, settings: str) -> Result:
        self.compiled.append((script, settings))
        return self._result(89 if self.sieve_errors else 0, self.sieve_errors)

    def has_sievec(self) -> bool:
        return True

    def setting_names(self) -> set[str]:
        return {"client_limit", "process_limit", "mail_driver"}

    def module_exists(self, path: str) -> bool:
        return path in self.present.get("modules", ())

    def plugins(self, directory: Optional[str] = None) -> set[str]:
        return self.present.get("plugins", set()) if directory is None else {directory}

    def binaries(self) -> dict[str, bytes]:
        return self.files_of_dovecot

    def defaults(self) -> str:
        return self.by_default

    def program_exists(self, name: str) -> bool:
        return name in self.present.get("programs", ())

    def file_exists(self, path: str) -> bool:
        return path in self.contents or path in self.present.get("files", ())

    def user_exists(self, name: str) -> bool:
        return name in self.present.get("users", ())

    def user_number(self, name: str) -> Optional[int]:
        return int(name) if name.isdigit() else self.numbers.get(name)

    def read(self, path: str) -> Optional[bytes]:
        return self.contents.get(path)

    def everybody_reads(self, path: str) -> bool:
        return path in self.present.get("readable", ())

    def group_exists(self, name: str) -> bool:
        return name in self.present.get("groups", ())

    @staticmethod
    def _result(rc: int, stderr: str) -> Result:
        return Result(("doveconf",), rc, "", stderr, 0.0)


@pytest.fixture
def installation() -> Callable[..., FakeInstallation]:
    return FakeInstallation


def declared(settings: dict[str, Any], syntax: str, files: Optional[list[dict[str, Any]]] = None) -> Configuration:
    params = {"path": FILE, "settings": settings, "secrets": None, "files": files or []}
    made = configuration(params, Version(syntax, "installed"), "")
    assert made.problems == []
    return made


@pytest.fixture
def declare() -> Callable[..., Configuration]:
    """Rendered settings."""
    return declared


@pytest.fixture
def found() -> Callable[..., list[tuple[str, str, Optional[int], str]]]:
    """The findings about text that somebody wrote, as code, severity, line and message; others beside it as paths."""

    def findings(syntax: str, text: str, others: Optional[dict[str, str]] = None, **host: Any) -> list[Any]:
        texts = {FILE: text, **(others or {})}
        access = Access(texts.get, lambda pattern: [path for path in texts if fnmatch.fnmatchcase(path, pattern)])
        made, _reading = present_configuration(FILE, Version(syntax, "installed"), access)
        return [_short(finding) for finding in check(made, FakeInstallation(syntax, **host))]

    return findings


def _short(finding: Finding) -> tuple[str, str, Optional[int], str]:
    return finding.code, finding.severity, finding.line, finding.message
