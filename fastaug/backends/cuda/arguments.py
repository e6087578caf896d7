"""The structs of ``csrc/arguments.hpp`` as kernels take them, by value."""

from __future__ import annotations

import functools
from ctypes import Structure, c_double, c_int32, c_int64, c_uint8, c_uint32, c_void_p
from typing import Any

__all__ = [
    "Batch",
    "Blend",
    "BlurPass",
    "Correlate",
    "Erase",
    "ErasePass",
    "Flip",
    "Hue",
    "Levels",
    "LevelsPass",
    "MedianBlur",
    "Memory",
    "MorphologyPass",
    "Noise",
    "Normalize",
    "Paste",
    "Photometric",
    "PhotometricPass",
    "Point",
    "PointPass",
    "ResizePass",
    "Rot90",
    "Saturation",
    "Sharpen",
    "ShuffleChannels",
    "WarpAffine",
    "WarpField",
    "WarpSpline",
    "Window",
    "fused",
]

DTYPES = {"uint8": 0, "uint16": 1, "float32": 2, "float64": 3}


class Batch(Structure):
    _fields_ = [
        ("data", c_void_p),
        *((name, c_int64) for name in ("n", "h", "w", "c")),
        *((f"stride_{name}", c_int64) for name in ("n", "h", "w", "c")),
        ("item", c_int64),
        ("dtype", c_int32),
    ]


class _InOut(Structure):
    _fields_ = [("in_", Batch), ("out", Batch)]


class _Sourced(_InOut):
    _fields_ = [("source", c_void_p)]  # null here: images are gathered before


class WarpAffine(_Sourced):
    _fields_ = [
        ("matrices", c_void_p),
        ("fill", c_void_p),
        ("interpolation", c_int32),
        ("fill_mode", c_int32),
    ]


class WarpField(_InOut):
    _fields_ = [
        ("matrices", c_void_p),
        ("field", c_void_p),
        ("field_stride", c_int64),
        ("fill", c_void_p),
        ("interpolation", c_int32),
        ("fill_mode", c_int32),
    ]


class WarpSpline(_Sourced):
    _fields_ = [
        ("matrices", c_void_p),
        ("fill", c_void_p),
        ("mirror", c_void_p),
        ("order", c_int32),
        ("fill_mode", c_int32),
    ]


class Flip(_Sourced):
    _fields_ = [("horizontal", c_void_p), ("vertical", c_void_p), ("converts", c_int32)]


class Rot90(_InOut):
    _fields_ = [("k", c_void_p)]


class Window(_InOut):
    _fields_ = [("offsets", c_void_p), ("fill", c_void_p), ("border", c_int32)]


class Erase(_InOut):
    _fields_ = [("boxes", c_void_p), ("count", c_int64), ("fill", c_void_p)]


class ErasePass(Structure):
    _fields_ = [("all", Erase), ("parts", c_int64)]


class ShuffleChannels(_InOut):
    _fields_ = [("order", c_void_p), ("fill", c_void_p)]


class Blend(_InOut):
    _fields_ = [("others", Batch), ("source", c_void_p), ("weight", c_void_p)]


class Paste(_InOut):
    _fields_ = [("others", Batch), ("source", c_void_p), ("boxes", c_void_p)]


class ResizePass(_InOut):
    _fields_ = [
        ("edges", c_void_p),
        ("down", c_int32),
        ("kernel", c_int32),
        ("antialias", c_int32),
        ("taps", c_void_p),
        ("weight", c_void_p),
        ("most", c_int64),
        ("boxes", c_int64),
    ]


class Photometric(_InOut):
    _fields_ = [
        ("channel_shift", c_void_p),
        ("brightness", c_int32),
        ("factor", c_void_p),
        ("white", c_double),
        ("rescale", c_double),
        ("samplewise_center", c_int32),
        ("samplewise_std", c_int32),
        ("center", c_void_p),
        ("scale", c_void_p),
    ]


class PhotometricPass(Structure):
    _fields_ = [("all", Photometric), ("rows", c_void_p), ("found", c_void_p)]


class Point(_InOut):
    _fields_ = [
        ("op", c_int32),
        ("first", c_void_p),
        ("second", c_void_p),
        ("low", c_double),
        ("high", c_double),
        ("keeps_alpha", c_uint8),
    ]


class PointPass(Structure):
    _fields_ = [("all", Point), ("rows", c_void_p), ("found", c_void_p)]


class Normalize(_InOut):
    _fields_ = [("scale", c_void_p), ("shift", c_void_p)]


class Saturation(_InOut):
    _fields_ = [("factor", c_void_p), ("low", c_double), ("high", c_double)]


class Hue(_InOut):
    _fields_ = [("turn", c_void_p), ("low", c_double), ("high", c_double)]


class Levels(_InOut):
    _fields_ = [("op", c_int32), ("low", c_double), ("high", c_double)]


class LevelsPass(Structure):
    _fields_ = [("all", Levels), ("found", c_void_p), ("level", c_void_p)]


class MorphologyPass(_InOut):
    _fields_ = [
        ("other", Batch),
        ("erode", c_int32),
        ("reflected", c_int32),
        ("difference", c_int32),
        ("border", c_int32),
        ("cval", c_double),
        ("sizes", c_void_p),
        ("runs", c_void_p),
        ("run_count", c_int64),
        *((name, c_int64) for name in ("top", "height", "left", "width", "tile_w", "tile_h")),
    ]


class BlurPass(_InOut):
    _fields_ = [
        ("weights", c_void_p),
        ("reach", c_void_p),
        ("taps", c_int64),
        ("border", c_int32),
        ("cval", c_double),
        ("stage", c_void_p),
        *((name, c_int64) for name in ("top", "height", "left", "width", "tile_w", "tile_h")),
    ]


class Correlate(_InOut):
    _fields_ = [
        ("offsets", c_void_p),
        ("weights", c_void_p),
        ("spans", c_void_p),
        ("border", c_int32),
        ("cval", c_double),
    ]


class MedianBlur(_InOut):
    _fields_ = [("sizes", c_void_p), ("border", c_int32), ("cval", c_double)]


class Sharpen(_InOut):
    _fields_ = [
        ("factor", c_void_p),
        ("low", c_double),
        ("high", c_double),
        ("keeps_alpha", c_uint8),
    ]


class Memory(Structure):
    _fields_ = [("images", Batch)]


class Noise(_InOut):
    _fields_ = [
        ("seed", c_void_p),
        ("index", c_void_p),
        ("epoch", c_void_p),
        ("place", c_uint32),
        ("low", c_double),
        ("high", c_double),
        ("clip", c_uint8),
        ("first", c_void_p),
        ("second", c_void_p),
        ("per_channel", c_uint8),
    ]


@functools.cache
def fused(*steps: type[Structure]) -> type[Structure]:
    """What a fused kernel takes whose steps take these: see ``csrc/cuda/fused.hpp``."""
    fields: list[tuple[str, Any]] = [("images", c_void_p), ("h", c_int64), ("w", c_int64)]
    for i, step in enumerate(steps):
        fields += [(f"rows{i}", c_void_p), (f"step{i}", step)]
    return type("Fused", (Structure,), {"_fields_": fields})


def batch(address: int, shape: tuple[int, ...], strides: tuple[int, ...], dtype: Any) -> Batch:
    """The description of an (N, H, W, C) array."""
    return Batch(address, *shape, *strides, dtype.itemsize, DTYPES.get(dtype.name, 0))
