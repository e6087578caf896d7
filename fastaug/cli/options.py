"""Options that several commands share, each written once."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from .policy import load_policy
from .recipe import PROBABILITY, Recipe

PANEL = "Augmentation"
# 8192x8192: what comes of one image, several times over, has to fit into memory.
_MOST_PIXELS = 2**26
_MOST_DIGITS = 9
# What happens when nothing is named: mild, and harmless to text, digits and photographs.
DEFAULT = {"rotation": 15.0, "width_shift": 0.1, "height_shift": 0.1, "zoom": 0.15}


class FillModeName(StrEnum):
    constant = "constant"
    nearest = "nearest"
    reflect = "reflect"
    mirror = "mirror"
    wrap = "wrap"
    grid_wrap = "grid-wrap"
    grid_constant = "grid-constant"


def _seed(value: int | None) -> int | None:
    # Not min and max: their range would fill a line of the help.
    if value is not None and not 0 <= value < 2**64:
        raise typer.BadParameter(f"{value} is not from 0 to 2**64 - 1")
    return value


_SEED = Annotated[
    int | None,
    typer.Option(
        callback=_seed,
        metavar="N",
        help="The same seed gives the same images, to the byte. Default: the pipeline's, or 0.",
    ),
]
Size = Annotated[
    str | None,
    typer.Option(
        metavar="N|HEIGHTxWIDTH",
        help="Resize images to this many pixels first. Default: keep their size.",
    ),
]


def _number(text: str, **limits: Any) -> Any:
    return Annotated[
        float | None,
        typer.Option(help=text, rich_help_panel=PANEL, show_default=False, **limits),
    ]


def _footprint(name: str) -> Any:
    text = f"{name} by a square of 2 to this many pixels, {PROBABILITY:.0%} of the images."
    return Annotated[
        int | None,
        typer.Option(min=1, max=10_000, help=text, rich_help_panel=PANEL, show_default=False),
    ]


def _flag(name: str, text: str) -> Any:
    option = typer.Option(name, help=text, rich_help_panel=PANEL, show_default=False)
    return Annotated[bool, option]


_PIPELINE = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        metavar="FILE",
        help="A pipeline as Compose.save writes it, JSON or YAML, in the place of all below.",
        rich_help_panel=PANEL,
        show_default=False,
    ),
]
# Name, and type with help. The names are those of Recipe's fields.
_AUGMENTATION: dict[str, Any] = {
    "rotation": _number("Rotate by up to this many degrees, either way.", min=0),
    "width_shift": _number(
        "Shift left or right by up to this share of the width; from 1 on, pixels.", min=0
    ),
    "height_shift": _number("Shift up or down, likewise.", min=0),
    "shear": _number("Lean by up to this many degrees, either way.", min=0, max=89),
    "zoom": _number("Enlarge or shrink by up to this share.", min=0, max=0.99),
    "horizontal_flip": _flag("--horizontal-flip", "Swap left and right in half of the images."),
    "vertical_flip": _flag("--vertical-flip", "Swap top and bottom in half of the images."),
    "erosion": _footprint("Erode (thin what is bright)"),
    "dilation": _footprint("Dilate (thicken what is bright)"),
    "gaussian_noise": _number(
        "Add noise with a standard deviation of up to this many of 255 grey levels, "
        f"{PROBABILITY:.0%} of the images.",
        min=0,
    ),
    "salt_and_pepper": _number(
        f"Turn up to this share of the pixels white or black, {PROBABILITY:.0%} of the images.",
        min=0,
        max=1,
    ),
}
# Name, type with help, and what it is where it is not given.
_FILL: dict[str, tuple[Any, Any]] = {
    "fill_mode": (
        Annotated[
            FillModeName | None,
            typer.Option(
                help="What comes in from outside the image. Default: nearest.",
                rich_help_panel=PANEL,
            ),
        ],
        FillModeName.nearest,
    ),
    "fill_value": (
        Annotated[
            float | None,
            typer.Option(
                min=0,
                max=255,
                help="Grey level for the constant modes. Default: 0.",
                rich_help_panel=PANEL,
            ),
        ],
        0.0,
    ),
}


def takes_recipe(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options of the augmentation, and hands it what they say as `recipe` and `seed`."""
    signature = inspect.signature(command, eval_str=True)
    own = [
        p.replace(annotation=_SEED, default=None) if p.name == "seed" else p
        for p in signature.parameters.values()
        if p.name != "recipe"
    ]
    kinds = {"pipeline": _PIPELINE, **_AUGMENTATION, **{n: kind for n, (kind, _) in _FILL.items()}}
    shared = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=kind,
            default=False if name.endswith("_flip") else None,
        )
        for name, kind in kinds.items()
    ]

    @functools.wraps(command)
    def with_options(**values: Any) -> None:
        path, seed = values.pop("pipeline"), values.pop("seed")
        given = {name: values.pop(name) for name in (*_AUGMENTATION, *_FILL)}
        named = {n: value for n, value in given.items() if value is not None and value is not False}
        if path is None:
            command(recipe=_recipe(named), seed=seed or 0, **values)
            return
        for name in named:
            raise typer.BadParameter(
                "a pipeline says all that happens to an image; leave out either it or this",
                param_hint=_option(name),
            )
        policy = load_policy(path, seed)
        command(recipe=policy, seed=policy.pipeline.seed, **values)

    parameters = [*own, *shared]
    with_options.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    with_options.__annotations__ = {p.name: p.annotation for p in parameters}
    return with_options


def _recipe(named: dict[str, Any]) -> Recipe:
    for name, value in named.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise typer.BadParameter(f"{value} is not finite", param_hint=_option(name))
    fill = {name: named.pop(name, default) for name, (_, default) in _FILL.items()}
    fill["fill_mode"] = fill["fill_mode"].value
    return Recipe(**(named or DEFAULT), **fill)


def _option(name: str) -> str:
    return f"'--{name.replace('_', '-')}'"


def parse_size(text: str | None) -> tuple[int, int] | None:
    """(height, width) from ``"224"`` or ``"480x640"``.

    Raises:
        typer.BadParameter: if it is neither, or more pixels than there may be.
    """
    if text is None:
        return None
    sides = text.lower().split("x")
    known = len(sides) <= 2 and all(s.isdecimal() and len(s) <= _MOST_DIGITS for s in sides)
    if not known or not all(map(int, sides)):
        raise typer.BadParameter(
            f"{text!r} is neither a number of pixels nor HEIGHTxWIDTH", param_hint="'--size'"
        )
    height, width = int(sides[0]), int(sides[-1])
    if height * width > _MOST_PIXELS:
        raise typer.BadParameter(
            f"{text!r} is {height * width:,} pixels an image; at most {_MOST_PIXELS:,} "
            "(8192x8192) are possible",
            param_hint="'--size'",
        )
    return height, width


def image_path(text: str | Path) -> Path:
    """The value of an option that names an image, or a folder of images."""
    path = _named(text)
    if not path.exists():
        raise typer.BadParameter(f"{path} does not exist")
    return path


def output_file(text: str | Path) -> Path:
    """The value of an option that names a file to write."""
    path = _named(text)
    if path.is_dir():
        raise typer.BadParameter(f"{path} is a folder")
    return path


def output_folder(text: str | Path) -> Path:
    """The value of an option that names a folder to write to."""
    path = _named(text)
    if path.exists() and not path.is_dir():
        raise typer.BadParameter(f"{path} is not a folder")
    return path


def _named(text: str | Path) -> Path:
    # Checked here because Path("") is the current folder.
    if text == "":
        raise typer.BadParameter("it is empty")
    return Path(text)
