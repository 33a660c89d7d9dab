# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mailbox, over IMAP: look for probe messages, read them, and remove them without touching anything else."""

from __future__ import annotations

import imaplib
import re
import time
from collections.abc import Sequence
from typing import Any, Optional

from .advice import words_of
from .hops import FAILURES, Reply, UnexpectedReplyError, Verdict
from .message import HEADER, is_leftover
from .settings import Service
from .target import CONNECT_SECONDS, Target

# How far back leftovers are looked for: searching headers of a large mailbox is slow.
LEFTOVER_DAYS = 30

_LISTED = re.compile(rb'\((?P<flags>[^)]*)\) (?:"(?:[^"\\]|\\.)*"|NIL) (?P<name>.+)')


class Mailbox:
    """One IMAP session of one user, on the folder ``folder``. Every method may raise one of hops.FAILURES."""

    def __init__(self, target: Target, service: Service, folder: str) -> None:
        self.target = target
        self.service = service
        self.folder = folder
        self._first_new: Optional[int] = None
        self._client: Optional[imaplib.IMAP4_SSL] = None

    @property
    def client(self) -> imaplib.IMAP4_SSL:
        """The session, allowed to wait for an answer as long as time is left."""
        if self._client is None:
            raise imaplib.IMAP4.error("the mailbox is not open")
        self._client.sock.settimeout(self.target.left())
        return self._client

    @property
    def is_open(self) -> bool:
        return self._client is not None

    def open(self, username: str, password: str) -> Reply:
        """Log in and select the folder; the answer to the login."""
        self._client = imaplib.IMAP4_SSL(
            self.target.host,
            self.service.port,
            ssl_context=self.target.context,
            timeout=self.target.left(CONNECT_SECONDS),
        )
        try:
            reply = self._log_in(username, password)
            self._require_uidplus()
            self._enter()
            if self._first_new is None:
                self._first_new = int(self.client.response("UIDNEXT")[1][0] or 1)
        except BaseException:
            self.close()
            raise
        return reply

    def close(self) -> None:
        if self._client is not None:
            try:
                self._client.logout()
            except FAILURES:
                self._client.shutdown()
            self._client = None

    def find(self, token: str) -> Optional[int]:
        """UID of the message with ``token`` among those that came after we first opened the folder."""
        self.client.noop()
        return self._search(token, "UID", f"{self._first_new or 1}:*")

    def find_elsewhere(self, token: str) -> Optional[str]:
        """The other folder that holds the message with ``token``; the session is on our folder again afterwards."""
        try:
            for name in listed(self.client.list()[1]):
                if name != self.folder:
                    # Read-only: looking for our message must not change what the user sees.
                    self._select(name, readonly=True)
                    if self._search(token) is not None:
                        return name
            return None
        finally:
            self._select(self.folder)

    def fetch(self, uid: int) -> bytes:
        return self._fetch(uid, "(BODY.PEEK[])")

    def remove(self, token: str, folder: Optional[str] = None) -> bool:
        """Delete and expunge the message with ``token`` in ``folder``; whether there was one."""
        if folder is not None:
            self._select(folder)
        try:
            uid = self._search(token)
            if uid is not None:
                self._expunge([uid])
            if folder is not None:
                self.remove_leftovers()
            return uid is not None
        finally:
            if folder is not None:
                self._select(self.folder)

    def remove_leftovers(self) -> int:
        """Remove what earlier probes left in the selected folder when they were killed; how many there were."""
        since = time.strftime("%d-%b-%Y", time.gmtime(time.time() - LEFTOVER_DAYS * 86400))
        fields = f"(BODY.PEEK[HEADER.FIELDS ({HEADER})])"
        uids = self._uids("SINCE", since, "HEADER", HEADER, '""')
        old = [uid for uid in uids if is_leftover(self._fetch(uid, fields), time.time())]
        self._expunge(old)
        return len(old)

    def _log_in(self, username: str, password: str) -> Reply:
        """Not imaplib's own login: it would fail on passwords beyond ASCII, and show them in its exception."""
        secret = f"\0{username}\0{password}".encode()
        try:
            status, words = self.client.authenticate("PLAIN", lambda _challenge: secret)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            cure = "compare username and password with the account, and see the log of Dovecot"
            raise UnexpectedReplyError(Verdict(False, Reply("NO", words_of(error)), cure=cure)) from None
        return Reply(status, _text(words))

    def _enter(self) -> None:
        try:
            self._select(self.folder)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            reply = Reply("NO", words_of(error))
            raise UnexpectedReplyError(
                Verdict(False, reply, cure="create the folder, or name another mailbox")
            ) from None

    def _require_uidplus(self) -> None:
        """UID EXPUNGE removes our message alone; a plain EXPUNGE would take what the user has marked as deleted too."""
        if b"UIDPLUS" not in _done(self.client.capability())[0].upper().split():
            missing = Reply("", "UIDPLUS is not offered")
            raise UnexpectedReplyError(Verdict(False, missing, cure="probe a server that can remove a single message"))

    def _select(self, folder: str, readonly: bool = False) -> None:
        _done(self.client.select(quoted(folder), readonly))

    def _search(self, token: str, *criteria: str) -> Optional[int]:
        found = self._uids(*criteria, "HEADER", HEADER, token)
        return found[0] if found else None

    def _uids(self, *criteria: str) -> list[int]:
        words = _done(self.client.uid("SEARCH", *criteria))
        return [int(uid) for uid in (words[0] or b"").split()]

    def _fetch(self, uid: int, what: str) -> bytes:
        for part in _done(self.client.uid("FETCH", str(uid), what)):
            if isinstance(part, tuple):
                return bytes(part[1])
        return b""

    def _expunge(self, uids: Sequence[int]) -> None:
        if uids:
            numbers = ",".join(map(str, uids))
            _done(self.client.uid("STORE", numbers, "+FLAGS.SILENT", r"(\Deleted)"))
            _done(self.client.uid("EXPUNGE", numbers))


def quoted(name: str) -> str:
    """A folder name as an IMAP quoted string."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def listed(lines: Sequence[Any]) -> list[str]:
    """Names of the folders that can be opened, from the answer to LIST."""
    names = []
    for line in lines:
        # A name that needs a literal comes as two parts.
        whole = (
            line[0].rpartition(b"{")[0] + quoted(line[1].decode("ascii", "replace")).encode()
            if isinstance(line, tuple)
            else line
        )
        match = _LISTED.fullmatch(whole or b"")
        if match and not {b"\\noselect", b"\\nonexistent"} & set(match["flags"].lower().split()):
            names.append(_unquoted(match["name"].decode("ascii", "replace")))
    return names


def _unquoted(name: str) -> str:
    return re.sub(r"\\(.)", r"\1", name[1:-1]) if name.startswith('"') else name


def _done(answer: tuple[str, list[Any]]) -> list[Any]:
    status, words = answer
    if status != "OK":
        raise imaplib.IMAP4.error(_text(words))
    return words


def _text(words: Sequence[Any]) -> str:
    return " ".join(word.decode("utf-8", "replace") for word in words if isinstance(word, bytes))
