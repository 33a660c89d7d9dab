# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files come back to where they were, with what they lead to and whose they were."""

import os

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup import files_host
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error


class Repository:
    """As much of one as puts files below a folder."""

    def __init__(self, files, links=()):
        self.files, self.links = files, dict(links)

    def restore(self, _snapshot, _paths, target):
        for path, text in self.files.items():
            os.makedirs(os.path.dirname(target + path), exist_ok=True)
            with open(target + path, "w") as handle:
                handle.write(text)
            os.chmod(target + path, 0o640)
        for path, leads in self.links.items():
            os.symlink(leads, target + path)


def test_what_differs_is_found_and_put_back(tmp_path):
    etc = tmp_path / "etc"
    etc.mkdir()
    (etc / "same").write_text("same")
    (etc / "same").chmod(0o640)
    (etc / "other").write_text("new")
    (etc / "stays").write_text("stays")
    repository = Repository(
        {f"{etc}/same": "same", f"{etc}/other": "old", f"{etc}/deep/gone": "gone"}, {f"{etc}/link": "other"}
    )
    manifest = files_host.names_of_owners()
    for number, expected in enumerate([["deep/gone", "link", "other"], []]):
        folder = tmp_path / f"private{number}"
        found = files_host.differing(repository, "latest", [str(etc)], manifest, str(folder))
        assert [os.path.relpath(path, etc) for path in found.paths] == expected
        files_host.put(found)
    assert (etc / "other").read_text() == "old"
    assert (etc / "other").stat().st_mode & 0o777 == 0o640
    assert os.readlink(etc / "link") == "other"
    assert (etc / "stays").read_text() == "stays"


def test_what_the_snapshot_lacks_is_an_error(tmp_path):
    with pytest.raises(Error, match="paths: the snapshot does not hold /etc/nothing"):
        files_host.differing(Repository({}), "latest", ["/etc/nothing"], {}, str(tmp_path))
