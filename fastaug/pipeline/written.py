"""Pipelines as plain data, for files."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from ..transforms.base import REGISTRY, Node

N = TypeVar("N", bound=Node)

# Of the format, not of the library: it grows when an old file would be read wrongly.
VERSION = 1


def to_plain(node: Node) -> dict[str, Any]:
    """A transform as a dictionary of plain numbers, strings and lists.

    Raises:
        ValueError: if an argument is a function without a name that it can be imported by.
    """
    plain = {name: _plain(value, name) for name, value in node.arguments().items()}
    return {"transform": type(node).__name__, **plain}


def _plain(value: Any, name: str) -> Any:
    if isinstance(value, Node):
        return to_plain(value)
    if isinstance(value, list | tuple):
        return [_plain(each, name) for each in value]
    if isinstance(value, Mapping):
        return {key: _plain(each, name) for key, each in value.items()}
    if callable(value):
        return _path_of(value, name)
    return value.tolist() if hasattr(value, "tolist") else value


def _path_of(function: Any, name: str) -> str:
    path = f"{getattr(function, '__module__', None)}:{getattr(function, '__qualname__', None)}"
    try:
        found = _imported(path, name)
    except ValueError:
        found = None
    if found is not function:
        raise ValueError(
            f"{name} must be a function of a module, by whose name it can be written down, "
            f"got {function!r}"
        )
    return path


def _imported(path: str, name: str) -> Any:
    module, _, parts = path.partition(":")
    try:
        found = import_module(module)
        for part in parts.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError, ValueError) as error:
        raise ValueError(
            f"{name} must name a function as 'module:function', got {path!r}: {error}"
        ) from None
    return found


def from_plain(plain: Any, where: str = "") -> Node:
    """The transform that a dictionary describes.

    Raises:
        ValueError: if it names a transform or an argument that does not exist, or lacks one.
        TypeError, ValueError: if an argument is not what the transform expects.
    """
    here = where or "the pipeline"
    if not isinstance(plain, Mapping) or not isinstance(plain.get("transform"), str):
        raise ValueError(f"{here} must have an entry 'transform' with its name, got {plain!r}")
    name = plain["transform"]
    if name not in REGISTRY:
        raise ValueError(f"{here} has an unknown transform {name!r}{_close(name, list(REGISTRY))}")
    known = {each.name: each for each in fields(REGISTRY[name]) if each.init}
    given = {key: value for key, value in plain.items() if key != "transform"}
    for key in given:
        if key not in known:
            raise ValueError(
                f"{here} has an unknown argument {key!r} of {name}{_close(key, list(known))}"
            )
    for key, each in known.items():
        if each.default is MISSING and key not in given:
            raise ValueError(f"{here} lacks the argument {key!r} of {name}")
    inside = f"{where}." if where else ""
    arguments = {key: _value(value, key, inside) for key, value in given.items()}
    try:
        return REGISTRY[name](**arguments)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{here}: {name}: {error}") from None


def from_written(kind: type[N], plain: Any) -> N:
    """The pipeline that was written down.

    Raises:
        ValueError: if there is none, or it is of a later version.
    """
    if not isinstance(plain, Mapping):
        raise ValueError(
            f"a pipeline must be a dictionary with an entry 'transforms', got {plain!r}"
        )
    entries = dict(plain)
    version = entries.pop("fastaug", VERSION)
    if version != VERSION:
        raise ValueError(f"fastaug must be {VERSION}, the version of the format, got {version!r}")
    entries.setdefault("transform", kind.__name__)
    found = from_plain(entries, "")
    if not isinstance(found, kind):
        raise ValueError(f"transform must be {kind.__name__!r}, got {entries['transform']!r}")
    return found


def _value(value: Any, key: str, where: str) -> Any:
    if isinstance(value, Mapping) and "transform" in value:
        return from_plain(value, f"{where}{key}")
    if isinstance(value, Mapping):
        return {name: _value(each, name, where) for name, each in value.items()}
    if isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        return [from_plain(each, f"{where}{key}[{i}]") for i, each in enumerate(value)]
    if isinstance(value, list):
        return value if key == "transforms" else tuple(_value(each, key, where) for each in value)
    if key in ("function", "partner") and isinstance(value, str):
        return _imported(value, key)
    return value


def _close(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def read(path: Path) -> Any:
    """What a file holds, JSON or YAML by its suffix.

    Raises:
        ValueError: if it has another suffix, or cannot be read as that.
        RuntimeError: if it is YAML and PyYAML is not installed.
    """
    is_json = _is_json(path)
    text = path.read_text(encoding="utf-8")
    if is_json:
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise ValueError(f"{path} is not JSON: {error}") from None
    yaml = _yaml()
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"{path} is not YAML: {error}") from None


def write(plain: Any, path: Path) -> None:
    """Writes a file that `read` reads."""
    if _is_json(path):
        text = json.dumps(plain, indent=2) + "\n"
    else:
        text = _yaml().safe_dump(plain, sort_keys=False, default_flow_style=None)
    path.write_text(text, encoding="utf-8")


def _is_json(path: Path) -> bool:
    if path.suffix.lower() not in (".json", ".yaml", ".yml"):
        raise ValueError(f"path must end in .json, .yaml or .yml, got {str(path)!r}")
    return path.suffix.lower() == ".json"


def _yaml() -> Any:
    try:
        return import_module("yaml")
    except ImportError:
        raise RuntimeError(
            "YAML files need PyYAML; install it with: pip install 'fastaug[data]'"
        ) from None
