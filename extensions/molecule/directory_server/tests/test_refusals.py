# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A configuration that slapd would not take, or that lets the wrong people in, is refused with nothing touched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import ansible
import pytest

ROOT = Path(os.environ["TESTBED_ROOT"])
SCRIPT = """
import json, sys
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.modules import openldap_config
with patch_module_args(json.load(sys.stdin)):
    openldap_config.main()
"""
SUFFIX = "dc=example,dc=org"
ROOT_OF_HOST = 'dn.exact="gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth"'


@pytest.fixture(scope="module")
def library(container, tmp_path_factory):
    """The modules in the container, with what they import of Ansible: so a call costs no play."""
    folder = tmp_path_factory.mktemp("library") / "library"
    shutil.copytree(Path(ansible.__file__).parent / "module_utils", folder / "ansible/module_utils")
    shutil.copy(Path(ansible.__file__).parent / "release.py", folder / "ansible")
    (folder / "ansible/__init__.py").touch()
    shutil.copytree(ROOT / "plugins", folder / "ansible_collections/postfix_manager/mail/plugins")
    subprocess.run(["podman", "exec", container, "rm", "-rf", "/opt/library"], check=True)
    subprocess.run(["podman", "cp", folder, f"{container}:/opt/"], check=True)


@pytest.fixture
def configure(container, host, library):
    """Runs the module, and says what it said and whether all is what it was."""

    def run(check=False, **options):
        before = state(host)
        argv = ["podman", "exec", "-i", "-e", "PYTHONPATH=/opt/library", container, "python3", "-c", SCRIPT]
        text = json.dumps({**options, "_ansible_check_mode": check})
        done = subprocess.run(argv, input=text, capture_output=True, text=True, check=False)
        assert done.stdout, done.stderr
        said = json.loads(done.stdout)
        return {**said, "failed": said.get("failed", False)}, state(host) == before

    return run


def state(host):
    """All of the configuration and the data, and that the server lives."""
    return host.check_output(
        "systemctl show -P MainPID slapd; find /etc/ldap/slapd.d -type f | sort | xargs sha256sum; "
        "slapcat | sha256sum; ls -A /var/backups/postfix_manager"
    )


def database(**options):
    return {"databases": [{"suffix": SUFFIX, **options}]}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (database(access=["to * by nobody read"]), "olcAccess '{0}to * by nobody read'"),
        (database(indices={"noSuchAttribute": "eq"}), "noSuchAttribute"),
        (database(indices={"mail": "equal"}), "databases[0].indices.mail: 'equal' is no kind of index"),
        (database(overlays=[{"name": "unique", "settings": {"olcNoSuch": 1}}]), "olcNoSuch"),
        (database(directory="/srv/elsewhere"), "is not where the data of this database is"),
        ({"databases": [{"suffix": "o=new"}]}, "databases[0].access: is missing"),
        ({"settings": {"loglevel": "stats"}}, "write it like olcLogLevel"),
        ({"schemas": [{"name": "x", "content": "attributetype ( 2.25.1 NAME 'x'"}]}, "a ) is missing"),
        ({"schemas": [{"name": "x", "content": "attributetype ( 2.25.1 NAME 'x' SUP nothing )"}]}, "nothing"),
        ({"schemas": [{"name": "postfix_manager", "state": "absent"}]}, "pmMailAccount"),
    ],
)
def test_it_is_refused_and_nothing_is_touched(configure, options, said):
    report, untouched = configure(**options)
    assert report["failed"], report
    assert said in report["msg"]
    assert untouched


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (database(overlays=[{"name": "nosuchoverlay"}]), "modules: 'nosuchoverlay' has no file in /usr/lib/ldap"),
        ({"settings": {"olcTLSCertificateKeyFile": "/etc/ssl/private/none"}}, "does not exist or cannot be read"),
        ({"settings": {"olcTLSCertificateKeyFile": "/etc/ldap/tls/ldap.pem"}}, "does not hold a key"),
        ({"schemas": [{"name": "x", "path": "/etc/ldap/schema/none.schema"}]}, "schemas[0].path"),
    ],
)
def test_what_an_earlier_task_may_bring_is_a_warning_in_check_mode_alone(configure, options, said):
    report, untouched = configure(check=True, **options)
    assert not report["failed"]
    assert said in str(report["warnings"])
    assert untouched
    report, untouched = configure(**options)
    assert report["failed"]
    assert said in report["msg"]
    assert untouched


def test_rules_that_let_strangers_read_are_refused(configure):
    rules = [f"to * by {ROOT_OF_HOST} manage by * read"]
    report, untouched = configure(**database(access=rules))
    assert "anonymous read userPassword of dc=example,dc=org' is allowed and must be denied" in report["msg"]
    assert untouched


def test_a_wrong_answer_to_a_test_is_refused_also_without_a_change(configure):
    who = f"cn=postfix,ou=services,{SUFFIX}"
    entry = f"ou=people,{SUFFIX}"
    tests = [
        {"who": who, "entry": entry, "attribute": "objectClass"},
        {"who": who, "entry": entry, "attribute": "description"},
    ]
    report, untouched = configure(access_tests=tests)
    assert "1 problem" in report["msg"]
    assert "access_tests[1]" in report["msg"]
    assert "is denied and must be allowed" in report["msg"]
    assert untouched


def test_a_definition_in_use_stays(configure, host):
    entry = f"dn: associatedDomain=example.org,ou=domains,{SUFFIX}"
    host.check_output(f"printf '{entry}\\nobjectClass: pmMailDomain\\n' | ldapadd -Q -Y EXTERNAL -H ldapi:///")
    report, untouched = configure(schemas=[{"name": "postfix_manager", "state": "absent"}])
    host.check_output(f"ldapdelete -Q -Y EXTERNAL -H ldapi:/// '{entry[4:]}'")
    assert f"'pmmaildomain' would go, and 1 entries use it, such as {entry[4:]}" in report["msg"]
    assert untouched


def test_a_change_and_its_way_back(configure):
    """A database, overlays in between, and limits come and go; the second run changes nothing."""
    more = database(limits=['dn.exact="cn=x" size=5'], overlays=[{"name": "memberof"}, {"name": "dds"}])
    more["databases"].append(
        {
            "suffix": "o=second",
            "access": ["to * by * none"],
            "root_dn": "cn=admin,o=second",
            "root_password": "secret-of-second",
        }
    )
    announced, untouched = configure(check=True, **more)
    assert announced["changed"], announced
    assert untouched
    done, _same = configure(**more)
    assert done["actions"] == announced["actions"]
    assert "secret-of-second" not in json.dumps(done)
    again, untouched = configure(**more)
    assert not again["changed"]
    assert untouched
    back, _same = configure(state="rolled_back")
    assert back["changed"]
    assert back["rolled_back"] == done["backup_id"]
    again, untouched = configure(state="rolled_back")
    assert not again["changed"]
    assert untouched
