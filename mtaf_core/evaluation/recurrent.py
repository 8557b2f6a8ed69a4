"""Bi-GRU and Bi-LSTM on the early series alone: the paper's baselines of Table 4."""

import copy
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from mtaf_core.evaluation.networks import STOP_SHARE, encoded
from mtaf_core.evaluation.task import Outcome, Report, Stopwatch, Task
from mtaf_core.model.fitting import Schedule
from mtaf_core.threads import one_thread

WIDTH = 128
"""Of each direction: 256 for both, as in section 2.3."""
_CHUNK = 1024
_MIN_SCALE = 1e-3

Cell = Literal["GRU", "LSTM"]


class Recurrent(nn.Module):
    """A recurrent network over the observed days, and two dense layers to the log score.

    It answers in standard deviations around the mean of the log scores it is fitted on.

    Parameters
    ----------
    cell : {"GRU", "LSTM"}
    channels : int
        Numbers a day.
    truth : Tensor, (n,)
        Log scores of the videos it is fitted on.
    """

    center: Tensor
    scale: Tensor

    def __init__(self, cell: Cell, channels: int, truth: Tensor) -> None:
        super().__init__()
        kind = nn.GRU if cell == "GRU" else nn.LSTM
        self.read = kind(channels, WIDTH, batch_first=True, bidirectional=True)
        self.head = nn.Sequential(nn.Linear(2 * WIDTH, WIDTH), nn.ReLU(), nn.Dropout(0.2), nn.Linear(WIDTH, 1))
        self.register_buffer("center", truth.mean())
        self.register_buffer("scale", truth.std().clamp(min=_MIN_SCALE))

    def forward(self, series: Tensor, days: Tensor) -> Tensor:
        """Log scores, (B,), of ``series``, (B, H - 1, channels), of which the first ``days``, (B,), count."""
        packed = pack_padded_sequence(series, days.cpu(), batch_first=True, enforce_sorted=False)
        _, state = self.read(packed)
        last = state[0] if isinstance(state, tuple) else state  # (2, B, WIDTH)
        found: Tensor = self.center + self.scale * self.head(last.transpose(0, 1).flatten(1)).squeeze(-1)
        return found

    @torch.inference_mode()
    @one_thread()
    def predict(self, series: Tensor, days: Tensor) -> Tensor:
        """As `forward`, in evaluation mode and in parts."""
        self.eval()
        pairs = zip(series.split(_CHUNK), days.split(_CHUNK), strict=True)
        return torch.cat([self(values, lengths) for values, lengths in pairs])


def bigru(task: Task, report: Report) -> Outcome:
    """A bidirectional gated recurrent unit over the observed days."""
    return _row(task, report, "GRU")


def bilstm(task: Task, report: Report) -> Outcome:
    """Bidirectional long short-term memory over the observed days."""
    return _row(task, report, "LSTM")


def _row(task: Task, report: Report, cell: Cell) -> Outcome:
    """Trained as MTAF is: the same standardised log counts, Adam, schedule, early stopping and seeds."""
    clock, ready, k = Stopwatch(), encoded(task), task.observed_days
    rows = task.seen
    fit, stop = (torch.from_numpy(rows[part]) for part in (rows < ready.cut, rows >= ready.cut))
    if not len(fit) or not len(stop):
        fit = stop = torch.from_numpy(rows)
    data = ready.train.evidence.series, ready.train.days[:, k].clamp(min=1), ready.train.truth
    networks = []
    for number, seed in enumerate(task.seeds):

        def told(share: float, note: str, number: int = number) -> None:
            report((number + share) / len(task.seeds), f"seed {number + 1} of {len(task.seeds)}, {note}")

        networks.append(_fitted(cell, data, fit, stop, task.budget.training.schedule(len(fit)), seed, told))
    clock.fitted()
    asked = ready.test.evidence.series, ready.test.days[:, k].clamp(min=1)
    predicted = np.stack([network.predict(*asked).double().numpy() for network in networks])
    clock.predicted()
    settings: dict[str, Any] = {
        "seeds": task.seeds,
        "cell": f"bidirectional {cell}, {WIDTH} a direction",
        "epoch_chosen_on": f"latest {STOP_SHARE:.0%} of the training videos",
        "epochs_at_most": task.budget.training.schedule(len(task.train)).epochs,
        "trained_on": len(rows),
    }
    return Outcome(predicted, clock.fit_s, clock.predict_s, settings)


def _fitted(
    cell: Cell,
    data: tuple[Tensor, Tensor, Tensor],
    fit: Tensor,
    stop: Tensor,
    schedule: Schedule,
    seed: int,
    report: Report,
) -> Recurrent:
    """Fit on the rows ``fit`` of ``data`` (series, days, truth); keep the epoch that does best on the rows ``stop``."""
    series, days, truth = data
    with torch.random.fork_rng(), one_thread():
        torch.manual_seed(seed)
        network = Recurrent(cell, series.shape[2], truth[fit])
        optimiser = torch.optim.Adam(
            network.parameters(), lr=schedule.learning_rate, weight_decay=schedule.weight_decay
        )
        rate = torch.optim.lr_scheduler.CosineAnnealingLR(
            optimiser, schedule.epochs, eta_min=schedule.learning_rate / 20
        )
        best, best_loss, best_epoch = copy.deepcopy(network.state_dict()), float("inf"), 0
        for epoch in range(1, schedule.epochs + 1):
            network.train()
            for rows in fit[torch.randperm(len(fit))].split(schedule.batch_size):
                loss = (((network(series[rows], days[rows]) - truth[rows]) / network.scale) ** 2).mean()
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
                optimiser.step()
            rate.step()
            wrong = float(((network.predict(series[stop], days[stop]) - truth[stop]) ** 2).mean())
            if wrong < best_loss:
                best, best_loss, best_epoch = copy.deepcopy(network.state_dict()), wrong, epoch
            report(epoch / schedule.epochs, f"epoch {epoch} of {schedule.epochs}, validation MSE {wrong:.3f}")
            if epoch - best_epoch >= schedule.patience:
                break
    network.load_state_dict(best)
    return network.eval()
