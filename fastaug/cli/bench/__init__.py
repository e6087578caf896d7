"""``fastaug bench``: ours against the Keras path and the peers that are installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import CliError

_QUICK = {"batch": 8, "seconds": 0.1}
_FULL = {"batch": 32, "seconds": 0.5}
_SIDES = 16, 8192
_WIDTH = 100  # where there is no terminal to ask


def bench(
    ops: Annotated[
        str,
        typer.Option(
            help="Only these, separated by commas: ops, or parts of the names in the table, "
            "such as 'erode 3x3' or 'uint8'."
        ),
    ] = "",
    size: Annotated[
        str, typer.Option(help="Side of the images in pixels; several, separated by commas.")
    ] = "224",
    channels: Annotated[
        str,
        typer.Option(
            help="Channels of the images; several, separated by commas. Default: 3, and the rows "
            "with others.",
            show_default=False,
        ),
    ] = "",
    dtype: Annotated[str, typer.Option(help="uint8, float32 or both.")] = "uint8,float32",
    batch: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Images in a batch. Default: 32; with several sizes about as many pixels each.",
            show_default=False,
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            min=0.001,
            help="Seconds to measure each contender. Default: 0.5.",
            show_default=False,
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Rough numbers soon: batches of 8, 0.1 seconds each.")
    ] = False,
    threads: Annotated[
        int, typer.Option(min=1, help="Threads, and cores, for each contender.")
    ] = 1,
    numba: Annotated[
        bool,
        typer.Option(
            "--numba",
            help="Numba's kernels against those of the extension, and no peers. With FASTAUG_ISA=v2 "
            "the extension is at its lowest level.",
        ),
    ] = False,
    json_path: Annotated[
        Path | None,
        typer.Option(
            "--json",
            metavar="PATH",
            help="Write the results as JSON; '-' for standard output, the table then goes to "
            "standard error.",
        ),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Draw the results: a .png, .svg or .pdf.")
    ] = None,
    report_folder: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="FOLDER",
            help="Measure also at v3, at other sizes, on all cores, and the memory; write tables, "
            "plots and numbers there.",
        ),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PEER=FOLDER",
            help="Another version of a peer, from a folder that pip install --target made.",
        ),
    ] = None,
) -> None:
    """Measure the speed of fastaug and of its peers on this machine, losses included.

    Peers are the libraries that happen to be installed: OpenCV, scikit-image, SciPy, Pillow,
    PyTorch, torchvision, Albumentations, NumPy, and Keras, its generator and its layers. All work
    on the same batches, on one thread, in turns; each one's result is compared with ours first.

    [bold]Examples[/bold]

    [cyan]fastaug bench --quick[/cyan]

    [cyan]fastaug bench --ops warp_affine,flip --plot speed.png[/cyan]

    [cyan]fastaug bench --ops erode --size 28,224,1024 --channels 1,3,9[/cyan]

    [cyan]fastaug bench --ops keras --json results.json[/cyan]

    [cyan]FASTAUG_ISA=v2 fastaug bench --numba --channels 1,3[/cyan]

    [cyan]fastaug bench --report benchmarks --also opencv=opencv-4[/cyan]
    """
    defaults = _QUICK if quick else _FULL
    sizes = _numbers("size", size, *_SIDES)
    settings: dict[str, Any] = {
        "sizes": sizes,
        "channels": _numbers("channels", channels, 1, 64) if channels else [],
        "dtypes": _dtypes(dtype),
        "batch": batch or (int(defaults["batch"]) if len(sizes) == 1 else None),
        "seconds_per_contender": float(seconds or defaults["seconds"]),
        "threads": threads,
        "ops": _parts(ops),
        "numba": numba,
    }
    if numba:
        _check_twins(others=bool(also), reports=report_folder is not None)
    others = dict(_other(entry) for entry in also or ())
    for path in (json_path, plot, report_folder):
        _check_folder(path)
    if report_folder is not None and report_folder.exists() and not report_folder.is_dir():
        raise CliError(f"--report needs a folder, {report_folder} is a file")
    for option, path in (("--plot", plot), ("--report", report_folder)):
        if path is not None:
            from .plot import check_available

            check_available(option)
    _measure_and_report(settings, others, json_path, plot, report_folder)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _numbers(option: str, text: str, least: int, most: int) -> list[int]:
    parts = _parts(text)
    if not parts or not all(part.isdecimal() and least <= int(part) <= most for part in parts):
        raise CliError(
            f"--{option} must be whole numbers from {least} to {most}, separated by commas, "
            f"got {text!r}"
        )
    return [int(part) for part in parts]


def _dtypes(text: str) -> list[str]:
    from .cases import DTYPES

    parts = _parts(text)
    if not parts or not set(parts) <= set(DTYPES):
        raise CliError(f"--dtype must be {' or '.join(DTYPES)}, got {text!r}")
    return parts


def _other(entry: str) -> tuple[str, Path]:
    """A peer and the folder of its other version."""
    from .peers import PEERS

    peer, equals, folder = entry.partition("=")
    if not equals or peer not in PEERS:
        raise CliError(
            f"--also must be PEER=FOLDER, with a peer of {', '.join(PEERS)}; got {entry!r}"
        )
    path = Path(folder)
    if not (path / PEERS[peer][0]).is_dir():
        raise CliError(
            f"--also: there is no {PEERS[peer][0]} in {folder!r}; "
            f"put it there with: pip install --no-deps --target {folder} {PEERS[peer][1][0]}==..."
        )
    return peer, path.absolute()


def _check_twins(*, others: bool, reports: bool) -> None:
    from .twins import missing

    if others or reports:
        raise CliError("--numba has neither peers nor a report: leave out --also and --report")
    if reason := missing():
        raise CliError(f"--numba compares two backends, of which one is not available: {reason}")


def _check_folder(path: Path | None) -> None:
    """An unwritable result should be found out before the measuring, not after."""
    if path is not None and not path.absolute().parent.is_dir():
        raise CliError(f"there is no folder {path.absolute().parent} to write {path.name} to")


def _measure_and_report(
    settings: dict[str, Any],
    others: dict[str, Path],
    json_path: Path | None,
    plot: Path | None,
    report_folder: Path | None,
) -> None:
    from rich.console import Console

    from . import report, run
    from .goals import OURS

    outcomes = run.table(settings, others)
    to_stdout = json_path == Path("-")
    console = Console(stderr=to_stdout)
    if not console.is_terminal:
        console.width = _WIDTH
    report.print_report(outcomes, settings, console)
    data = report.as_json(outcomes, settings)
    if json_path is not None:
        text = json.dumps(data, indent=2)
        if to_stdout:
            typer.echo(text)
        else:
            json_path.write_text(text + "\n", encoding="utf-8")
    if plot is not None:
        from .plot import save_plot

        save_plot(data, plot)
    if report_folder is not None:
        from . import page

        page.write(run.full(outcomes, settings, others), report_folder)
    failed = [o.case.name for o in outcomes if OURS in o.left_out and o.timings]
    if failed:
        raise CliError(f"fastaug itself could not do {', '.join(failed)}; see above for why")
