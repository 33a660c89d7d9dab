# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access restrictions: who stops a stranger that wants to relay."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.restrictions import (
    GUARDED,
    OPEN,
    UNKNOWN,
    judge,
)

VALUES = {
    "mua": "permit_sasl_authenticated, reject",
    "local": "permit_mynetworks",
    "guard": "reject_unauth_destination",
    "outer": "guard",
    "self": "self",
    "everybody": "permit",
}
CLASSES = {"local", "guard", "outer", "self", "everybody"}


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("", None),
        ("permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination", GUARDED),
        ("permit_mynetworks permit_sasl_authenticated defer_unauth_destination", GUARDED),
        ("permit_sasl_authenticated,reject", GUARDED),
        ("defer_if_permit", GUARDED),
        ("permit_mynetworks", None),
        ("permit", OPEN),
        ("permit_mynetworks, permit, reject_unauth_destination", OPEN),
        ("reject_unauth_destination, permit", GUARDED),
        ("check_client_access reject", None),
        ("check_policy_service { inet:127.0.0.1:9, default_action=reject }, permit_mynetworks", None),
        ("reject_rbl_client permit, reject", GUARDED),
        ("warn_if_reject reject", None),
        ("warn_if_reject reject, reject", GUARDED),
        ("sleep 5, reject", GUARDED),
        ("check_client_access", None),
        ("$mua", GUARDED),
        ("${mua}", GUARDED),
        ("$unset", None),
        ("${x?{reject}:{permit}}", UNKNOWN),
        ("local, guard", GUARDED),
        ("local, outer", GUARDED),
        ("local", None),
        ("everybody, reject", OPEN),
        ("self", UNKNOWN),
        ("not_a_class", None),
    ],
)
def test_verdicts(value, verdict):
    assert judge(value, VALUES.get, CLASSES) == verdict
