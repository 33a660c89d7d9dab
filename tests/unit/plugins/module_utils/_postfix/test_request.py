# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The request: what options mean, and every bad one refused with its place and its cure."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.request import read_request

NOTHING = {
    "config_directory": "/etc/postfix",
    "parameters": None,
    "services": None,
    "map_files": None,
    "purge": False,
    "purge_ignore": None,
}
SMTP = {"name": "smtp", "type": "inet", "state": "present"}
MAP = {"name": "sqlite/a.cf", "state": "present", "parameters": {"dbpath": "/x"}}


def request(**options):
    return read_request({**NOTHING, **options})


def problems(**options):
    with pytest.raises(InputError) as caught:
        request(**options)
    return caught.value.problems


def service(**fields):
    return request(services=[{**SMTP, **fields}]).services[0]


def test_nothing_is_asked_for():
    assert request().parameters is None
    assert request().services is None
    assert request().map_files == []


def test_values_become_text():
    given = {"a": True, "b": False, "c": 5, "d": "x y", "e": ["x", 1, True], "f": None, "g": "", "h": []}
    assert request(parameters=given).parameters == {
        "a": ("yes",),
        "b": ("no",),
        "c": ("5",),
        "d": ("x y",),
        "e": ("x", "1", "yes"),
        "f": None,
        "g": ("",),
        "h": ("",),
    }


@pytest.mark.parametrize("name", ["smtpd_banner", "scalemail-backend_time_limit", "policyd-spf.x_time_limit", "a1"])
def test_names_of_parameters_are_taken(name):
    assert list(request(parameters={name: "x"}).parameters) == [name]


@pytest.mark.parametrize("name", ["", "a b", "a=b", "-a", "#a", "a\n", "$a", "a/b", "é"])
def test_names_of_parameters_are_refused(name):
    (problem,) = problems(parameters={name: "x"})
    assert problem.option == f"parameters[{name!r}]"


@pytest.mark.parametrize(
    ("value", "option", "said"),
    [
        (3.6, "parameters.n", "fraction"),
        ("a\nb", "parameters.n", "line break"),
        ("a\r", "parameters.n", "line break"),
        ("a\0", "parameters.n", "line break"),
        ({"a": 1}, "parameters.n", "dictionary"),
        (["a", ["b"]], "parameters.n[1]", "list"),
        (["a", {"b": 1}], "parameters.n[1]", "dictionary"),
        (["a", ""], "parameters.n[1]", "empty"),
        ([None, "a"], "parameters.n[0]", "empty"),
        (["a", "b\n"], "parameters.n[1]", "line break"),
        ([1.5], "parameters.n[0]", "fraction"),
    ],
)
def test_values_are_refused(value, option, said):
    (problem,) = problems(parameters={"n": value})
    assert problem.option == option
    assert said in problem.message
    assert problem.cure


def test_every_problem_is_reported_at_once():
    found = problems(
        parameters={"a b": 1, "c": 1.5},
        services=[{**SMTP, "chroot": "maybe", "maxproc": "many"}],
        map_files=[{**MAP, "name": "/x"}],
    )
    assert [problem.option for problem in found] == [
        "parameters['a b']",
        "parameters.c",
        "services[0].chroot",
        "services[0].maxproc",
        "map_files[0].name",
    ]


def test_a_service_has_only_what_was_given():
    assert service().fields == {}
    assert service().arguments is None
    assert service(chroot=None, maxproc=None, args=None, options=None).fields == {}


@pytest.mark.parametrize(
    ("given", "field"),
    [(True, "y"), (False, "n"), ("y", "y"), ("n", "n"), ("yes", "y"), ("No", "n"), ("True", "y"), ("-", "-")],
)
def test_flags_of_a_service(given, field):
    assert service(chroot=given, unpriv=given).fields == {"chroot": field, "unpriv": field}


def test_fields_of_a_service():
    fields = {"wakeup": "1000?", "maxproc": "0", "command": "smtpd"}
    assert service(**fields).fields == fields


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a b"),
        ("name", ""),
        ("name", "#smtp"),
        ("name", "private/smtp"),
        ("name", "{smtp}"),
        ("private", True),
        ("private", "-"),
        ("private", "perhaps"),
        ("unpriv", 2),
        ("chroot", "jail"),
        ("chroot", [True]),
        ("wakeup", "soon"),
        ("wakeup", "-1"),
        ("maxproc", "1x"),
        ("maxproc", "10?"),
        ("command", "smtpd -v"),
        ("command", "-"),
        ("command", ""),
        ("args", "{ a"),
        ("args", "a }"),
        ("args", "-o a=b"),
        ("args", ["-oa=b"]),
        ("args", ["-v", "-o", "a=b"]),
        ("args", "#a"),
        ("args", "a\nb"),
        ("args", 1.5),
        ("args", {"a": 1}),
    ],
)
def test_services_are_refused(field, value):
    (problem,) = problems(services=[{**SMTP, "type": "inet", field: value}])
    assert problem.option == f"services[0].{field}"
    assert problem.cure


@pytest.mark.parametrize("options", [{"a": "{b"}, {"a": "b}"}, {"a": ["{", "b"]}])
def test_unbalanced_options_are_refused(options):
    (problem,) = problems(services=[{**SMTP, "options": options}])
    assert problem.option == "services[0].options.a"


def test_options_of_a_service():
    assert service(options={"a": True, "b": None, "c": ["x", "y"], "d": ""}).options == {
        "a": "yes",
        "b": None,
        "c": "x, y",
        "d": "",
    }


@pytest.mark.parametrize(
    ("given", "arguments"),
    [
        ("flags=R user=x argv=/bin/y -o { a b }", ("flags=R", "user=x", "argv=/bin/y", "-o", "{ a b }")),
        (["user=x", "argv=/bin/y", "-o", "a b", "", 5], ("user=x", "argv=/bin/y", "-o", "{a b}", "{}", "5")),
        (["#x"], ("{#x}",)),
        ("-v", ("-v",)),
        ("", ()),
        ([], ()),
    ],
)
def test_arguments_of_a_service(given, arguments):
    assert service(args=given).arguments == arguments


def test_a_service_is_declared_once():
    twice = [SMTP, {**SMTP, "type": "unix"}, {**SMTP, "maxproc": "1"}]
    (problem,) = problems(services=twice)
    assert problem.option == "services[2]"
    assert "services[0]" in problem.message


def test_a_map_file():
    entry = {**MAP, "parameters": {"version": 3, "bind": True, "gone": None}, "secrets": {"bind_pw": "x"}}
    (declared,) = request(map_files=[entry]).map_files
    assert declared.content.endswith("version = 3\nbind = yes\nbind_pw = x\n")
    assert declared.secrets == {"bind_pw"}


def test_a_map_file_that_shall_not_be():
    (declared,) = request(map_files=[{"name": "a.cf", "state": "absent"}]).map_files
    assert declared.content is None


@pytest.mark.parametrize(
    "name",
    ["", "/etc/x.cf", "../x.cf", "a/../x.cf", "a//x.cf", "a/", ".hidden", "a/.hidden", "a b", "main.cf", "master.cf"],
)
def test_names_of_map_files_are_refused(name):
    (problem,) = problems(map_files=[{**MAP, "name": name}])
    assert problem.option == "map_files[0].name"


def test_an_empty_map_file_is_refused():
    (problem,) = problems(map_files=[{**MAP, "parameters": {"a": None}}])
    assert problem.option == "map_files[0].parameters"


def test_a_map_file_is_declared_once():
    (problem,) = problems(map_files=[MAP, MAP])
    assert problem.option == "map_files[1]"


@pytest.mark.parametrize("parameters", [{"password": "hunter2"}, {"hosts": "postgresql://a:hunter2@db/x"}])
def test_a_secret_among_parameters_is_refused_and_not_repeated(parameters):
    with pytest.raises(InputError) as caught:
        request(map_files=[{**MAP, "parameters": parameters}])
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in str(caught.value.details)
    assert "map_files[0].secrets" in str(caught.value)


@pytest.mark.parametrize(
    "secrets", [{"password": "hunter2\nx"}, {"password": {"hunter2": "x"}}, {"password": ["hunter2\n"]}]
)
def test_a_bad_secret_is_not_repeated(secrets):
    with pytest.raises(InputError) as caught:
        request(map_files=[{**MAP, "secrets": secrets}])
    assert "hunter2" not in f"{caught.value} {caught.value.details}"


def test_a_parameter_that_is_secret_and_not_is_refused():
    (problem,) = problems(map_files=[{**MAP, "secrets": {"dbpath": "y"}}])
    assert problem.option == "map_files[0].secrets.dbpath"


@pytest.mark.parametrize(
    ("purge", "name", "expected"),
    [
        (False, "a", False),
        (True, "a", True),
        (True, "milter_x", False),
        (True, "smtpd/pass", False),
        (True, "Milter_x", True),
    ],
)
def test_what_is_purged(purge, name, expected):
    assert request(purge=purge, purge_ignore=["milter_*", "*/pass"]).purges(name) is expected
