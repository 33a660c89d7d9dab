# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is backed up, where to and how long it is kept: from options or the settings file of a host. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from .._engine.errors import Error, Problem

# Where the role puts what the jobs need; for root alone.
DIRECTORY = "/etc/postfix_manager/backup"
SETTINGS_FILE = f"{DIRECTORY}/settings.json"
PASSWORD_FILE = f"{DIRECTORY}/password"
# Of the 128 KiB that Linux gives to a variable with its name, execve(2).
LONGEST = 100_000
CREDENTIALS_FILE = f"{DIRECTORY}/credentials.json"
PROGRAM = "/usr/local/sbin/postfix-manager-backup"

# The folder below that of the mail, on its file system, in which a backup is put together and mail is staged.
WORK = ".postfix_manager"
STATE_DIRECTORY = "/var/lib/postfix_manager"

# What restic(1) calls the periods of "forget".
PERIODS = ("last", "hourly", "daily", "weekly", "monthly", "yearly")
SUBSET = re.compile(r"100%|[1-9][0-9]?(\.[0-9]+)?%")
HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,254}")
DATABASE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,62}")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Settings:
    """One host's backup. An empty ``database`` or ``queue_directory`` means that there is none."""

    repository: str
    host: str
    mail_directory: str
    database: str
    queue_directory: str
    paths: Sequence[str]
    postgresql_databases: Sequence[str]
    keep: Mapping[str, int]
    verify_data: str
    verify_mailboxes: int

    @property
    def shown_repository(self) -> str:
        """The repository without a password that its address may hold."""
        return re.sub(r"(://[^/@:]*):[^/@]*@", r"\1:***@", self.repository)

    def text(self) -> str:
        """The settings file."""
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"


def from_text(text: str, path: str) -> Settings:
    """The settings in a file of ours."""
    try:
        return Settings(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise Error(f"{path} is not a settings file of a backup; run the role backup again") from error


def from_options(params: Mapping[str, Any]) -> Settings:
    """The settings that the options of a module declare."""
    return Settings(
        repository=params["repository"],
        host=params["host"],
        mail_directory=params["mail_directory"],
        database=params["database"] or "",
        queue_directory=params["queue_directory"] or "",
        paths=list(params["paths"]),
        postgresql_databases=list(params["postgresql_databases"]),
        keep={name: number for name, number in params["keep"].items() if number},
        verify_data=params["verify_data"],
        verify_mailboxes=params["verify_mailboxes"],
    )


def problems(settings: Settings, password: str, credentials: Mapping[str, Any]) -> list[Problem]:
    """Everything wrong with the options."""
    found = _repository_problems(settings.repository)
    if len(password) < 8 or "\n" in password:
        cure = "give 8 characters or more on one line, and keep it outside this host: without it there is no restore"
        found.append(Problem("password", "is too short, or has more than one line", cure))
    for name, value in credentials.items():
        if not VARIABLE.fullmatch(name) or not isinstance(value, str):
            cure = "name variables that restic reads, such as AWS_ACCESS_KEY_ID, with text as value"
            found.append(Problem(f"credentials.{name}", "is not a variable of the environment", cure))
        elif len(value) > LONGEST or "\0" in value:
            cure = f"give up to {LONGEST} characters without a NUL"
            found.append(Problem(f"credentials.{name}", "is more than a variable of the environment takes", cure))
    if not HOST.fullmatch(settings.host):
        found.append(Problem("host", "is not a name of a host", "give the name that snapshots carry", settings.host))
    for option, paths in (
        ("mail_directory", [settings.mail_directory]),
        ("database", [settings.database] if settings.database else []),
        ("queue_directory", [settings.queue_directory] if settings.queue_directory else []),
        ("paths", settings.paths),
    ):
        for path in paths:
            if not path.startswith("/") or path.rstrip("/") == "" or "\n" in path:
                found.append(Problem(option, "is no absolute path", "give one below /", path))
    for name in settings.postgresql_databases:
        if not DATABASE_NAME.fullmatch(name):
            found.append(Problem("postgresql_databases", "is no name of a database", "name one as psql -l does", name))
    return [*found, *_keep_problems(settings.keep), *_verify_problems(settings)]


def _repository_problems(repository: str) -> list[Problem]:
    if not repository.strip() or repository != repository.strip() or "\n" in repository:
        cure = (
            "give a path, or an address such as sftp:user@host:/path, rest:https://host/path or s3:https://host/bucket"
        )
        return [Problem("repository", "is not where restic could keep a repository", cure, repository)]
    address = repository.split(":", 1)[1] if "://" in repository and not repository.startswith("http") else repository
    try:
        secret = urlsplit(address).password is not None
    except ValueError:
        secret = False
    if secret:
        cure = "leave the password out here and give the whole address as RESTIC_REPOSITORY in credentials"
        return [Problem("repository", "holds a password", cure)]
    if "://" not in repository and ":" not in repository and not repository.startswith("/"):
        return [Problem("repository", "is no absolute path", "give one below /, or an address", repository)]
    return []


def _keep_problems(keep: Mapping[str, Any]) -> list[Problem]:
    cure = f"give numbers of snapshots for {', '.join(PERIODS)}, one above zero at least"
    wrong = [
        Problem(f"keep.{name}", "does not say how many snapshots to keep", cure, number)
        for name, number in keep.items()
        if name not in PERIODS or not isinstance(number, int) or isinstance(number, bool) or number < 0
    ]
    return wrong or ([] if any(keep.values()) else [Problem("keep", "would keep no snapshot", cure, dict(keep))])


def _verify_problems(settings: Settings) -> list[Problem]:
    found = []
    if not SUBSET.fullmatch(settings.verify_data):
        cure = "give a part such as 5%, or 100%"
        found.append(Problem("verify_data", "is no part of a repository", cure, settings.verify_data))
    if settings.verify_mailboxes < 1:
        cure = "give how many mailboxes a verification restores, 1 at least"
        found.append(Problem("verify_mailboxes", "restores nothing", cure, settings.verify_mailboxes))
    return found
