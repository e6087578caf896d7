"""``fastaug generate``: the options; `job` does the work."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .options import Size, image_path, output_folder, parse_size, takes_recipe
from .policy import Policy
from .recipe import Recipe


class Format(StrEnum):
    png = "png"
    jpg = "jpg"


class OnError(StrEnum):
    stop = "stop"
    skip = "skip"


@takes_recipe
def generate(
    image: Annotated[
        Path,
        typer.Option(
            parser=image_path,
            metavar="PATH",
            help="An image, or a folder of images with class sub-folders.",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            parser=output_folder,
            metavar="DIRECTORY",
            help="The folder to write to; made if need be.",
        ),
    ],
    total: Annotated[
        int,
        typer.Option(
            min=1, help="How many images to make in all, spread evenly over those in a folder."
        ),
    ],
    recipe: Recipe | Policy,
    seed: int,
    size: Size = None,
    kind: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="Kind of file to write. Default: jpg for images that are JPEG, png for others.",
        ),
    ] = None,
    quality: Annotated[int, typer.Option(min=1, max=100, help="Of the JPEG files.")] = 95,
    threads: Annotated[
        int | None,
        typer.Option(min=1, max=1024, help="Default: as many as fastaug uses, see fastaug info."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was stopped: keep its files.")
    ] = False,
    manifest: Annotated[
        bool,
        typer.Option(
            "--manifest",
            help="Write manifest.jsonl too: a line of JSON per image, with its parameters.",
        ),
    ] = False,
    on_error: Annotated[
        OnError, typer.Option(help="What to do about images that cannot be read.")
    ] = OnError.stop,
) -> None:
    """Make many augmented images from one image, or from a folder of them.

    Sub-folders are kept: photos/cats/tom.jpg becomes cats/tom-00000.jpg, cats/tom-00001.jpg and
    so on. Each of the --total images depends on the seed, the name of its source and its number
    alone, so a stopped run goes on with --resume, a larger --total adds to a smaller one, and
    the number of threads changes nothing.

    What you name happens, and nothing else. If you name nothing under Augmentation, it is
    --rotation 15 --width-shift 0.1 --height-shift 0.1 --zoom 0.15. A file that describes a
    pipeline takes the place of all these.

    [bold]Examples[/bold]

    [cyan]fastaug generate --image cat.jpg --output out --total 100[/cyan]

    [cyan]fastaug generate --image cat.jpg --output out --total 100 --rotation 30[/cyan]

    [cyan]fastaug generate --image photos --output more --total 5000 --size 224 --seed 7[/cyan]

    [cyan]fastaug generate --image photos --output more --total 5000 --size 224 --seed 7 --resume[/cyan]

    [cyan]fastaug generate --image photos --output more --total 5000 --pipeline policy.yaml[/cyan]
    """
    from fastaug import get_num_threads

    from .job import Job, run
    from .workers import interruptible

    if image.is_dir() and output.resolve().is_relative_to(image.resolve()):
        raise typer.BadParameter("it must not lie inside --image", param_hint="'--output'")
    job = Job(
        recipe=recipe,
        seed=seed,
        size=parse_size(size),
        kind=kind,
        quality=quality,
        output=output,
        threads=threads or get_num_threads(),
    )
    with interruptible():
        run(job, image, total, resume=resume, manifest=manifest, skip=on_error is OnError.skip)
