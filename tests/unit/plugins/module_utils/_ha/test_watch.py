# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An outage is the time between two answers with a failure in between; a slow answer is none."""

import socket
import threading

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._ha import watch
from ansible_collections.postfix_manager.mail.plugins.module_utils._ha.watch import Try

PARAMS = {"host": "127.0.0.1", "ports": [25], "seconds": 1, "interval": 0.2, "timeout": 0.5}


def test_an_outage_is_measured():
    tries = [Try(0.0, 0.1), Try(1.0, 1.1, "refused"), Try(2.0, 2.2, "refused"), Try(3.0, 3.1)]
    found = watch.summary(tries, 0.0, 4.0)
    assert (found["tries"], found["failures"], found["first_failure"]) == (4, 2, "refused")
    assert found["longest_outage"] == 3.0


def test_a_slow_answer_is_no_outage():
    assert watch.summary([Try(0.0, 0.1), Try(1.0, 3.5), Try(2.0, 3.6)], 0.0, 4.0)["longest_outage"] == 0.0


def test_no_answer_at_all_is_an_outage_of_the_whole_time():
    assert watch.summary([Try(1.0, 1.1, "refused")], 0.0, 4.0)["longest_outage"] == 4.0


@pytest.mark.parametrize(("says", "failures"), [(b"220 mx ESMTP\r\n", False), (b"421 busy\r\n", True), (b"", True)])
def test_a_server_is_judged_by_its_greeting(monkeypatch, says, failures):
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    monkeypatch.setitem(watch.GREETINGS, port, (b"220", False))

    def serve():
        while True:
            try:
                session, _address = server.accept()
            except OSError:
                return
            session.sendall(says)
            session.close()

    threading.Thread(target=serve, daemon=True).start()
    result = watch.plan_watch({**PARAMS, "ports": [port]}).result
    server.close()
    assert (result["failures"] > 0) is failures


@pytest.mark.parametrize(
    "change", [{"ports": []}, {"ports": [80]}, {"seconds": 0}, {"interval": 0.0}, {"timeout": 100}]
)
def test_bad_input_is_refused(change):
    with pytest.raises(InputError) as refused:
        watch.plan_watch({**PARAMS, **change})
    assert next(iter(change)) in refused.value.message
