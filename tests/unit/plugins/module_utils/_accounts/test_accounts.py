# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to plans, on a real database: what a call does in check mode, in a run, and in the runs after it."""

import grp
import os
import pwd
from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts import accounts
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.accounts import (
    plan_aliases,
    plan_domains,
    plan_mailboxes,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.stores import open_store, store_lock
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error, InputError

OWNER, GROUP = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
HASH = "{SHA512-CRYPT}$6$abcdefgh$" + "x" * 86
ALICE = "alice@example.org"


@pytest.fixture
def params(tmp_path):
    return {
        "store": "sqlite",
        "database": str(tmp_path / "accounts.sqlite"),
        "database_owner": OWNER,
        "database_group": GROUP,
        "mail_directory": str(tmp_path / "mail"),
        "password_scheme": "SHA512-CRYPT",
        "update_password": "always",
        "recursive": False,
        "purge": False,
        "purge_domains": None,
        "max_deletions": 10,
    }


def state(params):
    return open_store(params).read()


def run(planner, params, **options):
    """Plan, apply, and see that the next plan has nothing to do. Returns the plan and what its steps returned."""
    plan = planner({**params, **options})
    plan.apply()
    again = planner({**params, **options})
    assert again.steps == []
    assert again.diff() == []
    return plan


def domains(params, *items, **options):
    return run(plan_domains, params, domains=list(items), **options)


def mailboxes(params, *items, **options):
    return run(plan_mailboxes, params, mailboxes=list(items), **options)


def aliases(params, *items, **options):
    return run(plan_aliases, params, aliases=list(items), **options)


@pytest.fixture
def filled(params, tmp_path):
    """A database with two domains, two mailboxes, mail in one of them, and an alias."""
    domains(params, {"domain": "example.org"}, {"domain": "example.net"})
    mailboxes(params, {"address": ALICE, "password": "secret"}, {"address": "bob@example.org", "password_hash": HASH})
    aliases(params, {"address": "team@example.org", "destinations": [ALICE]})
    (tmp_path / "mail/example.org/alice/Maildir").mkdir(parents=True)
    return params


def test_the_lock_is_on_the_folder_of_the_database(params, tmp_path):
    assert store_lock(params) == str(tmp_path)


# --- a bare host ---


def test_on_a_bare_host_everything_is_new_and_nothing_is_touched(params, tmp_path):
    first = plan_domains({**params, "domains": [{"domain": "example.org"}]})
    second = plan_mailboxes({**params, "mailboxes": [{"address": ALICE, "password": "secret"}]})
    third = plan_aliases({**params, "aliases": [{"address": "team@example.org", "destinations": [ALICE]}]})
    assert first.actions == [f"create {params['database']}; create domain example.org"]
    assert second.actions[1:] == [f"create {params['database']}; create mailbox {ALICE}"]
    assert third.actions[1:] == [f"create {params['database']}; create alias team@example.org"]
    assert all(plan.changed for plan in (first, second, third))
    assert "create example.org with virtual_domain first" in second.warnings[0]
    assert list(tmp_path.iterdir()) == []


def test_a_run_refuses_what_check_mode_only_warned_of(params, tmp_path):
    plan = plan_mailboxes(
        {**params, "mailboxes": [{"address": ALICE, "password": "x"}, {"address": "b@x.example", "password": "x"}]}
    )
    with pytest.raises(InputError) as caught:
        plan.apply()
    assert [problem.option for problem in caught.value.problems] == ["mailboxes[0].address", "mailboxes[1].address"]
    assert list(tmp_path.iterdir()) == []


# --- the three kinds ---


def test_domains(params):
    plan = domains(
        params, {"domain": "Example.org", "quota": "1G"}, {"domain": "example.net", "alias_of": "example.org"}
    )
    assert plan.result["domains"]["created"] == ["example.org", "example.net"]
    assert state(params).domains["example.net"].alias_of == "example.org"


def test_mailboxes_and_their_passwords(filled):
    stored = state(filled).mailboxes[ALICE].password
    assert stored.startswith("{SHA512-CRYPT}$6$")
    plan = mailboxes(filled, {"address": ALICE, "password": "other"})
    assert plan.result["mailboxes"] == {"created": [], "updated": [ALICE], "deleted": []}
    assert state(filled).mailboxes[ALICE].password != stored
    assert plan.diff() == [
        {
            "before_header": "mailboxes",
            "after_header": "mailboxes",
            "before": f"{ALICE}:\n  password: (secret)\n",
            "after": f"{ALICE}:\n  password: (secret, changed)\n",
        }
    ]


def test_a_password_on_create_only(filled):
    stored = state(filled).mailboxes[ALICE].password
    plan = mailboxes(filled, {"address": ALICE, "password": "other"}, update_password="on_create")
    assert not plan.changed
    assert state(filled).mailboxes[ALICE].password == stored


def test_no_plan_shows_a_secret(filled):
    plan = plan_mailboxes(
        {
            **filled,
            "mailboxes": [
                {"address": ALICE, "password": "other-secret"},
                {"address": "bob@example.org", "password_hash": HASH[:-1] + "y"},
            ],
        }
    )
    shown = repr((plan.actions, plan.diff(), dict(plan.result), plan.warnings))
    assert "other-secret" not in shown
    assert "$6$" not in shown


def test_a_singular_module_gives_its_options_at_the_top(filled):
    run(plan_mailboxes, filled, address=ALICE, state="present", name="Alice", delete_mail=False)
    assert state(filled).mailboxes[ALICE].name == "Alice"


def test_aliases(filled):
    plan = aliases(filled, {"address": "team@example.org", "destinations": ["bob@example.org"]})
    assert plan.result == {"aliases": {"created": [], "updated": ["team@example.org"], "deleted": []}}


def test_all_faults_of_a_list_come_together(params):
    items = [{"address": "bad"}, {"adress": ALICE}, {"address": "b@example.org", "password": ""}]
    with pytest.raises(InputError) as caught:
        plan_mailboxes({**params, "mailboxes": items, "purge_domains": ["x"]})
    assert [problem.option for problem in caught.value.problems] == [
        "mailboxes[1].address",
        "mailboxes[1].adress",
        "mailboxes[0].address",
        "mailboxes[2].password",
        "purge_domains[0]",
    ]


# --- deleting ---


def test_deleted_mailboxes_leave_their_mail_and_say_where(filled, tmp_path):
    plan = mailboxes(filled, {"address": ALICE, "state": "absent"}, {"address": "bob@example.org", "state": "absent"})
    folder = tmp_path / "mail/example.org/alice"
    assert plan.result["mail_left"] == [str(folder)]
    assert folder.is_dir()
    assert plan.warnings == ["team@example.org still leads to alice@example.org, which is deleted"]


def test_mail_is_removed_when_asked_for_also_later(filled, tmp_path):
    mailboxes(filled, {"address": ALICE, "state": "absent"})
    plan = mailboxes(filled, {"address": ALICE, "state": "absent", "delete_mail": True})
    assert plan.actions == [f"delete the mail in {tmp_path}/mail/example.org/alice"]
    assert (plan.result["mail_left"], plan.changed) == ([], True)
    assert os.listdir(tmp_path / "mail/example.org") == []


def test_a_cap_stops_before_anything_is_touched(filled):
    before = state(filled)
    with pytest.raises(Error, match="more than max_deletions=1") as caught:
        plan_mailboxes({**filled, "mailboxes": [], "purge": True, "max_deletions": 1})
    assert caught.value.details == {"deletions": [ALICE, "bob@example.org"]}
    assert state(filled) == before


def test_a_cap_counts_what_goes_along_with_a_domain(filled):
    options = {"domains": [{"domain": "example.org", "state": "absent"}], "recursive": True}
    with pytest.raises(Error, match="4 objects"):
        plan_domains({**filled, **options, "max_deletions": 3})
    plan = run(plan_domains, filled, **options)
    assert [plan.result[kind]["deleted"] for kind in ("domains", "mailboxes", "aliases")] == [
        ["example.org"],
        [ALICE, "bob@example.org"],
        ["team@example.org"],
    ]
    assert len(plan.result["mail_left"]) == 1
    assert list(state(filled).domains) == ["example.net"]


def test_a_purge_takes_undeclared_mailboxes(filled):
    plan = mailboxes(filled, {"address": ALICE}, purge=True)
    assert plan.result["mailboxes"]["deleted"] == ["bob@example.org"]


def test_an_occupied_domain_is_refused(filled):
    with pytest.raises(InputError, match="recursive: true"):
        plan_domains({**filled, "domains": [{"domain": "example.org", "state": "absent"}]})


# --- password files ---


def test_a_password_file_is_written_once_and_then_read(filled, tmp_path):
    path = tmp_path / "secret/probe"
    item = {"address": "probe@example.org", "password_file": str(path)}
    plan = mailboxes(filled, item)
    assert plan.actions == [f"write a random password to {path}", "create mailbox probe@example.org"]
    password = path.read_text(encoding="utf-8").rstrip("\n")
    assert password not in repr((plan.diff(), plan.actions))
    assert accounts.passwords.verify_all({"a": (password, state(filled).mailboxes["probe@example.org"].password)})["a"]


def test_a_lost_password_file_is_made_again_with_a_new_password(filled, tmp_path):
    path = tmp_path / "probe"
    item = {"address": "probe@example.org", "password_file": str(path)}
    mailboxes(filled, item)
    first = path.read_text(encoding="utf-8")
    path.unlink()
    plan = mailboxes(filled, item)
    assert plan.actions == [f"write a random password to {path}", "update mailbox probe@example.org"]
    assert path.read_text(encoding="utf-8") != first


def test_a_lost_password_file_stays_lost_when_the_password_may_not_change(filled, tmp_path):
    item = {"address": ALICE, "password_file": str(tmp_path / "probe"), "update_password": "on_create"}
    assert not mailboxes(filled, item).changed
    assert not (tmp_path / "probe").exists()


def test_an_exposed_password_file_is_announced_and_protected(filled, tmp_path):
    path = tmp_path / "probe"
    item = {"address": "probe@example.org", "password_file": str(path)}
    mailboxes(filled, item)
    path.chmod(0o644)
    plan = mailboxes(filled, item)
    assert plan.actions == [f"make {path} readable by root alone"]
    assert plan.diff()[0]["before"] == f"{path}: readable by others\n"


@pytest.mark.parametrize("content", ["", "a\tb"])
def test_a_password_file_with_a_bad_password_is_refused(filled, tmp_path, content):
    path = tmp_path / "probe"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        plan_mailboxes({**filled, "mailboxes": [{"address": "probe@example.org", "password_file": str(path)}]})
    assert [problem.option for problem in caught.value.problems] == ["mailboxes[0].password_file"]


# --- drift ---


def test_drift_of_the_files_is_shown_and_repaired(filled):
    Path(filled["database"]).chmod(0o666)
    plan = aliases(filled)
    assert plan.actions == [f"set owner and mode of {filled['database']}"]
    assert plan.diff() == [
        {
            "before_header": "files",
            "after_header": "files",
            "before": f"{filled['database']}: {OWNER}:{GROUP} 0666\n",
            "after": f"{filled['database']}: {OWNER}:{GROUP} 0640\n",
        }
    ]
