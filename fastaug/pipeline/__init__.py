"""Pipelines of random transforms: drawn by counter, planned as few passes, done image by image."""

from .compose import Compose
from .plan import Pass, Plan

__all__ = ["Compose", "Pass", "Plan"]
