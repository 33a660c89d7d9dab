# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Dovecot that is not there: it says what a test tells it to."""

from __future__ import annotations

from typing import Any, Callable, Optional

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.host import Installation
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.commands import Result


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
        self.sieve_errors = present.pop("sieve_errors", "")
        self.present = {kind: set(names) for kind, names in present.items()}

    def doveconf(self, text: str) -> Result:
        self.asked.append(text)
        for number, line in enumerate(text.splitlines(), 1):
            for part, message in self.errors.items():
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

    def program_exists(self, name: str) -> bool:
        return name in self.present.get("programs", ())

    def file_exists(self, path: str) -> bool:
        return path in self.present.get("files", ())

    def user_exists(self, name: str) -> bool:
        return name in self.present.get("users", ())

    def group_exists(self, name: str) -> bool:
        return name in self.present.get("groups", ())

    @staticmethod
    def _result(rc: int, stderr: str) -> Result:
        return Result(("doveconf",), rc, "", stderr, 0.0)


@pytest.fixture
def installation() -> Callable[..., FakeInstallation]:
    return FakeInstallation
