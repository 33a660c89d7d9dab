# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.server.values import same


@pytest.mark.parametrize(
    ("attribute", "one", "other"),
    [
        ("olcSuffix", "o=Trees, c=DE", "o=trees,c=de"),
        ("olcRootDN", "cn = admin , o=Trees", "cn=admin,o=Trees"),
        ("olcDbMaxSize", "1024", "1024"),
    ],
)
def test_what_slapd_writes_its_own_way_is_the_same(attribute, one, other):
    assert same(attribute, [one], [other])


def test_another_name_is_another_one():
    assert not same("olcSuffix", ["o=Trees,c=DE"], ["o=Trees,c=AT"])
