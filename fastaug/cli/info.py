"""``fastaug info``."""

from __future__ import annotations

import json
import platform
from importlib.util import find_spec
from typing import Annotated, Any

import typer


def info(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Describe this installation: version, backends, instruction set, threads and build flags.

    A backend that cannot be used is listed with the reason and with what to do about it.

    [bold]Examples[/bold]

    [cyan]fastaug info[/cyan]

    [cyan]fastaug info --json[/cyan]
    """
    import fastaug

    facts = fastaug.build_info()
    if as_json:
        typer.echo(json.dumps(facts, indent=2))
        return
    for name, value in _lines(facts):
        typer.echo(f"{name:<18}{value}")


def _lines(facts: dict[str, Any]) -> list[tuple[str, str]]:
    levels = ", ".join(facts["isa_available"]) or "none"
    lines = [
        ("fastaug", facts["version"]),
        ("python", f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
    ]
    for i, (name, reason) in enumerate(facts["backends"].items()):
        state = "ready" if reason is None else f"not available: {reason}"
        lines.append(("backends" if i == 0 else "", f"{name}: {state}"))
    lines.append(("in use", _in_use(facts["backends"])))
    return [
        *lines,
        ("instruction set", f"{facts['isa'] or 'none'} (available: {levels})"),
        ("threads", str(facts["threads"])),
        ("compiler", facts["compiler"] or f"none: the extension {_why_no_extension()}"),
        ("build flags", facts["flags"] or "none"),
    ]


def _why_no_extension() -> str:
    return "was not built" if find_spec("fastaug._native") is None else "is not loaded"


def _in_use(reasons: dict[str, str | None]) -> str:
    """The backend for NumPy arrays, or what is wrong with the one that was asked for."""
    from fastaug import backends

    by = f" (FASTAUG_BACKEND={backends.asked})" if backends.asked else ""
    try:
        backend = backends.current()
    except (ValueError, RuntimeError) as error:
        return f"none for NumPy arrays{by}: {error}"
    for name in (name for name, reason in reasons.items() if reason is None and name != "cuda"):
        with backends.use_backend(name):
            if backends.current() is backend:
                return f"{name} for NumPy arrays{by}"
    return f"another one for NumPy arrays{by}"
