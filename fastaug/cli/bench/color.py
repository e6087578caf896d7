"""Colours and tones: how each library does it. Peers loop over images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...ops import color, tones
from . import peers
from .agree import Agreement
from .cases import OURS, Call, Op
from .data import Work
from .goals import times

_FACTOR, _CONTRAST, _SATURATION, _HUE, _DELTA, _GAMMA = 1.2, 1.3, 1.4, 0.1, 0.1, 1.5
_BITS, _SHIFT, _THRESHOLD = 4, 0.1, 0.5  # the last two as shares of white
_UINT8 = ("uint8",)
_FLOAT32 = ("float32",)
# Peers cut where we round, and some round more than once on the way.
_A_LEVEL = Agreement(tolerance=1.0)
# The hue of a byte image in steps of 2 degrees, its saturation in whole levels.
_COARSE = Agreement(tolerance=12.0, strays=0.02)
_FLOATS: dict[str, dict[str, Any]] = {"": {"made": "float32"}}

BRIGHTNESS = Op(
    "adjust_brightness", agreement=_A_LEVEL, goals={"uint8": times(3, "albumentations")}
)
ADDED = Op("add_brightness", agreement=_A_LEVEL)
CONTRAST = Op("adjust_contrast", agreement=_A_LEVEL, goals={"uint8": times(3, "albumentations")})
SATURATION = Op("adjust_saturation", agreement=_A_LEVEL)
HUE = Op("adjust_hue", agreement=_COARSE)
_BOTH = ("contrast", "brightness")  # as in Albumentations' RandomBrightnessContrast
JITTER = Op(
    "color_jitter",
    {"": {}, "contrast brightness": {"order": _BOTH}},
    agreement=_COARSE,
    goals={
        "uint8": times(6, "albumentations"),
        "contrast brightness uint8": times(3, "albumentations"),
    },
)
GREY = Op("to_grayscale", agreement=_A_LEVEL)
GAMMA = Op("adjust_gamma", agreement=_A_LEVEL)
SHIFT = Op("channel_shift", agreement=_A_LEVEL)
INVERT = Op("invert", agreement=_A_LEVEL)
POSTERIZE = Op("posterize")
SOLARIZE = Op("solarize", agreement=_A_LEVEL)
AUTOCONTRAST = Op("autocontrast", agreement=_A_LEVEL)
EQUALIZE = Op("equalize")
NORMALIZE = Op(
    "normalize",
    variants=_FLOATS,
    agreement=Agreement(tolerance=1e-3),
    goals={"uint8": times(4, "albumentations")},
)
TO_FLOAT = Op("to_float", variants=_FLOATS, dtypes=_UINT8, agreement=Agreement(tolerance=1e-3))
OPS = [
    BRIGHTNESS,
    ADDED,
    CONTRAST,
    SATURATION,
    HUE,
    JITTER,
    GREY,
    GAMMA,
    SHIFT,
    INVERT,
    POSTERIZE,
    SOLARIZE,
    AUTOCONTRAST,
    EQUALIZE,
    NORMALIZE,
    TO_FLOAT,
]
_JITTER = {
    "brightness": _FACTOR,
    "contrast": _CONTRAST,
    "saturation": _SATURATION,
    "hue": _HUE,
}


def _ours(op: Op, function: Callable[..., Any], *shares: float, **amounts: Any) -> None:
    """`shares` are of white; `amounts` are what they are."""

    def make(work: Work) -> Call:
        given = [share * work.white for share in shares]
        return lambda: function(work.images, *given, out=work.out, **amounts)

    op.by(OURS)(make)


_ours(BRIGHTNESS, color.adjust_brightness, factor=_FACTOR)
_ours(ADDED, color.add_brightness, delta=_DELTA)
_ours(CONTRAST, color.adjust_contrast, factor=_CONTRAST)
_ours(SATURATION, color.adjust_saturation, factor=_SATURATION)
_ours(HUE, color.adjust_hue, delta=_HUE)
_ours(GREY, color.to_grayscale)
_ours(GAMMA, tones.adjust_gamma, gamma=_GAMMA)
_ours(SHIFT, tones.channel_shift, _SHIFT)
_ours(INVERT, tones.invert)
_ours(POSTERIZE, tones.posterize, bits=_BITS)
_ours(SOLARIZE, tones.solarize, _THRESHOLD)
_ours(AUTOCONTRAST, tones.autocontrast)
_ours(EQUALIZE, tones.equalize)
_ours(TO_FLOAT, tones.to_float)


@NORMALIZE.by(OURS)
def _normalize(work: Work) -> Call:
    mean, std = work.statistics
    return lambda: tones.normalize(work.images, mean, std, out=work.out)


def _albumentations(
    op: Op, make: Callable[[Any], Any], dtypes: tuple[str, ...] = ("uint8", "float32")
) -> None:
    def build(work: Work) -> Call:
        transform = make(peers.load("albumentations"))
        return lambda: [transform(image=image)["image"] for image in work.images]

    op.by("albumentations", dtypes=dtypes)(build)


@NORMALIZE.by("albumentations", dtypes=_UINT8)
def _normalize_albumentations(work: Work) -> Call:
    transform = peers.load("albumentations").Normalize(*work.statistics, 255.0, p=1.0)
    return lambda: [transform(image=image)["image"] for image in work.images]


def _only(**amounts: float) -> Callable[[Any], Any]:
    """Its colour jitter with these amounts and nothing else."""
    factors = {"brightness": 1.0, "contrast": 1.0, "saturation": 1.0, "hue": 0.0} | amounts
    return lambda a: a.ColorJitter(**{f"{k}_range": (v, v) for k, v in factors.items()}, p=1.0)


_more = _FACTOR - 1
_albumentations(BRIGHTNESS, lambda a: a.RandomBrightnessContrast((_more, _more), (0.0, 0.0), p=1.0))
_albumentations(
    ADDED,
    lambda a: a.RandomBrightnessContrast(
        (_DELTA, _DELTA), (0.0, 0.0), brightness_by_max=True, p=1.0
    ),
)
_albumentations(CONTRAST, _only(contrast=_CONTRAST))
_albumentations(SATURATION, _only(saturation=_SATURATION))
_albumentations(HUE, _only(hue=_HUE))
_albumentations(GREY, lambda a: a.ToGray(p=1.0))
_albumentations(GAMMA, lambda a: a.RandomGamma((100 * _GAMMA, 100 * _GAMMA), p=1.0))
_albumentations(INVERT, lambda a: a.InvertImg(p=1.0))
_albumentations(POSTERIZE, lambda a: a.Posterize((_BITS, _BITS), p=1.0), _UINT8)
_albumentations(SOLARIZE, lambda a: a.Solarize((_THRESHOLD, _THRESHOLD), p=1.0))
_albumentations(AUTOCONTRAST, lambda a: a.AutoContrast(method="pil", p=1.0), _UINT8)
_albumentations(EQUALIZE, lambda a: a.Equalize(mode="pil", p=1.0), _UINT8)
_albumentations(TO_FLOAT, lambda a: a.ToFloat(p=1.0), _UINT8)


@JITTER.by(OURS)
def _jitter_ours(work: Work) -> Call:
    given: dict[str, Any] = {**_JITTER, **work.options}
    return lambda: color.color_jitter(work.images, out=work.out, **given)


@JITTER.by("albumentations")
def _jitter_albumentations(work: Work) -> Call:
    """The order of its four is random; here it is ours."""
    if "order" in work.options:
        library = peers.load("albumentations")
        ranges = (_FACTOR - 1,) * 2, (_CONTRAST - 1,) * 2
        transform = library.RandomBrightnessContrast(*ranges, p=1.0)
        return lambda: [transform(image=image)["image"] for image in work.images]
    jitter = peers.load("albumentations", "augmentations.pixel.functional").apply_color_jitter
    order = ["brightness_contrast", "saturation", "hue"]
    return lambda: [jitter(image, *_JITTER.values(), order) for image in work.images]


def _pillow(op: Op, make: Callable[[Any, Any], Callable[[Any], Any]]) -> None:
    """`make(ImageEnhance, ImageOps)` gives a function of Pillow's image."""

    def build(work: Work) -> Call:
        image_ = peers.load("pillow", "Image")
        function = make(peers.load("pillow", "ImageEnhance"), peers.load("pillow", "ImageOps"))

        def call() -> Any:
            for image, out in work.pairs:
                out[...] = function(image_.fromarray(image))
            return work.out

        return call

    op.by("pillow", dtypes=_UINT8)(build)


_pillow(BRIGHTNESS, lambda enhance, _: lambda i: enhance.Brightness(i).enhance(_FACTOR))
_pillow(CONTRAST, lambda enhance, _: lambda i: enhance.Contrast(i).enhance(_CONTRAST))
_pillow(SATURATION, lambda enhance, _: lambda i: enhance.Color(i).enhance(_SATURATION))
_pillow(GREY, lambda *_: lambda i: i.convert("L").convert("RGB"))
_pillow(INVERT, lambda _, ops: ops.invert)
_pillow(POSTERIZE, lambda _, ops: lambda i: ops.posterize(i, _BITS))
_pillow(SOLARIZE, lambda _, ops: lambda i: ops.solarize(i, _THRESHOLD * 255))
_pillow(AUTOCONTRAST, lambda _, ops: ops.autocontrast)
_pillow(EQUALIZE, lambda _, ops: ops.equalize)


def _in_pairs(
    op: Op,
    peer: str,
    make: Callable[[Any, Work], Callable[[Any, Any], Any]],
    dtypes: tuple[str, ...] = ("uint8", "float32"),
) -> None:
    """`make(library, work)` gives a function of an image and where its result goes."""

    def build(work: Work) -> Call:
        library = peers.load(peer)
        function = make(library, work)
        pairs = work.pairs
        if peer == "torch":
            pairs = [(library.from_numpy(image), library.from_numpy(out)) for image, out in pairs]

        def call() -> Any:
            for image, out in pairs:
                function(image, out)
            return work.out

        return call

    op.by(peer, dtypes=dtypes)(build)


def _table(op: Op, values: Callable[[Any], Any]) -> None:
    """OpenCV's look-up of bytes, by the exact values of all of them."""

    def make(cv2: Any, _: Work) -> Callable[[Any, Any], Any]:
        exact = values(np.arange(256.0))
        table = np.clip(np.rint(exact), 0, 255).astype(np.uint8)
        return lambda image, out: cv2.LUT(image, table, out)

    _in_pairs(op, "opencv", make, _UINT8)


_table(BRIGHTNESS, lambda v: v * _FACTOR)
_table(ADDED, lambda v: v + _DELTA * 255)
_table(GAMMA, lambda v: 255 * (v / 255) ** _GAMMA)
_table(POSTERIZE, lambda v: v // 16 * 16)
_table(SOLARIZE, lambda v: np.where(v < _THRESHOLD * 255, v, 255 - v))
_in_pairs(INVERT, "opencv", lambda cv2, _: cv2.bitwise_not, _UINT8)


def _contrast_opencv(cv2: Any, _: Work) -> Callable[[Any, Any], Any]:
    def one(image: Any, out: Any) -> None:
        mean = cv2.mean(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))[0]
        cv2.convertScaleAbs(image, out, _CONTRAST, (1 - _CONTRAST) * mean)

    return one


def _grey_opencv(cv2: Any, _: Work) -> Callable[[Any, Any], Any]:
    return lambda image, out: cv2.cvtColor(
        cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB, out
    )


def _hue_opencv(cv2: Any, _: Work) -> Callable[[Any, Any], Any]:
    def one(image: Any, out: Any) -> None:
        hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV)
        hue = hsv[..., 0]
        hue += np.float32(360 * _HUE)
        hue[hue >= 360] -= 360
        cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB, out)

    return one


# Below black this one makes magnitudes of the values; the contrast here does not go there.
_in_pairs(GREY, "opencv", _grey_opencv)
_in_pairs(HUE, "opencv", _hue_opencv, _FLOAT32)


def _multiplied_torch(torch: Any, work: Work) -> Callable[[Any, Any], Any]:
    return lambda image, out: torch.mul(image, _FACTOR, out=out).clamp_(0, 1)


_in_pairs(BRIGHTNESS, "torch", _multiplied_torch, _FLOAT32)
_in_pairs(
    ADDED, "torch", lambda t, _: lambda i, out: t.add(i, _DELTA, out=out).clamp_(0, 1), _FLOAT32
)
_in_pairs(
    GAMMA, "torch", lambda t, _: lambda i, out: t.pow(i, _GAMMA, out=out).clamp_(0, 1), _FLOAT32
)
_in_pairs(INVERT, "torch", lambda t, w: lambda i, out: t.sub(int(w.white), i, out=out))


def _shift_numpy(numpy: Any, work: Work) -> Callable[[Any, Any], Any]:
    shift = _SHIFT * work.white

    def one(image: Any, out: Any) -> None:
        low, high = image.min(), image.max()
        moved = numpy.add(image, shift, dtype=np.float32)
        numpy.clip(moved, low, high, out=moved)
        if work.dtype == "uint8":
            numpy.rint(moved, out=moved)
        numpy.copyto(out, moved, casting="unsafe")

    return one


def _normalize_numpy(numpy: Any, work: Work) -> Callable[[Any, Any], Any]:
    mean, std = np.array(work.statistics, np.float32)
    scale, shift = np.float32(1) / (np.float32(work.white) * std), mean / std

    def one(image: Any, out: Any) -> None:
        numpy.multiply(image, scale, out=out)
        numpy.subtract(out, shift, out=out)

    return one


def _normalize_torch(torch: Any, work: Work) -> Callable[[Any, Any], Any]:
    mean, std = torch.tensor(work.statistics)
    scale, shift = 1 / (work.white * std), mean / std
    return lambda image, out: torch.mul(image, scale, out=out).sub_(shift)


_in_pairs(SHIFT, "numpy", _shift_numpy)
_in_pairs(NORMALIZE, "numpy", _normalize_numpy)
_in_pairs(NORMALIZE, "torch", _normalize_torch)
_in_pairs(
    TO_FLOAT, "numpy", lambda n, _: lambda i, out: n.multiply(i, np.float32(1 / 255), out=out)
)
_in_pairs(TO_FLOAT, "torch", lambda t, _: lambda i, out: t.mul(i, 1 / 255, out=out))


def _skimage(op: Op, make: Callable[[Any, Work], Callable[[Any], Any]]) -> None:
    def build(work: Work) -> Call:
        function = make(peers.load("scikit-image", "exposure"), work)
        return lambda: [function(image) for image in work.images]

    op.by("scikit-image")(build)


_skimage(GAMMA, lambda exposure, _: lambda image: exposure.adjust_gamma(image, _GAMMA))
