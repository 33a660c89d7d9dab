# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Planning a configuration: new texts, what changes in them, and what Postfix must do about it."""

from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.planning import (
    Attributes,
    FileState,
    HostState,
    decide,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.request import read_request

GOLDEN = Path(__file__).parent / "golden"
ROOT = Attributes(0o644, "root", "root")
SMTP = {"name": "smtp", "type": "inet", "state": "present"}
PRESENT = {"state": "present"}


def golden(name):
    return (GOLDEN / name).read_bytes().decode("utf-8", "surrogateescape")


def request(**options):
    nothing = {"config_directory": "/etc/postfix", "parameters": None, "services": None, "map_files": None}
    return read_request({**nothing, "purge": False, "purge_ignore": None, **options})


def state(main="", master="", maps=None, **facts):
    files = {"main.cf": main, "master.cf": master, **(maps or {})}
    return HostState(
        {name: FileState(text, text, Attributes() if text is None else ROOT) for name, text in files.items()}, **facts
    )


def sample(**facts):
    return state(golden("main.cf"), golden("master.cf"), **facts)


def test_nothing_asked_for_is_nothing_to_do():
    decision = decide(request(), sample())
    assert decision.files == []
    assert not decision.reload_required
    assert not decision.restart_required


def test_what_is_already_there_is_nothing_to_do():
    asked = request(
        parameters={"mynetworks": "127.0.0.0/8 [::1]/128", "biff": False, "relayhost": "", "gone": None},
        services=[
            {**SMTP, "private": False, "chroot": True, "command": "smtpd"},
            {**PRESENT, "name": "maildrop", "type": "unix", "unpriv": False},
            {"name": "gone", "type": "unix", "state": "absent"},
        ],
    )
    assert decide(asked, sample()).files == []


def test_parameters_are_changed():
    decision = decide(request(parameters={"biff": True, "mynetworks": None, "soft_bounce": False}), sample())
    assert decision.parameters == ["biff", "mynetworks", "soft_bounce"]
    assert decision.services == []
    assert [file.name for file in decision.files] == ["main.cf"]
    assert decision.reload_required
    assert not decision.restart_required


def test_purged_parameters_go_and_comments_stay():
    asked = request(parameters={"biff": True, "soft_bounce": False}, purge=True, purge_ignore=["smtpd_tls_*", "my*s"])
    decision = decide(asked, sample())
    assert decision.texts["main.cf"] == golden("main.purged.cf")
    assert decision.texts["master.cf"] == golden("master.cf")
    assert decision.parameters == [
        *("biff", "myhostname", "relayhost", "smtpd_banner", "smtpd_relay_restrictions", "soft_bounce"),
    ]


def test_purged_services_go_back_to_what_the_package_brought():
    asked = request(
        services=[
            {**SMTP, "maxproc": "9"},
            {**PRESENT, "name": "submission", "type": "inet", "command": "smtpd"},
            {"name": "tlsmgr", "type": "unix", "state": "absent"},
        ],
        purge=True,
        purge_ignore=["maildrop/*"],
    )
    decision = decide(asked, sample(packaged_master=golden("packaged.cf")))
    assert decision.texts["master.cf"] == golden("master.purged.cf")
    assert decision.texts["main.cf"] == golden("main.cf")
    assert decision.services == [
        *("postlog/unix-dgram", "qmgr/unix", "relay/unix", "smtp/inet", "submission/inet", "tlsmgr/unix"),
    ]
    again = state(golden("main.cf"), golden("master.purged.cf"), packaged_master=golden("packaged.cf"))
    assert decide(asked, again).files == []


def test_purging_leaves_alone_what_is_not_given():
    assert decide(request(purge=True), sample(packaged_master=golden("packaged.cf"))).files == []


def test_everything_can_be_purged():
    decision = decide(request(parameters={}, services=[], purge=True), state("a = 1\n", "a unix - - n - - smtp\n"))
    assert decision.texts == {"main.cf": "", "master.cf": ""}
    assert len(decision.files) == 2


@pytest.mark.parametrize(
    ("declared", "line"),
    [
        ({"chroot": False}, "submission inet  n       -       n       -       -       smtpd"),
        ({"command": "postscreen", "args": []}, "submission inet  n       -       y       -       -       postscreen"),
        (
            {"options": {"smtpd_tls_security_level": None}},
            "  -o { smtpd_helo_restrictions = permit_mynetworks, reject }",
        ),
        ({"options": {"smtpd_banner": "x"}}, "  -o smtpd_banner=x"),
        ({"args": "-D"}, "  -D"),
    ],
)
def test_a_service_keeps_what_is_not_given(declared, line):
    asked = request(services=[{**PRESENT, "name": "submission", "type": "inet", **declared}])
    text = decide(asked, sample()).texts["master.cf"]
    assert line in text.splitlines()
    assert ("smtpd_tls_security_level=encrypt" in text.replace("#  -o smtpd_tls_security_level=encrypt", "")) is (
        None not in declared.get("options", {}).values()
    )


@pytest.mark.parametrize(
    ("service", "line"),
    [
        ({"name": "2525", "type": "inet"}, "2525      inet  n       -       -       -       -       smtpd"),
        ({"name": "x", "type": "unix"}, "x         unix  -       -       -       -       -       smtpd"),
        (
            {"name": "x", "type": "pass", "wakeup": "5?"},
            "x         pass  -       -       -       5?      -       smtpd",
        ),
    ],
)
def test_a_new_service_has_the_built_in_defaults(service, line):
    asked = request(services=[{**PRESENT, "command": "smtpd", **service}])
    assert decide(asked, sample()).texts["master.cf"] == f"{golden('master.cf')}{line}\n"


def test_a_new_service_needs_a_daemon():
    asked = request(services=[SMTP, {**PRESENT, "name": "a", "type": "unix"}, {**PRESENT, "name": "b", "type": "unix"}])
    with pytest.raises(InputError) as caught:
        decide(asked, sample())
    assert [problem.option for problem in caught.value.problems] == ["services[1]", "services[2]"]


def test_a_bare_host_is_planned_from_nothing():
    asked = request(
        parameters={"biff": False, "gone": None},
        services=[{**SMTP, "maxproc": "5", "chroot": True}],
        map_files=[{"name": "a/b.cf", "state": "present", "parameters": {"c": "d"}}],
    )
    decision = decide(asked, state(None, None, {"a/b.cf": None}))
    assert [file.name for file in decision.files] == ["main.cf", "master.cf", "a/b.cf"]
    assert decision.texts["main.cf"] == "biff = no\n"
    assert decision.parameters == ["biff"]
    assert decision.services == ["smtp/inet"]
    assert decision.map_files == ["a/b.cf"]


def test_a_bare_host_stays_bare_when_nothing_is_asked_for():
    asked = request(
        parameters={"a": None},
        services=[{**SMTP, "state": "absent"}],
        map_files=[{"name": "a.cf", "state": "absent"}],
        purge=True,
    )
    assert decide(asked, state(None, None, {"a.cf": None})).files == []


@pytest.mark.parametrize(
    ("parameters", "restart"),
    [({"inet_interfaces": "all"}, True), ({"inet_protocols": "all"}, True), ({"soft_bounce": True}, False)],
)
def test_restart(parameters, restart):
    decision = decide(request(parameters=parameters), sample())
    assert decision.reload_required
    assert decision.restart_required is restart


MAPS = [{"name": "a.cf", "state": "present", "parameters": {"user": "u"}, "secrets": {"password": "hunter2"}}]
CONTENT = request(map_files=MAPS).map_files[0].content


@pytest.mark.parametrize(("present", "changes"), [(None, True), (CONTENT, False), ("user = u\n", True)])
def test_map_files(present, changes):
    attributes = Attributes(0o640, "root", "postfix")
    files = {**state().files, "a.cf": FileState(present, present, Attributes() if present is None else attributes)}
    decision = decide(request(map_files=MAPS), HostState(files, group="postfix"))
    assert decision.map_files == (["a.cf"] if changes else [])
    assert decision.reload_required is changes
    assert [file.name for file in decision.files] == (["a.cf"] if changes else [])
    shown = decision.planned[-1].shown()
    assert "hunter2" not in str(shown)
    assert shown[1].endswith("user = u\npassword = (secret)\n")


def test_a_map_file_that_shall_not_be():
    asked = request(map_files=[{"name": "a.cf", "state": "absent"}])
    decision = decide(asked, state("", "", {"a.cf": "password = hunter2\n"}))
    assert decision.map_files == ["a.cf"]
    assert decision.files[0].text is None
    assert decision.files[0].shown() == ("password = (secret)\n", None)


@pytest.mark.parametrize(
    "attributes",
    [Attributes(0o600, "root", "root"), Attributes(0o644, "postfix", "root"), Attributes(0o644, "root", "1")],
)
def test_drift_of_owner_and_mode_needs_no_reload(attributes):
    files = {**sample().files, "main.cf": FileState(golden("main.cf"), golden("main.cf"), attributes)}
    decision = decide(request(), HostState(files))
    (file,) = decision.files
    assert file.drifted
    assert str(file.wanted) == "root:root 0644\n"
    assert str(file.state.attributes) != str(file.wanted)
    assert not decision.reload_required


def test_without_the_group_a_map_file_keeps_the_one_it_has():
    files = {**state().files, "a.cf": FileState(CONTENT, CONTENT, Attributes(0o640, "root", "mail"))}
    assert decide(request(map_files=MAPS), HostState(files, group=None)).files == []


def test_an_interrupted_change_counts_as_text_but_not_as_live():
    files = {**sample().files, "main.cf": FileState("biff = no\n", "biff = yes\n", ROOT)}
    decision = decide(request(parameters={"biff": True}), HostState(files, interrupted=True))
    assert decision.files == []
    assert decision.parameters == ["biff"]
    assert decision.planned[0].shown() == ("biff = no\n", "biff = yes\n")
    assert decision.reload_required
    assert decision.restart_required
