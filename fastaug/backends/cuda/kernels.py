"""Which kernel does what, on how many blocks: the same whether a card or an emulator launches it."""

from __future__ import annotations

from ...arrays import Array
from ..passes import Stage, Steps, in_turn, stage_by_stage
from .blur import Blurs
from .colours import Colours
from .morphology import Morphology
from .moving import Moving
from .neighbours import Neighbours
from .noise import Noise
from .resizing import Resizing
from .user_op import UserOps
from .warps import Warps


class Cuda(Warps, Resizing, Moving, Morphology, Blurs, Neighbours, Noise, Colours, UserOps):
    """The kernels of ``csrc/cuda`` as a backend."""

    def run_chain(self, images: Array, out: Array, steps: Steps) -> None:
        in_turn(self, images, out, steps)

    def run_plan(self, sources: list[Array], outs: list[Array], stages: list[Stage]) -> None:
        stage_by_stage(self, sources, outs, stages)
