# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables on a host without Postfix, in a folder of the test. With Postfix they are tested in the scenario tables."""

import os

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error, InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix import lookup_host
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.alias_host import plan_aliases
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.index_host import default_type, is_stale
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.migration_host import plan_migration
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.table_host import plan_table, table_home

BACKUP = {
    "backup": True,
    "backup_directory": "/nowhere",
    "backup_count": 20,
    "max_deletions": 1,
    "purge": False,
    "instance": None,
}


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A configuration directory with nothing but main.cf, on a host without any tool of Postfix."""
    monkeypatch.setattr(lookup_host.commands, "find", lambda _name: None)
    (tmp_path / "main.cf").write_text("transport_maps = hash:$config_directory/used\n")
    return tmp_path


def plan(folder, **options):
    attributes = {"owner": None, "group": None, "mode": None, "secret": False}
    place = {"path": "table", "type": "hash", "state": "present", "config_directory": str(folder)}
    return plan_table({**BACKUP, **attributes, **place, **options})


def test_a_new_table_is_announced_and_cannot_be_applied(bare):
    found = plan(bare, entries={"b": "1", "a": "2"})
    assert found.actions == [f"write {bare}/table: 2 added"]
    assert found.diff()[0]["after"] == "b\t1\na\t2\n"
    assert found.result["entries"] == {"added": 2, "changed": 0, "removed": 0}
    assert found.result["reload_required"] is True
    assert "Postfix is not installed" in found.warnings[0]
    with pytest.raises(Error, match="Postfix is not installed"):
        found.apply()
    assert not (bare / "table").exists()


def test_an_owner_who_is_not_there_yet_is_a_warning_until_it_is_applied(bare):
    found = plan(bare, entries={"a": "1"}, group="no-such-group")
    assert "there is no group no-such-group" in found.warnings[0]
    with pytest.raises(Error, match="create it first"):
        found.apply()


def test_what_no_account_can_be_called_is_refused_at_once(bare):
    with pytest.raises(InputError, match=r"owner: '-rf'(?s:.*)group: 'a b'"):
        plan(bare, entries={"a": "1"}, owner="-rf", group="a b")


def test_a_table_that_is_as_declared_needs_no_tool(bare):
    (bare / "table").write_text("a\t1\n")
    (bare / "table.db").write_bytes(bytes(12) + b"\x61\x15\x06\x00")
    assert not plan(bare, entries={"a": "1"}).changed
    assert plan(bare, entries={"a": "1"}, type="btree").actions == [f"rebuild the index of {bare}/table"]


def test_a_stale_index_is_found(bare):
    (bare / "table").write_text("a\t1\n")
    assert is_stale("lmdb", f"{bare}/table")
    (bare / "table.lmdb").write_bytes(b"x")
    assert not is_stale("lmdb", f"{bare}/table")
    os.utime(bare / "table.lmdb", (0, 0))
    assert is_stale("lmdb", f"{bare}/table")
    assert not is_stale("regexp", f"{bare}/table")


@pytest.mark.parametrize(("present", "wanted"), [(None, "0600"), (0o644, "0640"), (0o600, "0600"), (0o640, "0640")])
def test_a_secret_is_closed_and_not_shown(bare, present, wanted):
    if present is not None:
        (bare / "table").write_text("# hunter0\na\thunter1\n")
        (bare / "table").chmod(present)
    found = plan(bare, entries={"a": "hunter2"}, secret=True)
    assert "hunter" not in str((found.diff(), found.result, found.warnings, found.actions))
    shown = {one["after_header"]: one["after"] for one in found.diff()}.get(f"{bare}/table (owner and mode)")
    assert (shown is None) == (present in (None, 0o600, 0o640))
    assert shown is None or wanted in shown


def test_more_deletions_than_allowed_are_refused(bare):
    (bare / "table").write_text("a\t1\nb\t2\n")
    with pytest.raises(Error, match="2 entries would be deleted") as caught:
        plan(bare, entries={}, purge=True)
    assert caught.value.details["deletions"] == ["a", "b"]


@pytest.mark.parametrize("mode", ["rw", "9", "0644", 0o604])
def test_a_mode_that_is_none_or_opens_a_secret_is_refused(bare, mode):
    with pytest.raises(InputError, match="mode"):
        plan(bare, entries={}, mode=mode, secret=True)


def test_a_table_that_is_named_is_not_removed(bare):
    (bare / "used").write_text("a\t1\n")
    found = plan(bare, path="used", state="absent", entries=None)
    assert found.result["entries"]["removed"] == 1
    assert "still named by main.cf: transport_maps" in found.warnings[0]
    with pytest.raises(Error, match="still named"):
        found.apply()
    (bare / "main.cf").write_text("")
    plan(bare, path="used", state="absent", entries=None, backup=False).apply()
    assert not (bare / "used").exists()


def test_rules_keep_to_the_order_of_the_file(bare):
    (bare / "table").write_text("/a/\t1\n/b/\t2\n")
    given = [{"pattern": "/b/", "value": "2"}, {"pattern": "/a/", "value": "1"}]
    with pytest.raises(InputError, match="another order"):
        plan(bare, type="regexp", entries=given)
    assert plan(bare, type="regexp", entries=given, purge=True).changed
    with pytest.raises(InputError, match="if and endif"):
        plan(bare, type="regexp", entries=[{"if": "/x/", "entries": given}])


def test_the_folder_that_is_locked(bare):
    inside = {"path": "maps/table", "config_directory": str(bare), "instance": None}
    assert table_home(inside) == str(bare)
    assert table_home({**inside, "path": "/etc/table"}) == "/etc"


def test_the_default_type_is_read_where_it_is_written(bare):
    assert default_type(str(bare)) is None
    (bare / "main.cf").write_text("default_database_type = lmdb\n")
    assert default_type(str(bare)) == "lmdb"


def test_aliases_are_announced_too(bare):
    options = {"path": f"{bare}/aliases", "type": None, "config_directory": str(bare)}
    found = plan_aliases({**BACKUP, **options, "aliases": {"root": ["a", "b"]}})
    assert found.actions == [f"write {bare}/aliases: 1 added"]
    assert found.diff()[0]["after"] == "root: a, b\n"
    # The package brings a file of its own, so without an alias there is nothing to do.
    assert plan_aliases({**BACKUP, **options, "aliases": {}}).actions == []


def test_a_migration_of_a_bare_host_is_announced_and_cannot_be_applied(bare):
    options = {"from_types": ["hash"], "to": "lmdb", "cache_to": "lmdb", "ignore": [], "remove_old_indices": True}
    params = {**BACKUP, **options, "ignore_findings": [], "config_directory": str(bare)}
    found = plan_migration(params)
    assert found.changed
    with pytest.raises(Error, match="Postfix is not installed"):
        found.apply()
    with pytest.raises(InputError, match="from_types"):
        plan_migration({**params, "cache_to": "hash"})
