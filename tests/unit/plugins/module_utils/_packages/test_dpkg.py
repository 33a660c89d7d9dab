# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What dpkg-query shows about packages, as text and on this host."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._packages.dpkg import installed, plan_info

SHOWN = "".join(
    f"{line}\n"
    for line in (
        "postfix installed 3.10.5-1",
        "dovecot-core config-files 1:2.4.1+dfsg1-6",
        "dovecot-imapd half-configured 1:2.4.1+dfsg1-6",
        "dovecot-lmtpd unpacked 1:2.4.1+dfsg1-6",
        "exim4 not-installed ",
    )
)


def test_only_a_package_that_is_in_place_whole_is_installed():
    assert installed(SHOWN) == {"postfix": "3.10.5-1"}
    assert installed("") == {}


def test_the_missing_ones_keep_their_order():
    plan = plan_info({"name": ["no-such-package", "dpkg", "another-one"]})
    assert plan.result["missing"] == ["no-such-package", "another-one"]
    assert plan.result["versions"].keys() == {"dpkg"}
    assert plan.changed is False


def test_no_name_asks_for_nothing():
    assert plan_info({"name": []}).result == {"versions": {}, "missing": []}


@pytest.mark.parametrize("name", ["post*", "--help", "Postfix", "postfix=3.10", "", "postfix:amd64"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(InputError, match=r"name\[1\]"):
        plan_info({"name": ["dpkg", name]})
