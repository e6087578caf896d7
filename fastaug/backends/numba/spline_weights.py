"""The weights of a B-spline's taps: ``csrc/ops/spline_weights.hpp`` for orders 2 to 5."""

from __future__ import annotations

from ...arrays import Array
from .jit import Scalar, inlined, shared


@inlined
def cubic_inner(d: Scalar) -> Scalar:
    """Order 3, of the two taps beside the point."""
    return (d * d * (d - 2.0) * 3.0 + 4.0) / 6.0


@inlined
def quartic_middle(d: Scalar) -> Scalar:
    """Order 4, of the taps next to the nearest one."""
    return d * (d * (d * (5.0 - d) / 6.0 - 1.25) + 5.0 / 24.0) + 55.0 / 96.0


@inlined
def quintic_inner(d: Scalar) -> Scalar:
    """Order 5, of the two taps beside the point."""
    s = d * d
    return s * (s * (0.25 - d / 12.0) - 0.5) + 0.55


@inlined
def quintic_middle(d: Scalar) -> Scalar:
    """Order 5, of the taps next to those two."""
    return d * (d * (d * (d * (d / 24.0 - 0.375) + 1.25) - 1.75) + 0.625) + 0.425


@shared
def spline_weights(x: Scalar, order: int, w: Array) -> None:
    """Of the taps around a knot that is `x` away, into w[: order + 1]."""
    if order == 2:
        y = 0.5 - x
        w[0] = 0.5 * y * y
        w[1] = 0.75 - x * x
    elif order == 3:
        y = 1.0 - x
        w[0] = y * y * y / 6.0
        w[1] = cubic_inner(x)
        w[2] = cubic_inner(y)
    elif order == 4:
        y = 0.5 - x
        s, t = x * x, y * y
        w[0] = t * t / 24.0
        w[1] = quartic_middle(1.0 + x)
        w[2] = s * (s * 0.25 - 0.625) + 115.0 / 192.0
        w[3] = quartic_middle(1.0 - x)
    else:
        y = 1.0 - x
        t = y * y
        w[0] = y * t * t / 120.0
        w[1] = quintic_middle(x + 1.0)
        w[2] = quintic_inner(x)
        w[3] = quintic_inner(y)
        w[4] = quintic_middle(y + 1.0)
    last = 1.0
    for i in range(order):
        last -= w[i]
    w[order] = last
