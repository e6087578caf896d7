"""Why rows are slower than a peer, or miss their goal: written by hand, printed beside the numbers.

A key is a row's name without its size, such as ``"rot90 uint8"``; with an instruction-set level
behind it, such as ``"rot90 uint8 at v3"``, it is for that level alone.
"""

from __future__ import annotations

REASONS: dict[str, str] = {}


def reason(row: str, level: str | None) -> str:
    """What is known of a row's loss; empty if nobody has written it down."""
    return REASONS.get(f"{row} at {level}") or REASONS.get(row, "")
