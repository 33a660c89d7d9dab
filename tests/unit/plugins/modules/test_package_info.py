# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of package_info: what it reports about this host, in check mode too."""

import json

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.modules import package_info


@pytest.mark.parametrize("check", [False, True])
def test_it_reports_and_changes_nothing(capsys, check):
    arguments = {"name": ["dpkg", "no-such-package"], "_ansible_check_mode": check}
    with patch_module_args(arguments), pytest.raises(SystemExit):
        package_info.main()
    said = json.loads(capsys.readouterr().out)
    assert said["changed"] is False
    assert said["missing"] == ["no-such-package"]
    assert said["versions"]["dpkg"]
