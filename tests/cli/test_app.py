"""The door itself: help, exit statuses, errors, and how little it loads."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module

import pytest
from extension import BUILT, needs_extension

import fastaug
from fastaug.cli.commands import COMMANDS, _prose

info = import_module("fastaug.cli.info")
HEAVY = ("PIL", "keras", "tensorflow", "sklearn", "scipy", "pandas", "matplotlib")


def test_help_lists_every_command(invoke):
    shown = invoke("--help").stdout
    for name in COMMANDS:
        assert name in shown


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_has_examples(invoke, name):
    shown = invoke(name, "--help").stdout
    assert "Examples" in shown
    assert f"fastaug {name}" in shown.partition("Examples")[2]


def test_no_arguments_show_the_help(invoke):
    assert "Commands" in invoke(status=2).output


def test_version(invoke):
    assert invoke("--version").stdout == f"fastaug {fastaug.__version__}\n"


@pytest.mark.parametrize("arguments", [["inf"], ["info", "--jsn"], ["preview"], ["generate"]])
def test_wrong_usage_is_status_2(invoke, arguments):
    result = invoke(*arguments, status=2)
    assert result.stdout == ""
    assert "Error" in result.stderr


def test_nothing_heavy_is_loaded_for_the_help():
    program = (
        "import sys\n"
        "from fastaug.cli import app\n"
        "app(['--help'], standalone_mode=False)\n"
        "import fastaug.cli.generate, fastaug.cli.preview, fastaug.cli.info, fastaug.cli.demo\n"
        "print([name for name in sys.modules], file=sys.stderr)\n"
    )
    command = [sys.executable, "-P", "-c", program]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    loaded = result.stderr
    for name in HEAVY:
        assert f"'{name}'" not in loaded


@pytest.mark.parametrize(
    ("missing", "arguments", "remedy"),
    [
        ("PIL", ["preview", __file__], "pip install 'fastaug[data]'"),
        ("sklearn", ["demo"], "pip install 'fastaug[demo]'"),
        ("keras", ["demo"], "pip install 'fastaug[demo]'"),
    ],
)
def test_a_missing_package_is_one_line_with_the_remedy(start, tmp_path, missing, arguments, remedy):
    program = (
        f"import os, sys; os.chdir({str(tmp_path)!r}); sys.modules[{missing!r}] = None\n"
        "from fastaug.cli import main; main()"
    )
    process = start(*arguments, program=program)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors.splitlines()[-1] == (
        f"fastaug: error: this command needs the module '{missing}', which is not installed; "
        f"install it with: {remedy}"
    )
    assert "Traceback" not in errors


def test_an_expected_error_is_one_line_and_status_1(invoke, monkeypatch):
    monkeypatch.setattr("fastaug.threads._asked", "many")
    monkeypatch.setattr("fastaug.threads._chosen", None)
    result = invoke("info", status=1)
    assert result.stdout == ""
    assert result.stderr.startswith("fastaug: error: FASTAUG_NUM_THREADS must be a whole number")
    assert len(result.stderr.splitlines()) == 1


def test_a_traceback_on_request(invoke, monkeypatch):
    monkeypatch.setattr("fastaug.threads._asked", "many")
    monkeypatch.setenv("FASTAUG_TRACEBACK", "1")
    monkeypatch.setattr("fastaug.threads._chosen", None)
    assert isinstance(invoke("info", status=1).exception, ValueError)


@pytest.mark.parametrize("module", ["fastaug", "fastaug.cli"])
def test_module_runs_as_a_program(module):
    command = [sys.executable, "-P", "-m", module, "info", "--json"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(result.stdout)["version"] == fastaug.__version__


def test_info_as_json_is_build_info(invoke):
    assert json.loads(invoke("info", "--json").stdout) == fastaug.build_info()


def test_info_says_why_a_backend_is_missing(invoke):
    shown = invoke("info").stdout
    for name, reason in fastaug.build_info()["backends"].items():
        assert f"{name}: {'ready' if reason is None else f'not available: {reason}'}" in shown
    assert (fastaug.build_info()["isa"] or "the extension was not built") in shown


def test_info_tells_not_loaded_from_not_built(monkeypatch):
    facts = fastaug.build_info() | {"compiler": None}
    monkeypatch.setattr(info, "find_spec", lambda name: object())
    assert ("compiler", "none: the extension is not loaded") in info._lines(facts)
    monkeypatch.setattr(info, "find_spec", lambda name: None)
    assert ("compiler", "none: the extension was not built") in info._lines(facts)


@needs_extension
def test_info_of_an_extension_that_cannot_be_loaded(start, monkeypatch):
    monkeypatch.setenv("FASTAUG_ISA", "v9")
    shown, errors = start("info").communicate(timeout=60)
    assert errors == ""
    assert "the extension is not loaded" in shown
    assert "not built" not in shown
    assert "in use            none for NumPy arrays" in shown


def test_info_shows_the_backend_in_use(invoke, monkeypatch):
    monkeypatch.setattr("fastaug.backends.asked", None)
    usual = "native" if BUILT else "numba"
    assert f"in use            {usual} for NumPy arrays\n" in invoke("info").stdout
    monkeypatch.setattr("fastaug.backends.asked", usual)
    assert f"{usual} for NumPy arrays (FASTAUG_BACKEND={usual})\n" in invoke("info").stdout
    monkeypatch.setattr("fastaug.backends.asked", "abacus")
    shown = invoke("info").stdout
    assert "none for NumPy arrays (FASTAUG_BACKEND=abacus): backend must be one of" in shown


def test_prose_joins_the_lines_of_paragraphs_only():
    assert _prose("One\n    two.\n\n    Three\n    four.\n\n    fastaug a\n    fastaug b") == (
        "One two.\n\nThree four.\n\nfastaug a\nfastaug b"
    )
