"""A network being fitted: its weights, their running mean, the optimiser, and all of it on disk between two epochs."""

import copy
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from mtaf_core.model.mtaf import MTAF, MTAFConfig

if TYPE_CHECKING:
    from mtaf_core.model.fitting import Schedule

_WARM_STEPS = 10
"""The running mean follows fast at first: after ``t`` steps the weights of ``t / 10`` steps ago have half their say."""
_LONGEST_GRADIENT = 5.0
_KEPT_EVERY_S = 5.0
_RANDOM = "random"


@dataclass
class Descent:
    """Adam on the weights of a network, falling along a half cosine, with a running mean that answers.

    Parameters
    ----------
    network, average : MTAF
        The one that learns and the running mean of its weights.
    optimiser : torch.optim.Adam
    rate : CosineAnnealingLR
    averaging : float
        How much of the mean is left at each step.
    epoch, steps : int
        Taken so far.
    best : dict of str to Tensor
        The weights that did best so far.
    best_loss, best_epoch
        How well, and when.
    """

    network: MTAF
    average: MTAF
    optimiser: torch.optim.Adam
    rate: torch.optim.lr_scheduler.CosineAnnealingLR
    averaging: float
    best: dict[str, Tensor]
    epoch: int = 0
    steps: int = 0
    best_loss: float = float("inf")
    best_epoch: int = 0

    @classmethod
    def begin(
        cls,
        config: MTAFConfig,
        expectations: tuple[Tensor, Tensor],
        schedule: "Schedule",
        device: torch.device,
    ) -> "Descent":
        """A new network with the schedule's seed; ``expectations`` are `MTAF.center` and `MTAF.scale`."""
        torch.manual_seed(schedule.seed)
        network = MTAF(config)
        network.center, network.scale = expectations
        network.to(device)
        optimiser = torch.optim.Adam(
            network.parameters(), lr=schedule.learning_rate, weight_decay=schedule.weight_decay, fused=True
        )
        rate = torch.optim.lr_scheduler.CosineAnnealingLR(
            optimiser, schedule.epochs, eta_min=schedule.learning_rate / 20
        )
        average = copy.deepcopy(network).requires_grad_(False)
        best = copy.deepcopy(average.state_dict())
        return cls(network, average, optimiser, rate, schedule.averaging, best)

    def step(self, loss: Tensor) -> None:
        """Go one step down and let the mean follow."""
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), _LONGEST_GRADIENT)
        self.optimiser.step()
        self.steps += 1
        left = min(self.averaging, self.steps / (self.steps + _WARM_STEPS))
        with torch.no_grad():
            mean, now = list(self.average.parameters()), list(self.network.parameters())
            torch._foreach_lerp_(mean, now, 1.0 - left)

    def end_epoch(self) -> None:
        self.epoch += 1
        self.rate.step()

    def keep_best(self, loss: float) -> None:
        """Keep the mean as it is now as the best so far."""
        self.best = copy.deepcopy(self.average.state_dict())
        self.best_loss, self.best_epoch = loss, self.epoch

    def answer(self) -> MTAF:
        """The best network, ready to be asked."""
        self.average.load_state_dict(self.best)
        return self.average.eval().requires_grad_(False)

    def tensors(self) -> dict[str, Tensor]:
        """Everything that is a tensor, by name, on the CPU; the state of the random generator among it."""
        found = {_RANDOM: torch.get_rng_state()}
        for part, state in (("network", self.network.state_dict()), ("average", self.average.state_dict())):
            found |= {f"{part}.{name}": value for name, value in state.items()}
        found |= {f"best.{name}": value for name, value in self.best.items()}
        for number, moments in self.optimiser.state_dict()["state"].items():
            found |= {f"adam.{number}.{name}": value for name, value in moments.items()}
        return {name: value.detach().cpu().contiguous().clone() for name, value in found.items()}

    def counters(self) -> dict[str, Any]:
        """Everything else, as plain JSON values."""
        return {
            "epoch": self.epoch,
            "steps": self.steps,
            "best_loss": self.best_loss,
            "best_epoch": self.best_epoch,
            "rate": {k: v for k, v in self.rate.state_dict().items() if isinstance(v, int | float | list)},
            "learning_rate": self.optimiser.param_groups[0]["lr"],
        }

    def restore(self, tensors: dict[str, Tensor], counters: dict[str, Any]) -> None:
        """Go back to what `tensors` and `counters` told; raises KeyError or RuntimeError where they do not fit.

        A descent that raised is of no further use.
        """
        device = self.network.center.device
        here = {name: value if name == _RANDOM else value.to(device) for name, value in tensors.items()}
        self.network.load_state_dict(_under(here, "network."))
        self.average.load_state_dict(_under(here, "average."))
        self.best = _under(here, "best.")
        moments: dict[int, dict[str, Tensor]] = {}
        for name, value in _under(here, "adam.").items():
            number, moment = name.split(".", 1)
            moments.setdefault(int(number), {})[moment] = value
        self.optimiser.load_state_dict({**self.optimiser.state_dict(), "state": moments})
        self.optimiser.param_groups[0]["lr"] = counters["learning_rate"]
        self.rate.load_state_dict({**self.rate.state_dict(), **counters["rate"]})
        self.epoch, self.steps = counters["epoch"], counters["steps"]
        self.best_loss, self.best_epoch = counters["best_loss"], counters["best_epoch"]
        torch.set_rng_state(here[_RANDOM])


@dataclass
class Checkpoint:
    """Where the state of one network's fitting is kept, so that an interrupted training goes on where it was.

    Parameters
    ----------
    folder : Path or None
        None keeps nothing.
    key : str
        What the fitting is of; what was kept under another key is not taken up.
    """

    folder: Path | None
    key: str = ""
    _last: dict[str, float] = field(default_factory=dict)

    @classmethod
    def nowhere(cls) -> "Checkpoint":
        return cls(None)

    def keep(self, phase: str, descent: Descent) -> None:
        """Write the state down, at most every five seconds; whole or not at all.

        Where it cannot be written the fitting goes on, and is not kept any more.
        """
        now = time.monotonic()
        if self.folder is None or now - self._last.setdefault(phase, now) < _KEPT_EVERY_S:
            return
        from safetensors import SafetensorError
        from safetensors.torch import save_file

        told = json.dumps({"key": self.key, **descent.counters()})
        part = self.folder / f"{phase}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            save_file(descent.tensors(), part, metadata={"told": told})
            os.replace(part, self._file(phase))
        except (OSError, SafetensorError):  # a full disk is the latter
            self.folder = None
        self._last[phase] = time.monotonic()

    def resumed(self, phase: str, begin: Callable[[], Descent]) -> Descent:
        """A descent as it was kept last, or as ``begin`` makes it where nothing that fits was kept."""
        if self.folder is None or not self._file(phase).exists():
            return begin()
        from safetensors import SafetensorError, safe_open
        from safetensors.torch import load_file

        try:
            with safe_open(self._file(phase), framework="pt") as opened:
                told = json.loads((opened.metadata() or {})["told"])
            if told["key"] != self.key:
                return begin()
            descent = begin()
            descent.restore(load_file(self._file(phase)), told)
        except (OSError, KeyError, TypeError, ValueError, RuntimeError, SafetensorError):  # cut off or damaged
            self._file(phase).unlink(missing_ok=True)
            return begin()
        return descent

    def _file(self, phase: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{phase}.safetensors"


def _under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
