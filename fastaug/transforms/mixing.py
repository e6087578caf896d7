"""Transforms that mix the images of a batch."""

from __future__ import annotations

from .custom import Outside


class Mixing(Outside, abstract=True):
    """What mixes each image, and its label, with another one."""
