"""Noise: how each library does it. Peers loop over images, with buffers the size of one image."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np

from ...ops import noise
from . import peers
from .agree import Agreement
from .cases import OURS, Call, Op
from .data import Work
from .goals import times

# Strengths in shares of white; the speckle's is of each pixel, the photons are those of white.
_STD, _AMOUNT, _SPECKLE, _AMPLITUDE, _PHOTONS = 0.04, 0.05, 0.1, 0.08, 60.0
_AGREEMENT = Agreement("noise", tolerance=0.2)

GAUSSIAN = Op(
    "gaussian_noise",
    agreement=_AGREEMENT,
    goals={"uint8": times(6, "albumentations"), "float32": times(8, "numpy", "torch")},
)
SALT_AND_PEPPER = Op(
    "salt_and_pepper", agreement=_AGREEMENT, goals={"uint8": times(10, "albumentations")}
)
SPECKLE = Op("speckle_noise", agreement=_AGREEMENT)
UNIFORM = Op("uniform_noise", agreement=_AGREEMENT)
SHOT = Op("shot_noise", agreement=_AGREEMENT)
DROPOUT = Op("pixel_dropout", agreement=_AGREEMENT)
OPS = [GAUSSIAN, SALT_AND_PEPPER, SPECKLE, UNIFORM, SHOT, DROPOUT]
_UINT8 = ("uint8",)


def _ours(op: Callable[..., Any], work: Work, strength: float) -> Call:
    epochs = count()  # a new epoch each call, so that no call repeats the last one's noise
    return lambda: op(work.images, strength, seed=7, epoch=next(epochs), out=work.out)


@GAUSSIAN.by(OURS)
def _gaussian_ours(work: Work) -> Call:
    return _ours(noise.gaussian_noise, work, _STD * work.white)


@SALT_AND_PEPPER.by(OURS)
def _salt_and_pepper_ours(work: Work) -> Call:
    return _ours(noise.salt_and_pepper, work, _AMOUNT)


@DROPOUT.by(OURS)
def _dropout_ours(work: Work) -> Call:
    return _ours(noise.pixel_dropout, work, _AMOUNT)


@SPECKLE.by(OURS)
def _speckle_ours(work: Work) -> Call:
    return _ours(noise.speckle_noise, work, _SPECKLE)


@UNIFORM.by(OURS)
def _uniform_ours(work: Work) -> Call:
    return _ours(noise.uniform_noise, work, _AMPLITUDE * work.white)


@SHOT.by(OURS)
def _shot_ours(work: Work) -> Call:
    return _ours(noise.shot_noise, work, _PHOTONS)


def _numpy(work: Work, add: Callable[[Any, Any, Any], None]) -> Call:
    """`add(rng, image, buffer)` leaves a float32 result in the buffer, which is then stored."""
    rng = np.random.default_rng(7)
    buffer = np.empty(work.shape[1:], np.float32)

    def call() -> Any:
        for image, out in work.pairs:
            if work.dtype == "float32":
                add(rng, image, out)
                continue
            add(rng, image, buffer)
            np.rint(buffer, out=buffer)
            np.clip(buffer, 0, 255, out=buffer)
            np.copyto(out, buffer, casting="unsafe")
        return work.out

    return call


@GAUSSIAN.by("numpy")
def _gaussian_numpy(work: Work) -> Call:
    std = np.float32(_STD * work.white)

    def add(rng: Any, image: Any, buffer: Any) -> None:
        rng.standard_normal(out=buffer, dtype=np.float32)
        np.multiply(buffer, std, out=buffer)
        np.add(buffer, image, out=buffer)

    return _numpy(work, add)


@SPECKLE.by("numpy")
def _speckle_numpy(work: Work) -> Call:
    def add(rng: Any, image: Any, buffer: Any) -> None:
        rng.standard_normal(out=buffer, dtype=np.float32)
        np.multiply(buffer, np.float32(_SPECKLE), out=buffer)
        np.add(buffer, np.float32(1), out=buffer)
        np.multiply(buffer, image, out=buffer)

    return _numpy(work, add)


@UNIFORM.by("numpy")
def _uniform_numpy(work: Work) -> Call:
    amplitude = np.float32(_AMPLITUDE * work.white)

    def add(rng: Any, image: Any, buffer: Any) -> None:
        rng.random(out=buffer, dtype=np.float32)
        np.multiply(buffer, 2 * amplitude, out=buffer)
        np.subtract(buffer, amplitude, out=buffer)
        np.add(buffer, image, out=buffer)

    return _numpy(work, add)


@SHOT.by("numpy")
def _shot_numpy(work: Work) -> Call:
    per_level = np.float32(_PHOTONS / work.white)

    def add(rng: Any, image: Any, buffer: Any) -> None:
        np.multiply(image, per_level, out=buffer)
        np.divide(rng.poisson(buffer), per_level, out=buffer, casting="unsafe")

    return _numpy(work, add)


@SALT_AND_PEPPER.by("numpy")
def _salt_and_pepper_numpy(work: Work) -> Call:
    rng = np.random.default_rng(7)
    draws = np.empty(work.size, np.float32)

    def call() -> Any:
        for image, out in work.pairs:
            rng.random(out=draws, dtype=np.float32)
            np.copyto(out, image)
            out[draws < _AMOUNT / 2] = 0
            out[draws > 1 - _AMOUNT / 2] = work.white
        return work.out

    return call


def _opencv(work: Work, draw: str, low: float, high: float, join: str) -> Call:
    """Draws with cv2.randn(mean, std) or cv2.randu(low, high), then joins it to the image."""
    cv2 = peers.load("opencv")
    cv2.setRNGSeed(7)
    integer = work.dtype == "uint8" and join == "add"  # noise in whole levels, as the result is
    buffer = np.empty(work.shape[1:], np.int16 if integer else np.float32)
    generate, combine = getattr(cv2, draw), getattr(cv2, join)
    kind = cv2.CV_8U if work.dtype == "uint8" else cv2.CV_32F
    a, b = (low,) * work.shape[3], (high,) * work.shape[3]

    def call() -> Any:
        for image, out in work.pairs:
            generate(buffer, a, b)
            combine(image, buffer, out, dtype=kind)
        return work.out

    return call


@GAUSSIAN.by("opencv")
def _gaussian_opencv(work: Work) -> Call:
    return _opencv(work, "randn", 0, _STD * work.white, "add")


@SPECKLE.by("opencv")
def _speckle_opencv(work: Work) -> Call:
    return _opencv(work, "randn", 1, _SPECKLE, "multiply")


@UNIFORM.by("opencv")
def _uniform_opencv(work: Work) -> Call:
    amplitude = _AMPLITUDE * work.white
    if work.dtype == "uint8":  # whole levels, the upper end not included
        return _opencv(work, "randu", -round(amplitude), round(amplitude) + 1, "add")
    return _opencv(work, "randu", -amplitude, amplitude, "add")


@SALT_AND_PEPPER.by("opencv")
def _salt_and_pepper_opencv(work: Work) -> Call:
    cv2 = peers.load("opencv")
    cv2.setRNGSeed(7)
    draws = np.empty(work.size, np.uint16)
    black, white = (np.full(work.shape[1:], v, work.dtype) for v in (0, work.white))
    low, high = round(_AMOUNT / 2 * 2**16), round((1 - _AMOUNT / 2) * 2**16)

    def call() -> Any:
        for image, out in work.pairs:
            cv2.randu(draws, 0, 2**16)
            cv2.copyTo(image, None, out)
            cv2.copyTo(black, cv2.compare(draws, low, cv2.CMP_LT), out)
            cv2.copyTo(white, cv2.compare(draws, high, cv2.CMP_GE), out)
        return work.out

    return call


@GAUSSIAN.by("torch")
def _gaussian_torch(work: Work) -> Call:
    torch = peers.load("torch")
    torch.manual_seed(7)
    pairs = [(torch.from_numpy(image), torch.from_numpy(out)) for image, out in work.pairs]
    buffer = torch.empty(work.shape[1:])
    std = _STD * work.white

    def call() -> Any:
        for image, out in pairs:
            buffer.normal_(0, std)
            if work.dtype == "float32":
                torch.add(image, buffer, out=out)
            else:
                out.copy_(buffer.add_(image).round_().clamp_(0, 255))
        return work.out

    return call


@SHOT.by("torch", dtypes=("float32",))
def _shot_torch(work: Work) -> Call:
    torch = peers.load("torch")
    torch.manual_seed(7)
    pairs = [(torch.from_numpy(image), torch.from_numpy(out)) for image, out in work.pairs]

    def call() -> Any:
        for image, out in pairs:
            torch.div(torch.poisson(image * _PHOTONS), _PHOTONS, out=out)
        return work.out

    return call


def _skimage(work: Work, mode: str, **options: Any) -> Call:
    util = peers.load("scikit-image", "util")
    integer = work.dtype == "uint8"
    rng = np.random.default_rng(7)

    def call() -> Any:
        results = []
        for image in work.images:
            noisy = util.random_noise(image, mode, rng=rng, clip=integer, **options)
            results.append(util.img_as_ubyte(noisy) if integer else noisy.astype(np.float32))
        return results

    return call


@GAUSSIAN.by("scikit-image")
def _gaussian_skimage(work: Work) -> Call:
    return _skimage(work, "gaussian", var=_STD**2)


@SPECKLE.by("scikit-image")
def _speckle_skimage(work: Work) -> Call:
    return _skimage(work, "speckle", var=_SPECKLE**2)


def _albumentations(make: Callable[[Any], Any]) -> Callable[[Work], Call]:
    def build(work: Work) -> Call:
        transform = make(peers.load("albumentations"))
        transform.set_random_seed(7)
        return peers.albumentations(transform, work.images)

    return build


GAUSSIAN.by("albumentations")(
    _albumentations(lambda a: a.GaussNoise((_STD, _STD), per_channel=True, p=1.0))
)
SALT_AND_PEPPER.by("albumentations")(
    _albumentations(lambda a: a.SaltAndPepper((_AMOUNT, _AMOUNT), (0.5, 0.5), p=1.0))
)
DROPOUT.by("albumentations")(_albumentations(lambda a: a.PixelDropout(_AMOUNT, p=1.0)))
UNIFORM.by("albumentations", dtypes=_UINT8)(
    _albumentations(
        lambda a: a.AdditiveNoise(
            "uniform", "per_pixel", {"ranges": [(-_AMPLITUDE, _AMPLITUDE)]}, p=1.0
        )
    )
)
