"""Every op in one form, for the tests that all ops share: these images, these samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from references import FILL_MODES

import fastaug
from fastaug.ops.geometry import warp_spline
from fastaug.ops.photometric import photometric

Array = npt.NDArray[Any]
SAMPLES = 8  # that the per-sample arguments of a case are made for


@dataclass(frozen=True)
class Case:
    """An op, arguments for all samples alike, and arguments with one value for each sample."""

    name: str
    function: Callable[..., Array]
    dtypes: tuple[str, ...]
    alike: Mapping[str, Any] = field(default_factory=dict)
    each: Mapping[str, Any] = field(default_factory=dict)
    noise: bool = False
    in_place: bool = False  # whether `out` may be the images

    @property
    def dtype(self) -> str:
        """That of most images, or the first that the op knows."""
        return "uint8" if "uint8" in self.dtypes else self.dtypes[0]

    def __call__(self, images: Array, samples: Sequence[int], **more: Any) -> Array:
        """The result for these samples; it does not depend on which others are in the batch."""
        chosen = list(samples)
        each = {name: np.asarray(values)[chosen] for name, values in self.each.items()}
        if self.noise:
            each["index"] = np.asarray(chosen, np.int64)
        return self.function(images, **self.alike, **each, **more)

    def __str__(self) -> str:
        return self.name


def _warps() -> list[Case]:
    rng = np.random.default_rng(1)
    size = (23, 31)
    matrices = fastaug.affine_matrix(
        rotation=rng.uniform(-180, 180, SAMPLES),
        translation=rng.uniform(-9, 9, (SAMPLES, 2)),
        scale=rng.uniform(0.3, 2, (SAMPLES, 2)),
        shear=rng.uniform(-30, 30, (SAMPLES, 2)),
        size=size,
    )
    matrices[1] = np.eye(3)[:2]  # all of it inside
    matrices[2] = [[1e6, 3e5, -1e6], [-2e5, 1e6, 7.25]]
    matrices[3] = [[1e250, -1e200, 0], [1e300, 1e300, -1e308]]
    matrices[4] = 0  # singular: the first pixel everywhere
    fill = rng.uniform(0, 255, (SAMPLES, 1))
    mirror = np.arange(2 * SAMPLES).reshape(SAMPLES, 2) % 3 == 0
    return [
        Case(
            f"warp_spline-{order}",
            warp_spline,
            SPLINE_DTYPES,
            {"order": order, "fill_mode": "reflect"},
            {"matrix": matrices[..., ::-1, :][..., [1, 0, 2]], "mirror": mirror},
        )
        for order in range(6)
    ] + [
        Case(
            f"warp_affine-{interpolation}-{mode}",
            fastaug.warp_affine,
            ("uint8", "float32") if isinstance(interpolation, str) else SPLINE_DTYPES,
            {"interpolation": interpolation, "fill_mode": mode},
            {"matrix": matrices, "fill_value": fill},
        )
        for interpolation in ("nearest", "bilinear", "bicubic", *range(6))
        for mode in FILL_MODES
    ]


SPLINE_DTYPES = ("uint8", "float32", "float64")
NOISE_DTYPES = ("uint8", "float32", "float64")
MORPHOLOGY_DTYPES = ("uint8", "uint16", "float32", "float64")
COPY_DTYPES = ("bool", "uint8", "int16", "float16", "float32", "int64", "float64")

MORPHOLOGY = (
    "erode",
    "dilate",
    "opening",
    "closing",
    "morphological_gradient",
    "white_tophat",
    "black_tophat",
)
LOPSIDED = np.array([[0, 1, 1, 1, 0, 0], [1, 1, 0, 1, 1, 1], [0, 0, 0, 0, 1, 0]])


def _copies() -> list[Case]:
    flags = np.arange(SAMPLES)
    return [
        Case(
            "flip",
            fastaug.flip,
            COPY_DTYPES,
            each={"horizontal": flags % 2 == 1, "vertical": flags % 4 > 1},
        ),
        Case("rot90-even", fastaug.rot90, COPY_DTYPES, each={"k": [0, 2, -2, 4, 6, 0, 2, -4]}),
        Case("rot90-odd", fastaug.rot90, COPY_DTYPES, each={"k": [1, 3, -1, 5, 7, -3, 1, 3]}),
    ]


def _morphology() -> list[Case]:
    cases = []
    for op in MORPHOLOGY:
        function = getattr(fastaug, op)
        cases += [
            Case(f"{op}-rectangle", function, MORPHOLOGY_DTYPES, {"footprint": (4, 5)}),
            Case(
                f"{op}-sizes",
                function,
                MORPHOLOGY_DTYPES,
                {"mode": "wrap"},
                {"footprint": [1, 2, 3, 8, 21, 5, 70, 2]},
            ),
            Case(
                f"{op}-lopsided",
                function,
                MORPHOLOGY_DTYPES,
                {"footprint": LOPSIDED, "mode": "constant", "cval": 3},
            ),
        ]
    return cases


def _noise() -> list[Case]:
    at = np.arange(SAMPLES)
    where: dict[str, Any] = {"seed": at + 2**40, "epoch": at % 3}

    def case(name: str, function: Callable[..., Array], **arguments: Any) -> Case:
        alike = {k: v for k, v in arguments.items() if np.ndim(v) == 0 or k == "value_range"}
        each = {k: v for k, v in arguments.items() if k not in alike}
        alike["stream"] = 5
        return Case(name, function, NOISE_DTYPES, alike, where | each, noise=True, in_place=True)

    return [
        case("gaussian_noise", fastaug.gaussian_noise, std=at * 3.0, mean=at - 2.5),
        case("speckle_noise", fastaug.speckle_noise, std=at / 9, mean=at / 50),
        case("uniform_noise", fastaug.uniform_noise, amplitude=at * 4.0),
        # The rates lie on both sides of the one where the method changes.
        case("shot_noise", fastaug.shot_noise, photons=0.5 + at * 20.0, value_range=(0, 250)),
        case("salt_and_pepper", fastaug.salt_and_pepper, amount=at / 8, salt_ratio=at / 10),
        case(
            "salt_and_pepper-per_channel",
            fastaug.salt_and_pepper,
            amount=at / 8,
            salt_ratio=at / 10,
            per_channel=True,
        ),
    ]


def _photometric() -> list[Case]:
    at = np.arange(SAMPLES)
    shift, brightness = {"channel_shift": at * 20.0 - 70}, {"brightness": at / 3}

    def case(name: str, alike: dict[str, Any], **each: Array) -> Case:
        return Case(f"photometric-{name}", photometric, ("float32",), alike, each, in_place=True)

    return [
        case("standardized", {"rescale": 1 / 255, "mean": 0.5, "std": 0.2}),
        case(
            "grey_levels",
            {"rescale": 1 / 255, "samplewise_center": True, "samplewise_std_normalization": True},
            **shift,
            **brightness,
        ),
        case(
            "stretched",
            {"brightness_mode": "stretched", "samplewise_std_normalization": True, "std": 3.0},
            **brightness,
        ),
        case(
            "multiplied",
            {"brightness_mode": "multiplied", "samplewise_center": True, "mean": 7.0},
            **brightness,
        ),
    ]


CASES = [*_warps(), *_copies(), *_morphology(), *_noise(), *_photometric()]


def pixels(rng: np.random.Generator, shape: Sequence[int], dtype: str) -> Array:
    """Random pixels on a scale of 0 to 255, every dtype's own values among them."""
    values = rng.uniform(0, 255, tuple(shape))
    if dtype == "bool":
        return values > 127
    if dtype == "uint16":
        values = values * 257
    return values.astype(dtype)
