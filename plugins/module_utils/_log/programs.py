# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which function counts a line: by the program that wrote it, looked up once for each process that writes lines."""

from __future__ import annotations

import re

from .dovecot import SERVICES, dovecot, own_log
from .postfix_arrival import cleanup, pickup, qmgr, smtpd
from .postfix_delivery import AGENTS, delivery
from .postfix_other import Handler, anvil, any_daemon, bounce, postscreen, postsuper
from .tally import Tally
from .verdicts import filter_handlers

OTHER_DAEMONS = (
    *(b"master", b"postfix-script", b"trivial-rewrite", b"verify", b"scache", b"tlsmgr", b"tlsproxy", b"dnsblog"),
    *(b"proxymap", b"flush", b"showq", b"postqueue", b"sendmail", b"postdrop", b"postlogd", b"qmqpd"),
    *(b"postmap", b"postalias", b"postconf", b"postmulti", b"spawn", b"oqmgr", b"postcat", b"postkick", b"postlog"),
)
TAGS_LIMIT = 20_000
TIME_AND_PROGRAM = re.compile(rb"(?:[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*) .*\S$")


def postfix_handlers(tally: Tally) -> dict[bytes, Handler]:
    """Daemon name to the function that counts its lines."""
    return {
        **{name: any_daemon(tally) for name in OTHER_DAEMONS},
        **{agent: delivery(tally, agent) for agent in AGENTS},
        b"smtpd": smtpd(tally),
        b"cleanup": cleanup(tally),
        b"pickup": pickup(tally),
        b"qmgr": qmgr(tally),
        b"bounce": bounce(tally),
        b"defer": bounce(tally),
        b"trace": bounce(tally),
        b"postscreen": postscreen(tally),
        b"anvil": anvil(tally),
        b"postsuper": postsuper(tally),
    }


class Programs(dict[bytes, Handler]):
    """Tag of a line, such as ``postfix/smtpd[123]``, to the function that counts it; filled as tags appear."""

    def __init__(self, tally: Tally, instance: str = "") -> None:
        super().__init__()
        self.tally = tally
        self.instance = instance.encode("utf-8", "surrogateescape")
        self.postfix = postfix_handlers(tally)
        self.others = {
            **{service: own_log(tally) for service in SERVICES},
            b"dovecot": dovecot(tally),
            **filter_handlers(tally),
        }

    def __missing__(self, tag: bytes) -> Handler:
        if len(self) > TAGS_LIMIT:
            self.clear()
        found = self[tag] = self._handler(tag.partition(b"[")[0])
        return found

    def _handler(self, name: bytes) -> Handler:
        syslog_name, slash, daemon = name.rpartition(b"/")
        if slash and daemon in self.postfix:
            if self.instance and syslog_name.partition(b"/")[0] != self.instance:
                return ignore
            return self.postfix[daemon]
        return self.others.get(daemon.partition(b"(")[0], self._foreign)

    def _foreign(self, head: bytes, word: bytes, what: bytes) -> None:
        """A line of a program that is none of ours, or one that is broken."""
        if TIME_AND_PROGRAM.match(head) and (word or what):
            self.tally.counts["other_lines"] += 1
        else:
            self.tally.broken_line(b": ".join(filter(None, (head, word, what))))


def ignore(_head: bytes, _word: bytes, _what: bytes) -> None:
    """A line of an instance that was not asked for."""
