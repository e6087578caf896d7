"""``fastaug preview``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import Size, output_file, parse_size, takes_recipe
from .policy import Policy
from .recipe import Parameters, Recipe, Where, sample_of

if TYPE_CHECKING:
    from PIL import Image

    from ..arrays import Array


@takes_recipe
def preview(
    image: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, show_default=False, help="The image."),
    ],
    recipe: Recipe | Policy,
    seed: int,
    output: Annotated[
        Path | None,
        typer.Option(
            parser=output_file,
            metavar="FILE",
            help="The PNG to write. Default: NAME-preview.png in this folder.",
        ),
    ] = None,
    rows: Annotated[int, typer.Option(min=1, max=50, help="Rows of the sheet.")] = 3,
    columns: Annotated[int, typer.Option(min=1, max=50, help="Columns of the sheet.")] = 4,
    size: Size = None,
) -> None:
    """Draw an image and variants of it on one sheet.

    The first picture is the image itself. The others are what fastaug generate makes of it with
    the same options: number 0, 1 and so on.

    [bold]Examples[/bold]

    [cyan]fastaug preview photo.jpg[/cyan]

    [cyan]fastaug preview photo.jpg --rotation 30 --zoom 0.2 --horizontal-flip[/cyan]

    [cyan]fastaug preview scan.png --erosion 5 --gaussian-noise 20 --output sheet.png --rows 4[/cyan]

    [cyan]fastaug preview photo.jpg --pipeline policy.yaml[/cyan]
    """
    if rows * columns < 2:
        raise typer.BadParameter("there is room for the image itself only", param_hint="'--rows'")
    path = output or Path(f"{image.stem}-preview.png")
    if path.suffix.lower() != ".png":
        raise typer.BadParameter(f"{path} does not end in .png", param_hint="'--output'")
    if path.exists() and path.samefile(image):
        raise typer.BadParameter(f"{path} is the image itself", param_hint="'--output'")
    from .images import load, save_sheet

    pixels = load(image, parse_size(size)).pixels
    if isinstance(recipe, Policy):
        sheet = recipe.sheet(pixels, image, rows * columns - 1, columns)
    else:
        sheet = _sheet(recipe, pixels, image.name, seed, rows * columns - 1, columns)
    save_sheet(sheet, path)
    typer.echo(f"wrote {path}")


def _sheet(
    recipe: Recipe, original: Array, name: str, seed: int, variants: int, columns: int
) -> Image.Image:
    from ..show.contact import tile_side
    from ..show.sheet import Row, Tile, draw, picture

    height, width, _ = original.shape
    box = (tile_side(columns),) * 2
    tiles = [Tile(picture(original, box), "original")]
    for n in range(variants):
        where = Where(seed, sample_of(name), n)
        parameters = recipe.draw(where, height, width)
        pixels = recipe.apply(original, parameters, where)
        tiles.append(Tile(picture(pixels, box), f"{n}: {describe(parameters)}"))
    rows = [Row(tiles[i : i + columns]) for i in range(0, len(tiles), columns)]
    return draw(name, f"{height} x {width} pixels, seed {seed}", rows)


def describe(p: Parameters) -> str:
    """What happens to a variant, in a few words."""
    words = [
        f"{p.rotation:+.0f}\N{DEGREE SIGN}" if p.rotation else "",
        f"right {p.shift_x:.0f}" if p.shift_x else "",
        f"down {p.shift_y:.0f}" if p.shift_y else "",
        f"lean {p.shear:+.0f}\N{DEGREE SIGN}" if p.shear else "",
        f"x{p.scale:.2f}" if p.scale != 1 else "",
        "flip" if p.flip_horizontal or p.flip_vertical else "",
        f"erode {p.erosion}" if p.erosion > 1 else "",
        f"dilate {p.dilation}" if p.dilation > 1 else "",
        f"noise {p.gaussian_noise:.0f}" if p.gaussian_noise else "",
        f"salt {p.salt_and_pepper:.1%}" if p.salt_and_pepper else "",
    ]
    return "  ".join(word for word in words if word) or "unchanged"
