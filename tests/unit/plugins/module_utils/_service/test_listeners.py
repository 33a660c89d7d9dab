# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners in the kernel's tables."""

from __future__ import annotations

from ansible_collections.postfix_manager.mail.plugins.module_utils._service.listeners import Listener, parse

TABLE = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2382 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 77 1 0 100 0 0 10 0
   1: 0100007F:2382 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000   101        0 78 1 0 20 4 30 10 -1
"""
TABLE6 = """  sl  local_address                         remote_address                        st
   0: 00000000000000000000000001000000:0019 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 79 1 0
"""


def test_only_listeners_are_named():
    assert list(parse(TABLE)) == [Listener("127.0.0.1", 9090, "77")]
    assert list(parse(TABLE6)) == [Listener("::1", 25, "79")]
