"""Which kernel does what, on how many blocks: the same whether a card or an emulator launches it."""

from __future__ import annotations

from ...arrays import Array
from ..passes import Stage, form_of, stage_by_stage
from .blur import Blurs
from .colours import Colours
from .deferred import Deferred
from .fused import Plan
from .launches import Device
from .morphology import Morphology
from .moving import Moving
from .neighbours import Neighbours
from .noise import Noise
from .resizing import Resizing
from .steps import Listed, fits
from .user_op import UserOps
from .warps import Warps

# Lists of steps that plans may have compiled, which takes a second or two each. Where many branches are
# drawn from, there are ever new ones; then each stage goes by itself.
MOST_LISTS = 64


class Cuda(Warps, Resizing, Moving, Morphology, Blurs, Neighbours, Noise, Colours, UserOps):
    """The kernels of ``csrc/cuda`` as a backend."""

    def __init__(self, device: Device) -> None:
        super().__init__(device)
        self._lists: list[Listed] = []

    def run_plan(self, sources: list[Array], outs: list[Array], stages: list[Stage]) -> None:
        forms = {form_of(batch) for batch in sources}
        forms.update(form for stage in stages for form in (stage.before, stage.after))
        if not all(map(fits, forms)):
            stage_by_stage(self, sources, outs, stages)
        elif sum(map(len, sources)):
            self._run_fused(sources, outs, stages)

    def _run_fused(self, sources: list[Array], outs: list[Array], stages: list[Stage]) -> None:
        device = Deferred(self._device)
        lists = self._lists.copy()
        Plan(Cuda(device), device, sources, outs, lists).run(stages)
        if len(lists) > MOST_LISTS:
            stage_by_stage(self, sources, outs, stages)
        else:
            self._lists = lists
            device.start()
