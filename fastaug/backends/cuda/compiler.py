"""From the sources in the wheel to code for a card, through NVRTC with our own options.

CuPy's module compiler is not used: it adds ``-ftz=true`` behind the caller's back, and with it
subnormal pixels would not be the ones that the CPU makes.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

# One IEEE operation for each that is written: no contraction, no flush to zero, exact division and
# square root.
OPTIONS = ("--std=c++17", "--fmad=false", "--ftz=false", "--prec-div=true", "--prec-sqrt=true")


def sources() -> Path:
    """The folder that holds ``csrc`` in this installation."""
    package = Path(__file__).resolve().parents[2]
    installed = package / "csrc"
    return installed if installed.is_dir() else package.parent / "csrc"


class Source(NamedTuple):
    """A source by its name; a text that is in no file includes some of those."""

    name: str
    text: str | None = None


def compile_source(source: Source, architecture: str, nvrtc: Any) -> bytes:
    """The machine code of ``csrc/cuda/<name>.cu``, or of a text, from the cache or compiled now.

    Args:
        source: its name without an ending, and its text if it is no file.
        architecture: as in ``"sm_90"``.
        nvrtc: the module `cupy.cuda.nvrtc`, or one like it.

    Raises:
        RuntimeError: if NVRTC refuses the source; shows its log.
    """
    root = sources()
    key = hashlib.sha256(repr((nvrtc.getVersion(), architecture, OPTIONS)).encode())
    text = text_of(source)
    files = root.rglob("*.hpp") if source.text is None else root.rglob("*.[ch][up]*")
    for path in sorted(files):
        key.update(path.name.encode() + b"\0" + path.read_bytes())
    key.update(text.encode())
    cached = cache_folder() / f"{source.name}-{architecture}-{key.hexdigest()[:24]}.cubin"
    try:
        return cached.read_bytes()
    except OSError:
        code = _compile(source.name, text, architecture, nvrtc)
        _keep(cached, code)
        return code


def text_of(source: Source) -> str:
    """What is to be compiled."""
    if source.text is not None:
        return source.text
    return (sources() / "cuda" / f"{source.name}.cu").read_text()


def cache_folder() -> Path:
    """Where compiled code is kept: ``FASTAUG_CACHE_DIR``, else the user's cache folder."""
    chosen = os.environ.get("FASTAUG_CACHE_DIR")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "fastaug"


def _compile(name: str, text: str, architecture: str, nvrtc: Any) -> bytes:
    root = sources()
    program = nvrtc.createProgram(text, f"{name}.cu", (), ())
    folders = (f"-I{folder}" for folder in (root / "cuda", root / "ops", root))
    options = (*OPTIONS, f"--gpu-architecture={architecture}", *folders)
    try:
        nvrtc.compileProgram(program, options)
        code: bytes = nvrtc.getCUBIN(program)
        return code
    except nvrtc.NVRTCError as error:
        log = nvrtc.getProgramLog(program)
        raise RuntimeError(
            f"NVRTC could not compile {name}.cu for {architecture}: {log}"
        ) from error
    finally:
        nvrtc.destroyProgram(program)


def _keep(path: Path, code: bytes) -> None:
    """Puts a finished file in place at once; a folder that cannot be written is not an error."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(code)
        os.replace(temporary, path)
    except OSError:
        return
