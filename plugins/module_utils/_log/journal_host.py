# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of this host, read through journalctl(1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from .._engine import commands
from .._engine.errors import Error
from .files_host import BLOCK, whole_lines
from .journal import cursor_of, line_of

FIELDS = "MESSAGE,SYSLOG_IDENTIFIER,SYSLOG_PID,_PID,_HOSTNAME"
# What logs with the facility mail, and what does not but belongs to it. A plus sign means: or.
MATCHES = ("SYSLOG_FACILITY=2", "+", "SYSLOG_IDENTIFIER=rspamd", "+", "SYSLOG_IDENTIFIER=dovecot")


class Journal:
    """What the journal has to say; ``cursor`` is the place of the last entry that was read."""

    def __init__(self, since: Optional[float], until: Optional[float], cursor: Optional[str]) -> None:
        self.cursor = cursor
        times = [f"--{name}=@{int(value)}" for name, value in (("since", since), ("until", until)) if value is not None]
        place = [] if cursor is None else [f"--after-cursor={cursor}"]
        output = ["--output=json", f"--output-fields={FIELDS}", "--no-pager", "--quiet"]
        self.argv = ["journalctl", *output, *times, *place, *MATCHES]

    def blocks(self) -> Iterator[bytes]:
        """Its entries as lines of a log, in blocks."""
        last = b""
        try:
            for block in whole_lines(commands.stream(self.argv, BLOCK)):
                entries = block.splitlines()
                last = entries[-1]
                yield b"".join(map(line_of, entries))
        except commands.CommandError as error:
            raise Error(f"journal: {error.message}; read log files (paths), or run as root (become)") from error
        self.cursor = cursor_of(last) or self.cursor
