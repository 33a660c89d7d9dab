# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables. Those with a hash or a part came to the same for six users on 2.3.19 and 2.4.1."""

from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.upgrade.variables import (
    AUTH,
    DELIVERY,
    IMAP,
    LOGIN_LINE,
    MAIL,
    POP3,
    REJECTION,
    UIDL,
    converted,
    shared,
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/srv/%d/%n", "/srv/%{user | domain}/%{user | username}"),
        ("%u %h %s %l %r %p %i", "%{user} %{home} %{protocol} %{local_ip} %{remote_ip} %{process:pid} %{uid}"),
        ("%Lu", "%{user | lower}"),
        ("%LUn", "%{user | username | lower | upper}"),
        ("%1n", "%{user | username | substr(0, 1)}"),
        ("%1d", r"%{user | domain | regexp('^(.{0,1}).*', '\\1')}"),
        ("%2.3u", r"%{user | regexp('^.{0,2}(.{0,3}).*', '\\1')}"),
        ("%Mu", "%{user | md5 | hexlify}"),
        ("%2.1Mu", "%{user | md5 | hexlify | substr(2, 1)}"),
        ("%256Nu", "%{user | md5 | substr(0, 8) % 256 | hex}"),
        ("%2.256Nu", "%{user | md5 | substr(0, 8) % 256 | hex(2)}"),
        ("%16LNn", "%{user | username | lower | md5 | substr(0, 8) % 16 | hex}"),
        ("%{auth_user} %{session}", "%{auth_user} %{session}"),
        ("%{rip} %L{username}", "%{remote_ip} %{user | username | lower}"),
        ("%{sha256:user}", "%{user | sha256 | hexlify}"),
        ("%{env:HOME} %{userdb:quota}", "%{env:HOME} %{userdb:quota}"),
        ("%%x 100%% %%{x}", "%x 100% %%{x}"),
        ("dc=%Dd", "dc=%{user | domain | ldap_dn}"),
        ("no variables", "no variables"),
    ],
)
def test_of_users(old: str, new: str) -> None:
    assert converted(old, MAIL) == (new, [])


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        (AUTH, "%w %m %p", "%{password} %{mechanism} %{client_pid}"),
        (LOGIN_LINE, "%$: %s", "%{message}: %{elements}"),
        (DELIVERY, "msgid=%m: %$", "msgid=%{msgid}: %{message}"),
        (REJECTION, "to <%t>:%n%r", r"to <%{to}>:%{literal('\r\n')}%{reason}"),
        (IMAP, "in=%i out=%o", "in=%{input} out=%{output}"),
        (POP3, "del=%d/%m, size=%s", "del=%{deleted_count}/%{message_count}, size=%{message_bytes}"),
        (UIDL, "%08Xu%08Xv", "%{uid | hex(8)}%{uidvalidity | hex(8)}"),
    ],
)
def test_of_other_settings(kind: int, old: str, new: str) -> None:
    assert converted(old, kind) == (new, [])


@pytest.mark.parametrize("old", ["%Hu", "%Ru", "%-2.2n", "%{if;%d;eq;x;y;z}", "%{dict:x}", "%q", "LIKE '%'", "%0u"])
def test_what_2_4_has_nothing_for(old: str) -> None:
    text, unknown = converted(old)
    assert text == old
    assert len(unknown) == 1


def test_of_who_shares_mail() -> None:
    assert shared("/srv/%%d/%%Ln:%u") == (
        "/srv/%{owner_user | domain}/%{owner_user | username | lower}:%{user}",
        [],
    )
