"""Resizing, as ``csrc/cpu/resize.cpp``, more simply.

Per image the rows of the input that a band needs are made as wide as the output, all of them, and
the rows of the output from those; or the other way round where far more rows than columns go.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...arrays import Array
from . import parallel
from .items import whole_pixels
from .jit import Scalar, inlined, kernel
from .resize_taps import BILINEAR, NEAREST, find_taps, most_taps, nearest_pixels
from .rounding import UINT8

_UINT16 = np.dtype(np.uint16)
_HALF = 1 << 21


@inlined
def fix_weights(weights: Array) -> None:
    """The weights with 22 bits behind the point, as whole numbers, rounded half away from zero."""
    for i in range(weights.shape[0]):
        for j in range(weights.shape[1]):
            v: Scalar = weights[i, j] * 4194304.0
            weights[i, j] = np.float64(np.int64(v - 0.5 if v < 0.0 else v + 0.5))


@inlined
def fixed_pixel(total: Scalar) -> Scalar:
    """A sum under such weights as a pixel."""
    v: Scalar = np.int32(total) >> 22
    return np.uint8(min(max(v, 0), 255))


@inlined
def store(to: Array, i: int, total: Scalar) -> None:
    """A sum as a pixel: integers rounded half up."""
    if to.dtype == UINT8:
        to[np.uint64(i)] = fixed_pixel(total + _HALF)
    elif to.dtype == _UINT16:
        v: Scalar = np.float64(total) + 0.5
        v = 0.0 if v < 0.0 else v if v < 65535.0 else 65535.0
        to[np.uint64(i)] = np.uint16(np.int64(v))
    else:
        to[np.uint64(i)] = total


@inlined
def product(source: Array, at: int, weights: Array, j: int) -> Scalar:
    """A pixel under a weight, of the type of the weight."""
    real = weights.dtype.type
    return real(real(source[np.uint64(at)]) * weights[np.uint64(j)])


@inlined
def one(source: Array, at: int, step: int, to: Array, t: int, weights: Array, taps: int) -> None:
    """An element, from those that are `step` apart."""
    a = product(source, at, weights, 0)
    for j in range(1, taps):
        a += product(source, at + j * step, weights, j)
    store(to, t, a)


@inlined
def three(source: Array, at: int, step: int, to: Array, t: int, weights: Array, taps: int) -> None:
    """Three elements side by side."""
    a = product(source, at, weights, 0)
    b = product(source, at + 1, weights, 0)
    c = product(source, at + 2, weights, 0)
    for j in range(1, taps):
        i = at + j * step
        a += product(source, i, weights, j)
        b += product(source, i + 1, weights, j)
        c += product(source, i + 2, weights, j)
    store(to, t, a)
    store(to, t + 1, b)
    store(to, t + 2, c)


@inlined
def four(
    source: Array,
    at: int,
    apart: int,
    step: int,
    to: Array,
    t: int,
    t_apart: int,
    weights: Array,
    taps: int,
) -> None:
    """Four elements, `apart` in the source and `t_apart` in the result."""
    a = product(source, at, weights, 0)
    b = product(source, at + apart, weights, 0)
    c = product(source, at + 2 * apart, weights, 0)
    d = product(source, at + 3 * apart, weights, 0)
    for j in range(1, taps):
        i = at + j * step
        a += product(source, i, weights, j)
        b += product(source, i + apart, weights, j)
        c += product(source, i + 2 * apart, weights, j)
        d += product(source, i + 3 * apart, weights, j)
    store(to, t, a)
    store(to, t + t_apart, b)
    store(to, t + 2 * t_apart, c)
    store(to, t + 3 * t_apart, d)


@inlined
def pixel(
    source: Array, at: int, channels: int, to: Array, t: int, weights: Array, taps: int
) -> None:
    """All channels of a pixel."""
    fours = channels - channels % 4
    if channels == 3:
        three(source, at, channels, to, t, weights, taps)
    else:
        for k in range(0, fours, 4):
            four(source, at + k, 1, channels, to, t + k, 1, weights, taps)
        for k in range(fours, channels):
            one(source, at + k, channels, to, t + k, weights, taps)


@inlined
def along_row(
    source: Array,
    at: int,
    to: Array,
    t: int,
    firsts: Array,
    counts: Array,
    weights: Array,
    channels: int,
) -> None:
    """Makes the row at element `t` from the one at element `at`."""
    for x in range(len(firsts)):
        taps, weight = counts[x], weights[x]
        start, made = at + firsts[x] * channels, t + x * channels
        # Two taps and four, those of half the size, without a loop.
        if taps == 2:
            pixel(source, start, channels, to, made, weight, 2)
        elif taps == 4:
            pixel(source, start, channels, to, made, weight, 4)
        elif taps > 0:
            pixel(source, start, channels, to, made, weight, taps)
        else:
            for k in range(channels):
                store(to, made + k, weight[0] * 0)


@inlined
def along_four_rows(
    source: Array,
    at: int,
    length: int,
    to: Array,
    t: int,
    firsts: Array,
    counts: Array,
    weights: Array,
) -> None:
    """Four rows of one channel, the first as `along_row`."""
    out_length = len(firsts)
    for x in range(out_length):
        taps, weight, start = counts[x], weights[x], at + firsts[x]
        if taps == 2:
            four(source, start, length, 1, to, t + x, out_length, weight, 2)
        elif taps == 4:
            four(source, start, length, 1, to, t + x, out_length, weight, 4)
        elif taps > 0:
            four(source, start, length, 1, to, t + x, out_length, weight, taps)
        else:
            for r in range(4):
                store(to, t + x + r * out_length, weight[0] * 0)


@inlined
def along_column(
    source: Array,
    at: int,
    length: int,
    to: Array,
    t: int,
    taps: int,
    weight: Array,
    totals: Array,
) -> None:
    """Makes the row at element `t` from so many, `length` elements apart, from element `at` on."""
    made = to[t : t + length]
    if source.dtype == UINT8:
        totals[:length] = _HALF
        # Two at a time: totals come and go half as often.
        for j in range(0, taps - 1, 2):
            a = source[at + j * length : at + (j + 1) * length]
            b = source[at + (j + 1) * length : at + (j + 2) * length]
            w, v = np.int32(weight[j]), np.int32(weight[j + 1])
            for x in range(length):
                totals[x] += np.int32(np.int32(a[x]) * w) + np.int32(np.int32(b[x]) * v)
        if taps & 1:
            a, w = source[at + (taps - 1) * length : at + taps * length], np.int32(weight[taps - 1])
            for x in range(length):
                totals[x] += np.int32(np.int32(a[x]) * w)
        for x in range(length):
            made[x] = fixed_pixel(totals[x])
        return
    row, first = source[at : at + length], weight[0]
    for x in range(length):
        totals[x] = row[x] * first if taps > 0 else first * 0
    for j in range(1, taps):
        row, following = source[at + j * length : at + (j + 1) * length], weight[j]
        for x in range(length):
            totals[x] += row[x] * following
    for x in range(length):
        store(made, x, totals[x])


@inlined
def byte_of(source: Array, at: int, place: int) -> Scalar:
    """A byte at one of the four places of a word."""
    return np.uint32(source[np.uint64(at)]) << np.uint32(8 * place)


@inlined
def pack_row(source: Array, packed: Array, starts: Array, channels: int, taps: int) -> None:
    """Two or four taps of every element of a row, each in a byte of a word."""
    for x in range(len(starts)):
        for k in range(channels):
            at = starts[np.uint64(x)] * channels + k
            word = byte_of(source, at, 0) | byte_of(source, at + channels, 1)
            if taps == 4:
                word |= byte_of(source, at + 2 * channels, 2)
                word |= byte_of(source, at + 3 * channels, 3)
            packed[np.uint64(x * channels + k)] = word


@inlined
def weigh_row(packed: Array, shares: Array, made: Array, taps: int) -> None:
    """The row that is made of them."""
    first, second, third, fourth = shares[0], shares[1], shares[2], shares[3]
    for k in range(len(packed)):
        v = packed[k]
        total = np.int32(_HALF) + np.int32(np.int32(v & np.uint32(255)) * first[k])
        total += np.int32(np.int32((v >> np.uint32(8)) & np.uint32(255)) * second[k])
        if taps == 4:
            total += np.int32(np.int32((v >> np.uint32(16)) & np.uint32(255)) * third[k])
            total += np.int32(np.int32(v >> np.uint32(24)) * fourth[k])
        made[k] = fixed_pixel(total)


@inlined
def pack_taps(
    firsts: Array,
    counts: Array,
    weights: Array,
    width: int,
    taps: int,
    starts: Array,
    shares: Array,
) -> None:
    """The same taps for all columns: some are of no weight, so that none is beyond the row."""
    channels = shares.shape[1] // len(starts)
    shares[:] = 0
    for x in range(len(starts)):
        starts[x] = min(firsts[x], width - taps)
        for j in range(counts[x]):
            for k in range(channels):
                shares[firsts[x] - starts[x] + j, x * channels + k] = weights[x, j]


@inlined
def packed_rows(
    source: Array,
    made: Array,
    packed: Array,
    starts: Array,
    shares: Array,
    length: int,
    channels: int,
    taps: int,
    low: int,
    high: int,
) -> None:
    """Rows [low, high) of bytes, as wide as the output."""
    out_length = len(packed)
    for y in range(low, high):
        row = source[y * length : (y + 1) * length]
        to = made[(y - low) * out_length : (y - low + 1) * out_length]
        if taps == 2:
            pack_row(row, packed, starts, channels, 2)
            weigh_row(packed, shares, to, 2)
        else:
            pack_row(row, packed, starts, channels, 4)
            weigh_row(packed, shares, to, 4)


@inlined
def same(edges: Array, i: int, first: int) -> bool:
    """Whether an image has the box of the one before it."""
    alike = i > first
    for k in range(4):
        alike = alike and edges[i, k] == edges[i - 1, k]
    return alike


@inlined
def rows_needed(firsts: Array, counts: Array, begin: int, end: int) -> tuple[int, int]:
    """The first row that rows [begin, end) of the output are made of, and the last plus one."""
    low, high = firsts[begin], firsts[begin] + counts[begin]
    for y in range(begin, end):
        low, high = min(low, firsts[y]), max(high, firsts[y] + counts[y])
    return low, high


@kernel
def weighted(
    images: Array,
    out: Array,
    edges: Array,
    like: Array,
    filter_: int,
    antialias: bool,
    columns_first: bool,
    height: int,
    width: int,
    channels: int,
    out_height: int,
    out_width: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of the output of images [first, last), under weights of the type of `like`."""
    length, out_length = width * channels, out_width * channels
    first_y, count_y = np.empty(out_height, np.int64), np.empty(out_height, np.int64)
    first_x, count_x = np.empty(out_width, np.int64), np.empty(out_width, np.int64)
    totals = np.empty(max(length, out_length), like.dtype)
    line = np.empty(length, out.dtype)
    # Bytes under few taps, which go four to a word.
    starts, shares = np.empty(out_width, np.int64), np.empty((4, out_length), np.int32)
    packed, packs = np.empty(out_length, np.uint32), 0
    for i in range(first, last):
        if not same(edges, i, first):
            top, bottom, left, right = edges[i]
            most_y = most_taps(height, out_height, top, bottom, filter_, antialias)
            most_x = most_taps(width, out_width, left, right, filter_, antialias)
            exact_y, exact_x = np.empty((out_height, most_y)), np.empty((out_width, most_x))
            exact_y[:], exact_x[:] = 0.0, 0.0
            find_taps(height, top, bottom, filter_, antialias, first_y, count_y, exact_y)
            find_taps(width, left, right, filter_, antialias, first_x, count_x, exact_x)
            if out.dtype == UINT8:
                fix_weights(exact_y)
                fix_weights(exact_x)
            weight_y, weight_x = exact_y.astype(like.dtype), exact_x.astype(like.dtype)
            most = count_x.max()
            packs = 0
            if out.dtype == UINT8 and most <= min(4, width) and width >= 4:
                packs = 2 if most <= 2 else 4
                pack_taps(first_x, count_x, weight_x, width, packs, starts, shares)
        source, to = images[i], out[i]
        if columns_first:
            for y in range(begin, end):
                at = first_y[y] * length
                along_column(source, at, length, line, 0, count_y[y], weight_y[y], totals)
                t = y * out_length
                along_row(line, 0, to, t, first_x, count_x, weight_x, channels)
            continue
        low, high = rows_needed(first_y, count_y, begin, end)
        made = np.empty((high - low) * out_length, out.dtype)
        left = high if packs > 0 else low
        if packs > 0:
            if channels == 1:
                packed_rows(source, made, packed, starts, shares, length, 1, packs, low, high)
            elif channels == 3:
                packed_rows(source, made, packed, starts, shares, length, 3, packs, low, high)
            elif channels == 4:
                packed_rows(source, made, packed, starts, shares, length, 4, packs, low, high)
            else:
                packed_rows(
                    source, made, packed, starts, shares, length, channels, packs, low, high
                )
        # One channel makes up for its short rows with four of them.
        fours = high - (high - left) % 4 if channels == 1 else left
        for y in range(left, fours, 4):
            at, t = y * length, (y - low) * out_length
            along_four_rows(source, at, length, made, t, first_x, count_x, weight_x)
        for y in range(fours, high):
            at, t = y * length, (y - low) * out_length
            # A loop of its own for the usual numbers of channels.
            if channels == 3:
                along_row(source, at, made, t, first_x, count_x, weight_x, 3)
            elif channels == 4:
                along_row(source, at, made, t, first_x, count_x, weight_x, 4)
            else:
                along_row(source, at, made, t, first_x, count_x, weight_x, channels)
        for y in range(begin, end):
            at, t = (first_y[y] - low) * out_length, y * out_length
            along_column(made, at, out_length, to, t, count_y[y], weight_y[y], totals)


@inlined
def lerp(a: Scalar, b: Scalar, weight: Scalar) -> Scalar:
    """A part of the way, in 15 bits, from one number of 15 to another."""
    part = np.int32(np.int32(b - a) * weight) >> 14
    return np.int32(a + ((part + 1) >> 1))


@inlined
def lerp_weight(weights: Array, i: int, taps: int) -> Scalar:
    """The weight of the second of two taps, in 15 bits."""
    v: Scalar = min(np.int64(weights[i, 1] * 32768.0 + 0.5), 32767) if taps > 1 else 0
    return np.int32(v)


@inlined
def gather_row(p: Array, taps: Array, first: Array, second: Array, channels: int) -> None:
    """Both taps of every element of a row, one in each half of a word."""
    for x in range(len(first)):
        for k in range(channels):
            a = np.uint32(p[np.uint64(first[x] + k)])
            b = np.uint32(p[np.uint64(second[x] + k)])
            taps[np.uint64(x * channels + k)] = a | (b << np.uint32(16))


@inlined
def lerp_row(taps: Array, shares: Array, made: Array) -> None:
    """A row as wide as the output, with 6 bits behind the point."""
    for k in range(len(taps)):
        a, b = np.int32(taps[k] & np.uint32(255)), np.int32(taps[k] >> np.uint32(16))
        made[k] = lerp(np.int32(a << 6), np.int32(b << 6), shares[k])


@inlined
def lerp_rows(above: Array, below: Array, weight: Scalar, to: Array) -> None:
    """Two such rows as one of pixels."""
    for x in range(len(to)):
        v = lerp(np.int32(above[x]), np.int32(below[x]), weight)
        to[x] = np.uint8((v + 32) >> 6)


@inlined
def lerp_image(
    source: Array,
    to: Array,
    made: Array,
    taps: Array,
    across: tuple[Array, Array, Array],
    down: tuple[Array, Array, Array],
    length: int,
    channels: int,
    low: int,
    high: int,
    begin: int,
    end: int,
) -> None:
    """Rows [low, high) of an image as wide as the output, and rows [begin, end) of that of those."""
    (first, second, shares), (first_y, count_y, weight_y) = across, down
    out_length = len(taps)
    for y in range(low, high):
        gather_row(source[y * length : (y + 1) * length], taps, first, second, channels)
        lerp_row(taps, shares, made[(y - low) * out_length : (y - low + 1) * out_length])
    for y in range(begin, end):
        at = (first_y[y] - low) * out_length
        further = at + (out_length if count_y[y] > 1 else 0)
        above, below = made[at : at + out_length], made[further : further + out_length]
        weight = lerp_weight(weight_y, y, count_y[y])
        lerp_rows(above, below, weight, to[y * out_length : (y + 1) * out_length])


@kernel
def bilinear_bytes(
    images: Array,
    out: Array,
    edges: Array,
    height: int,
    width: int,
    channels: int,
    out_height: int,
    out_width: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """The same without antialiasing: 6 bits behind the point between the axes."""
    length, out_length = width * channels, out_width * channels
    first_y, count_y = np.empty(out_height, np.int64), np.empty(out_height, np.int64)
    first_x, count_x = np.empty(out_width, np.int64), np.empty(out_width, np.int64)
    weight_y, weight_x = np.empty((out_height, 5)), np.empty((out_width, 5))
    second_x, shares = np.empty(out_width, np.int64), np.empty(out_length, np.int32)
    taps = np.empty(out_length, np.uint32)
    for i in range(first, last):
        if not same(edges, i, first):
            top, bottom, left, right = edges[i]
            find_taps(height, top, bottom, BILINEAR, False, first_y, count_y, weight_y)
            find_taps(width, left, right, BILINEAR, False, first_x, count_x, weight_x)
            for x in range(out_width):
                share = lerp_weight(weight_x, x, count_x[x])
                shares[x * channels : (x + 1) * channels] = share
                # What has no weight is read from the pixel itself.
                second_x[x] = (first_x[x] + (1 if share > 0 else 0)) * channels
                first_x[x] *= channels
        low, high = rows_needed(first_y, count_y, begin, end)
        made = np.empty((high - low) * out_length, np.int16)
        across, down = (first_x, second_x, shares), (first_y, count_y, weight_y)
        rows = low, high, begin, end
        # A loop of its own for the usual numbers of channels.
        if channels == 1:
            lerp_image(images[i], out[i], made, taps, across, down, length, 1, *rows)
        elif channels == 3:
            lerp_image(images[i], out[i], made, taps, across, down, length, 3, *rows)
        elif channels == 4:
            lerp_image(images[i], out[i], made, taps, across, down, length, 4, *rows)
        else:
            lerp_image(images[i], out[i], made, taps, across, down, length, channels, *rows)


@inlined
def move_rows(
    source: Array,
    to: Array,
    down: Array,
    across: Array,
    width: int,
    channels: int,
    begin: int,
    end: int,
) -> None:
    """Rows [begin, end) of an image from the pixels of these rows and columns."""
    for y in range(begin, end):
        for x in range(len(across)):
            at, t = (down[y] * width + across[x]) * channels, (y * len(across) + x) * channels
            for k in range(channels):
                to[np.uint64(t + k)] = source[np.uint64(at + k)]


@kernel
def nearest(
    images: Array,
    out: Array,
    edges: Array,
    height: int,
    width: int,
    channels: int,
    out_height: int,
    out_width: int,
    first: int,
    last: int,
    begin: int,
    end: int,
) -> None:
    """Elements of any kind, moved."""
    down, across = np.empty(out_height, np.int64), np.empty(out_width, np.int64)
    for i in range(first, last):
        if not same(edges, i, first):
            nearest_pixels(height, edges[i, 0], edges[i, 1], down)
            nearest_pixels(width, edges[i, 2], edges[i, 3], across)
        source, to = images[i], out[i]
        if channels == 1:
            move_rows(source, to, down, across, width, 1, begin, end)
        elif channels == 3:
            move_rows(source, to, down, across, width, 3, begin, end)
        else:
            move_rows(source, to, down, across, width, channels, begin, end)


def resize(images: Array, out: Array, edges: Array, filter_: int, antialias: bool) -> None:
    """One of the filters, by its number."""
    each = (np.broadcast_to(edges, (len(out), 4)),)
    if filter_ == NEAREST:
        images, out = whole_pixels(images, out)
    sizes = (*images.shape[1:], *out.shape[1:3])
    if filter_ == NEAREST:
        parallel.run(nearest, images, out, each, sizes)
        return
    if images.dtype == np.uint8 and filter_ == BILINEAR and not antialias:
        parallel.run(bilinear_bytes, images, out, each, sizes)
        return
    real: Any = {"uint8": np.int32, "float32": np.float32}.get(images.dtype.name, np.float64)
    lost_rows, lost_columns = (images.shape[k] - out.shape[k] for k in (1, 2))
    upright = lost_rows > 0 and lost_rows > 2 * lost_columns
    rest = (np.empty(0, real), filter_, antialias, upright, *sizes)
    parallel.run(weighted, images, out, each, rest)
