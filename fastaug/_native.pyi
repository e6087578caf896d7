from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

compiler: str
flags: str

def affine_matrices(parameters: Array) -> npt.NDArray[np.float64]: ...
def copies(matrices: Array, before: Array, after: Array) -> npt.NDArray[np.int64]: ...
def products(first: Array, second: Array) -> npt.NDArray[np.float64]: ...
def keras_matrices(
    draws: Array, height: float, width: float, first: float, second: float, rows_first: bool
) -> npt.NDArray[np.float64]: ...

class Step: ...

def run(steps: Sequence[Step], threads: int) -> None: ...
def run_plan(
    sources: Sequence[Array],
    outs: Sequence[Array],
    steps: Sequence[tuple[Step, npt.NDArray[np.int64]]],
    threads: int,
) -> None: ...
def warp_affine(
    images: Array,
    out: Array,
    matrices: Array,
    fill: Array,
    interpolation: int,
    fill_mode: int,
    source: Array | None = None,
) -> Step: ...
def warp_field(
    images: Array,
    out: Array,
    matrices: Array,
    field: Array | None,
    fill: Array,
    interpolation: int,
    fill_mode: int,
) -> Step: ...
def warp_spline(
    images: Array,
    out: Array,
    matrices: Array,
    fill: Array,
    mirror: Array,
    order: int,
    fill_mode: int,
    source: Array | None = None,
) -> Step: ...
def flip(
    images: Array, out: Array, horizontal: Array, vertical: Array, source: Array | None = None
) -> Step: ...
def rot90(images: Array, out: Array, k: Array) -> Step: ...
def window(images: Array, out: Array, offsets: Array, fill: Array, border: int) -> Step: ...
def erase(images: Array, out: Array, boxes: Array, fill: Array) -> Step: ...
def shuffle_channels(images: Array, out: Array, order: Array, fill: Array) -> Step: ...
def blend(
    images: Array, out: Array, others: Array, weight: Array, source: Array | None = None
) -> Step: ...
def paste(
    images: Array, out: Array, others: Array, boxes: Array, source: Array | None = None
) -> Step: ...
def resize(images: Array, out: Array, edges: Array, kernel: int, antialias: bool) -> Step: ...
def photometric(
    images: Array,
    out: Array,
    channel_shift: Array | None,
    brightness: int,
    factor: Array | None,
    white: float,
    rescale: float,
    samplewise_center: bool,
    samplewise_std: bool,
    center: Array | None,
    scale: Array | None,
) -> Step: ...
def warp_photometric(
    images: Array,
    out: Array,
    matrices: Array,
    fill: Array,
    mirror: Array,
    order: int,
    fill_mode: int,
    source: Array | None,
    channel_shift: Array | None,
    brightness: int,
    factor: Array | None,
    white: float,
    rescale: float,
    samplewise_center: bool,
    samplewise_std: bool,
    center: Array | None,
    scale: Array | None,
) -> Step: ...
def point(
    images: Array,
    out: Array,
    op: int,
    first: Array,
    second: Array,
    low: float,
    high: float,
    keeps_alpha: bool,
) -> Step: ...
def lookup(images: Array, out: Array, tables: Array, keeps_alpha: bool) -> Step: ...
def normalize(images: Array, out: Array, scale: Array, shift: Array) -> Step: ...
def saturation(images: Array, out: Array, factor: Array, low: float, high: float) -> Step: ...
def hue(images: Array, out: Array, turn: Array, low: float, high: float) -> Step: ...
def saturation_hue(
    images: Array,
    out: Array,
    factor: Array,
    turn: Array,
    hue_first: bool,
    low: float,
    high: float,
) -> Step: ...
def levels(images: Array, out: Array, op: int, low: float, high: float) -> Step: ...
def morphology(
    images: Array,
    out: Array,
    op: int,
    sizes: Array | None,
    runs: Array | None,
    border: int,
    cval: float,
) -> Step: ...
def gaussian_weights(
    sigma: Array, radii: Array, like: Array
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]: ...
def gaussian_blur(
    images: Array, out: Array, weights: Array, radii: Array, border: int, cval: float
) -> Step: ...
def box_blur(images: Array, out: Array, sizes: Array, border: int, cval: float) -> Step: ...
def correlate(
    images: Array,
    out: Array,
    offsets: Array,
    weights: Array,
    spans: Array,
    border: int,
    cval: float,
) -> Step: ...
def median_blur(images: Array, out: Array, sizes: Array, border: int, cval: float) -> Step: ...
def sharpen(
    images: Array, out: Array, factor: Array, low: float, high: float, keeps_alpha: bool
) -> Step: ...
def gaussian_noise(
    images: Array,
    out: Array,
    seed: Array,
    index: Array,
    epoch: Array,
    place: int,
    low: float,
    high: float,
    clip: bool,
    first: Array,
    second: Array,
    per_channel: bool,
) -> Step: ...

speckle_noise = gaussian_noise
uniform_noise = gaussian_noise
shot_noise = gaussian_noise
salt_and_pepper = gaussian_noise
pixel_dropout = gaussian_noise

def user_op(
    images: Array,
    out: Array,
    function: int,
    op: int,
    numbers: Array,
    count: int,
    failed: npt.NDArray[np.int32],
) -> Step: ...
def pick_pixels(
    pixels: object, height: int, width: int, rows: Array, columns: Array, out: Array
) -> bool: ...
def uniforms(
    seed: Array, index: Array, epoch: Array, place: int, size: int
) -> npt.NDArray[np.float64]: ...
def philox(counters: Array, keys: Array, rounds: int) -> npt.NDArray[np.uint32]: ...
def available_levels() -> list[str]: ...
def current_level() -> str: ...
def use_level(name: str) -> None: ...
def worker_count() -> int: ...
