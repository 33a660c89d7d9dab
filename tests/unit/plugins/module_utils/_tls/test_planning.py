# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Four steps with the installed openssl on real files, and every way in which a pair can be wrong."""

import os
import stat
import subprocess

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import backups
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error
from ansible_collections.postfix_manager.mail.plugins.module_utils._tls import openssl, planning

pytestmark = pytest.mark.usefixtures("as_this_user")


@pytest.fixture
def as_this_user(monkeypatch):
    """Files belong to root on a target; here to whoever runs the tests."""
    monkeypatch.setattr(
        planning,
        "FileChange",
        lambda path, content, mode, _owner, _group: REAL_CHANGE(path, content, mode),
    )


REAL_CHANGE = planning.FileChange


@pytest.fixture
def params(tmp_path):
    return {
        "certificate_file": str(tmp_path / "tls" / "mail.pem"),
        "key_file": str(tmp_path / "tls" / "mail.key"),
        "names": ["mail.example.org", "imap.example.org"],
        "content": None,
        "key_content": None,
        "days": 100,
        "renew_before_days": 30,
        "key_group": "root",
        "backup": True,
        "backup_count": 20,
        "backup_directory": str(tmp_path / "backups"),
    }


def test_self_signed_in_four_steps(params):
    plan = planning.plan_certificate(params)
    assert plan.changed
    assert not os.path.exists(params["certificate_file"])
    plan.apply()
    assert stat.S_IMODE(os.stat(params["key_file"]).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(params["certificate_file"]).st_mode) == 0o644
    again = planning.plan_certificate(params)
    assert not again.changed
    assert again.diff() == []
    assert again.result["certificate"]["names"] == params["names"]
    assert again.result["certificate"]["days_left"] in (99, 100)


def test_other_names_sign_anew_and_keep_the_old(params):
    planning.plan_certificate(params).apply()
    params["names"] = ["new.example.org"]
    plan = planning.plan_certificate(params)
    assert "it names mail.example.org, imap.example.org" in plan.actions[0]
    kept = plan.apply()["backup_path"]
    (_first, second) = backups.backups_of(params["backup_directory"], params["certificate_file"])
    assert second.path == kept
    assert [file.mode for file in second.files] == ["0644", "0600"]
    assert not planning.plan_certificate(params).changed


def test_a_mode_that_drifted_is_announced_and_repaired(params):
    planning.plan_certificate(params).apply()
    os.chmod(params["key_file"], 0o644)
    plan = planning.plan_certificate(params)
    assert plan.actions == [f"set owner and mode of {params['key_file']}"]
    plan.apply()
    assert stat.S_IMODE(os.stat(params["key_file"]).st_mode) == 0o600


def test_your_own_pair_is_put_in_place_and_its_key_is_never_shown(params):
    certificate, key = openssl.sign(planning.Wanted("/c", "/k", ("own.example.org",), 10, 0))
    params.update(content=certificate.decode(), key_content=key.decode())
    plan = planning.plan_certificate(params)
    key_line = key.decode().splitlines()[1]
    assert key_line not in str(plan.diff())
    plan.apply()
    with open(params["key_file"], "rb") as handle:
        assert handle.read() == key
    assert not planning.plan_certificate(params).changed


def test_a_key_of_another_certificate_is_refused(params):
    certificate, _key = openssl.sign(planning.Wanted("/c", "/k", ("own.example.org",), 10, 0))
    _certificate, other = openssl.sign(planning.Wanted("/c", "/k", ("own.example.org",), 10, 0))
    params.update(content=certificate.decode(), key_content=other.decode())
    with pytest.raises(Error, match="key_content is not the key of content"):
        planning.plan_certificate(params)
    assert not os.path.exists(params["certificate_file"])


@pytest.mark.parametrize(("content", "said"), [("rubbish", "content does not hold a certificate")])
def test_what_is_no_certificate_is_refused(params, content, said):
    params.update(content=content, key_content="rubbish")
    with pytest.raises(Error, match=said):
        planning.plan_certificate(params)


def test_a_key_with_a_passphrase_is_refused(params):
    certificate, key = openssl.sign(planning.Wanted("/c", "/k", ("own.example.org",), 10, 0))
    locked = subprocess.run(
        ["openssl", "pkey", "-aes256", "-passout", "pass:x"], input=key, capture_output=True, check=True
    ).stdout
    params.update(content=certificate.decode(), key_content=locked.decode())
    with pytest.raises(Error, match="without a passphrase"):
        planning.plan_certificate(params)


def test_half_a_pair_on_disk_is_refused(params):
    planning.plan_certificate(params).apply()
    os.unlink(params["key_file"])
    with pytest.raises(Error, match=r"mail.pem is there but .*mail.key is not"):
        planning.plan_certificate(params)
