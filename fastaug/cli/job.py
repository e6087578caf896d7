"""What ``fastaug generate`` does: check the sources, make the files, and the list of them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

import typer

from .errors import CliError
from .images import (
    encode,
    load,
    make_folder,
    refuse_alpha,
    remove_temporaries,
    size_of,
    write,
)
from .plan import Item, Source, find_sources, folders, kind_of, make_plan
from .policy import Policy
from .progress import bar
from .recipe import Recipe
from .workers import spread

MANIFEST = "manifest.jsonl"
# Variants made for one reading of their source.
_CHUNK = 8


@dataclass(frozen=True, slots=True)
class Job:
    """All that a file depends on besides its source and its number, and where it goes."""

    recipe: Recipe | Policy
    seed: int
    size: tuple[int, int] | None
    kind: str | None
    quality: int
    output: Path
    threads: int

    def files(self, items: Iterable[Item]) -> Iterator[tuple[Item, bytes]]:
        """Makes the contents of the files of items that share one source."""
        picture = None
        for item in items:
            if picture is None:
                picture = load(item.source.path, self.size)
            pixels = self.recipe.variant(picture.pixels, item.where(self.seed))
            yield item, encode(pixels, item.kind, self.quality, picture.icc_profile)


def run(job: Job, image: Path, total: int, *, resume: bool, manifest: bool, skip: bool) -> None:
    """Makes `total` files from an image or a folder of images, and says what it did.

    Raises:
        CliError: if something is wrong; if an image is, then before anything is written.
        typer.Exit: with status 130 if the user stopped it.
    """
    sources = find_sources(image)
    if isinstance(job.recipe, Policy):
        _refuse_floats(job.recipe, job, sources)
    if skip:
        sources = _without_bad(job, sources)
    plan = make_plan(sources, total, job.kind)
    if not resume:
        _refuse_to_overwrite(job.output, plan, manifest)
    elif not manifest and (job.output / MANIFEST).exists():
        raise CliError(
            f"{job.output} holds {MANIFEST}, which would no longer be true; add --manifest to keep "
            "it up to date"
        )
    made = [item for item in plan if _is_made(job.output / item.name)]
    there = set(made)
    missing = [item for item in plan if item not in there]
    if not skip:
        _refuse_bad(job, list(dict.fromkeys(item.source for item in missing)))
    if made:
        check_resumed(job, made)
    for folder in folders(job.output, plan):
        make_folder(folder)
        remove_temporaries(folder)
    start = time.perf_counter()
    try:
        with bar("writing", total, done=len(made)) as done:
            make_files(job, missing, done)
        if manifest:
            write_manifest(job, plan, job.output / MANIFEST)
    except KeyboardInterrupt:
        count = sum(_is_made(job.output / item.name) for item in plan)
        typer.echo(
            f"stopped: {count} of {total} images are in {job.output}; the same command with "
            "--resume makes the rest",
            err=True,
        )
        raise typer.Exit(130) from None
    seconds = time.perf_counter() - start
    rate = f" in {seconds:.1f} s, {len(missing) / seconds:.0f} images/s" if missing else ""
    kept = f" ({len(made)} were there)" if made else ""
    typer.echo(f"wrote {len(missing)} images to {job.output}{kept}{rate}")


def _refuse_floats(policy: Policy, job: Job, sources: Sequence[Source]) -> None:
    """Looks at the first image that can be used, before all are read."""
    for source in sources:
        try:
            pixels = load(source.path, job.size).pixels
            policy.check(pixels, source.path)
        except CliError:
            continue  # said later, with all others of its kind
        policy.refuse_floats(pixels)
        return


def _is_made(path: Path) -> bool:
    """Whether a file is there. An empty one, as a crash of the machine leaves it, is not."""
    return path.is_file() and path.stat().st_size > 0


def _refuse_to_overwrite(output: Path, plan: Sequence[Item], manifest: bool) -> None:
    there = sum((output / item.name).exists() for item in plan)
    if there:
        what = f"{there} of the {len(plan)} images to be written"
    elif manifest and (output / MANIFEST).exists():
        what = MANIFEST
    else:
        return
    raise CliError(
        f"{output} already holds {what}; add --resume to keep the images and make the rest, "
        "or choose another --output"
    )


def _without_bad(job: Job, sources: Sequence[Source]) -> list[Source]:
    bad = _find_bad(job, sources)
    for _, error in bad:
        typer.echo(f"skipped: {error}", err=True)
    left_out = {source for source, _ in bad}
    good = [source for source in sources if source not in left_out]
    if not good:
        raise CliError("none of the images can be used")
    return good


def _refuse_bad(job: Job, sources: Sequence[Source]) -> None:
    bad = _find_bad(job, sources)
    if bad:
        more = f" ({len(bad) - 1} more like this)" if len(bad) > 1 else ""
        hint = "; --on-error skip leaves such images out" if len(sources) > 1 else ""
        raise CliError(f"{bad[0][1]}{more}{hint}")


def _find_bad(job: Job, sources: Sequence[Source]) -> list[tuple[Source, CliError]]:
    with bar("checking", len(sources)) as done:
        return find_bad(job, sources, done)


def find_bad(
    job: Job, sources: Sequence[Source], done: Callable[[int], None]
) -> list[tuple[Source, CliError]]:
    """Reads every source once, and says what is wrong with those that cannot be used."""
    errors: dict[Source, CliError] = {}

    def read(source: Source, stop: threading.Event) -> None:
        try:
            picture = load(source.path, job.size)
            if kind_of(source, job.kind) == "jpg":
                refuse_alpha(picture.pixels, source.path)
            if isinstance(job.recipe, Policy):
                job.recipe.check(picture.pixels, source.path)
        except CliError as error:
            errors[source] = error
        done(1)

    spread(read, sources, job.threads)
    return [(source, errors[source]) for source in sources if source in errors]


def make_files(job: Job, items: Sequence[Item], done: Callable[[int], None]) -> None:
    """Makes the files of a plan. Stopped by whatever exception, it leaves whole files only."""

    def make(chunk: list[Item], stop: threading.Event) -> None:
        for item, data in job.files(chunk):
            if stop.is_set():
                return
            write(job.output / item.name, data)
            done(1)

    spread(make, _chunks(items), job.threads)


def _chunks(items: Sequence[Item]) -> Iterator[list[Item]]:
    for _, group in groupby(items, key=lambda item: item.source):
        while chunk := list(islice(group, _CHUNK)):
            yield chunk


def check_resumed(job: Job, made: Sequence[Item]) -> None:
    """Makes the first and the last of the files that are there again, to see that they are ours.

    Raises:
        CliError: if one comes out otherwise.
    """
    for item in dict.fromkeys((made[0], made[-1])):
        path = job.output / item.name
        for _, data in job.files([item]):
            if path.read_bytes() != data:
                raise CliError(
                    f"{path} is not what this command makes: it comes from other options, another "
                    "seed, another image or another version; choose another --output"
                )


def write_manifest(job: Job, plan: Sequence[Item], path: Path) -> None:
    """Writes one line of JSON per file: where it comes from and what was done to it."""
    lines = []
    for source, items in groupby(plan, key=lambda item: item.source):
        height, width = job.size or size_of(source.path)
        for item in items:
            where = item.where(job.seed)
            line = {
                "file_name": item.name,
                "source": source.name,
                **job.recipe.record(where, height, width),
            }
            lines.append(json.dumps(line) + "\n")
    write(path, "".join(lines).encode())
