# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a restore is asked for. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._engine.errors import Problem
from .homes import home_of

ADDRESS = re.compile(r"[^@\s/]+@[^@\s/]+")
DOMAIN = re.compile(r"[^@\s/.][^@\s/]*")
SEARCH = ("message_id", "subject", "folder")


@dataclass(frozen=True)
class Selection:
    """Mailboxes and domains in small letters. ``message`` says what is looked for in the one mailbox, if anything."""

    mailboxes: Sequence[str]
    domains: Sequence[str]
    everything: bool
    message: Mapping[str, str]

    @property
    def has_mail(self) -> bool:
        return bool(self.mailboxes or self.domains or self.everything)

    @property
    def wholes(self) -> list[str]:
        """The folders below that of the mail that hold all of it; an empty name for the folder itself."""
        if self.everything:
            return [""]
        return [*self.domains, *(home_of(mailbox) for mailbox in self.mailboxes)]


def selection_from(params: Mapping[str, Any]) -> Selection:
    return Selection(
        mailboxes=list(dict.fromkeys(mailbox.lower() for mailbox in params["mailboxes"])),
        domains=list(dict.fromkeys(domain.lower() for domain in params["domains"])),
        everything=params["all_mail"],
        message={name: str(value) for name, value in (params["search"] or {}).items() if value is not None},
    )


def problems(selection: Selection, params: Mapping[str, Any]) -> list[Problem]:
    """Everything wrong with what is asked for."""
    found = [
        Problem("mailboxes", "is no address", "give addresses such as alice@example.org", mailbox)
        for mailbox in selection.mailboxes
        if not ADDRESS.fullmatch(mailbox) or mailbox.rpartition("@")[2].startswith(".")
    ]
    found += [
        Problem("domains", "is no domain", "give domains such as example.org", domain)
        for domain in selection.domains
        if not DOMAIN.fullmatch(domain)
    ]
    found += [
        Problem("paths", "is no absolute path", "give files or folders that the backup holds, below /", path)
        for path in params["paths"]
        if not path.startswith("/") or path.rstrip("/") == "" or "/../" in f"{path}/"
    ]
    if selection.everything and (selection.mailboxes or selection.domains):
        cure = "leave mailboxes and domains out, or all_mail"
        found.append(Problem("all_mail", "contains the mailboxes and domains that are named", cure))
    if params["search"] is not None:
        found += _message_problems(selection, params["search"])
    if not (selection.has_mail or params["paths"] or params["accounts"] != "none" or params["queue"]):
        cure = "give mailboxes, domains, all_mail, accounts, paths or queue"
        found.append(Problem("mailboxes", "nothing is to be restored", cure))
    return found


def _message_problems(selection: Selection, message: Mapping[str, Any]) -> list[Problem]:
    found = []
    for name in message:
        if name not in SEARCH:
            found.append(Problem(f"search.{name}", "is not known", f"use {', '.join(SEARCH)}", message[name]))
    if not any(selection.message.get(name) for name in ("message_id", "subject")):
        found.append(Problem("search", "names no message", "give message_id or subject"))
    if len(selection.mailboxes) != 1 or selection.domains or selection.everything:
        cure = "give that one in mailboxes, and no domains or all_mail"
        found.append(Problem("search", "is looked for in one mailbox", cure))
    return found


def matches(message: Mapping[str, str], message_id: str, subject: str) -> bool:
    """Whether the headers of a message are those that are looked for."""
    wanted_id, wanted_subject = message.get("message_id"), message.get("subject")
    if wanted_id and message_id.strip().strip("<>") != wanted_id.strip().strip("<>"):
        return False
    return not wanted_subject or wanted_subject.casefold() in subject.casefold()
