# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The units of a job."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._service.jobs import Job, job_from, problems

JOB = Job("backup", "Backup of 100% of the mail", ("/usr/bin/program", "run", "a b", "$x"), "02:30", 60)


def test_the_units():
    files = JOB.files()
    assert list(files) == ["/etc/systemd/system/backup.service", "/etc/systemd/system/backup.timer"]
    service, timer = files.values()
    assert "Description=Backup of 100%% of the mail\n" in service
    assert 'ExecStart=/usr/bin/program run "a b" $$x\n' in service
    assert "OnCalendar=02:30\nRandomizedDelaySec=60\nAccuracySec=1s\nPersistent=true\n" in timer
    assert "WantedBy=timers.target\n" in timer


def test_without_a_description_the_name_is_it():
    params = {"name": "a", "description": None, "command": ["/b"], "schedule": "daily", "random_delay": 0}
    assert job_from(params).description == "a"
    assert problems(job_from(params)) == []


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"name": "A.service"}, ["name"]),
        ({"command": ["program"]}, ["command"]),
        ({"command": []}, ["command"]),
        ({"command": ["/a", "b\nc"]}, ["command"]),
        ({"schedule": " "}, ["schedule"]),
        ({"description": "a\nb"}, ["description"]),
        ({"random_delay": -1}, ["random_delay"]),
    ],
)
def test_bad_options_are_named(options, found):
    params = {"name": "a", "description": "", "command": ["/b"], "schedule": "daily", "random_delay": 0, **options}
    assert [problem.option for problem in problems(job_from(params))] == found
