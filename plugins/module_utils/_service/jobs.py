# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of ``mail_job`` to the two units of a job, a service and its timer: pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._engine.errors import Problem

UNIT_DIRECTORY = "/etc/systemd/system"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@dataclass(frozen=True)
class Job:
    """A command that a timer starts. ``schedule`` is a calendar event, systemd.time(7)."""

    name: str
    description: str
    command: tuple[str, ...]
    schedule: str
    random_delay: int

    @property
    def timer(self) -> str:
        return f"{self.name}.timer"

    def files(self) -> dict[str, str]:
        """Path to text of both units."""
        service = (
            f"[Unit]\nDescription={_escaped(self.description)}\n\n"
            f"[Service]\nType=oneshot\nExecStart={' '.join(_quoted(word) for word in self.command)}\n"
            "Nice=10\nIOSchedulingClass=idle\n"
        )
        timer = (
            f"[Unit]\nDescription={_escaped(self.description)}\n\n"
            f"[Timer]\nOnCalendar={self.schedule}\nRandomizedDelaySec={self.random_delay}\n"
            # systemd's own choice is up to a minute late.
            "AccuracySec=1s\nPersistent=true\n\n"
            "[Install]\nWantedBy=timers.target\n"
        )
        folder = f"{UNIT_DIRECTORY}/{self.name}"
        return {f"{folder}.service": service, f"{folder}.timer": timer}


def job_from(params: Mapping[str, Any]) -> Job:
    return Job(
        name=params["name"],
        description=params["description"] or params["name"],
        command=tuple(params["command"]),
        schedule=params["schedule"],
        random_delay=params["random_delay"],
    )


def problems(job: Job) -> list[Problem]:
    """Everything wrong with the options."""
    found = []
    if not NAME.fullmatch(job.name):
        cure = "use small letters, digits, - and _, and leave .service out"
        found.append(Problem("name", "is no name for a job", cure, job.name))
    if not job.command or not job.command[0].startswith("/"):
        cure = "give the program with its whole path, then its arguments"
        found.append(Problem("command", "names no program", cure, list(job.command)))
    for option, texts in (("command", job.command), ("description", [job.description]), ("schedule", [job.schedule])):
        if any("\n" in text or not text.strip() for text in texts):
            found.append(Problem(option, "is empty or has more than one line", "write it in one line"))
    if job.random_delay < 0:
        found.append(Problem("random_delay", "is below zero", "give seconds", job.random_delay))
    return found


def _escaped(text: str) -> str:
    """Text in which systemd replaces nothing, systemd.unit(5)."""
    return text.replace("%", "%%")


def _quoted(word: str) -> str:
    """A word of a command line in which systemd replaces nothing, systemd.service(5)."""
    text = _escaped(word).replace("$", "$$")
    if re.fullmatch(r"[\w./:=%$@+,-]+", text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
