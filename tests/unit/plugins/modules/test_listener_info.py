# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of listener_info, on a listener of this process."""

import json
import socket
import sys

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.modules import listener_info


@pytest.mark.parametrize("check", [False, True])
def test_it_names_a_listener_and_its_program(capsys, check):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with patch_module_args({"ports": [port], "_ansible_check_mode": check}), pytest.raises(SystemExit):
            listener_info.main()
    said = json.loads(capsys.readouterr().out)
    assert said["changed"] is False
    assert [(one["address"], one["port"]) for one in said["listeners"]] == [("127.0.0.1", port)]
    assert "python" in said["listeners"][0]["program"], sys.executable


def test_what_is_no_port_is_refused(capsys):
    with patch_module_args({"ports": [25, 70000]}), pytest.raises(SystemExit):
        listener_info.main()
    assert "ports[1]: 70000 is not a port" in json.loads(capsys.readouterr().out)["msg"]
