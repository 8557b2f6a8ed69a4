"""Where networks run, and what happens when a device runs out of memory."""

import threading
from typing import TYPE_CHECKING, Any

from mtaf_core.errors import BadInput
from mtaf_core.threads import torch_threads

if TYPE_CHECKING:
    from torch import Tensor, nn

DEVICES = ("auto", "cpu", "cuda", "mps")


def check_device(device: str) -> str:
    """Return ``device`` if it is a name we know, without loading torch to see whether it is there.

    Raises
    ------
    BadInput
        If it is unknown.
    """
    if device not in DEVICES:
        raise BadInput(f"There is no device '{device}'; choose one of {', '.join(DEVICES)}.")
    return device


def resolve_device(device: str) -> str:
    """Turn a device wish into a device: for "auto" CUDA if there is one, else Apple's MPS, else the CPU.

    Parameters
    ----------
    device : {"auto", "cpu", "cuda", "mps"}

    Returns
    -------
    str
        "cuda", "mps" or "cpu".

    Raises
    ------
    BadInput
        If the device is unknown, or is asked for by name and is not on this machine.
    """
    if check_device(device) == "cpu":
        return device
    import torch

    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if device == "auto":
        return next((name for name in ("cuda", "mps") if present[name]), "cpu")
    if not present[device]:
        raise BadInput(f"This machine has no '{device}' device that torch can use; choose 'auto' or 'cpu'.")
    return device


class Placed:
    """A network in evaluation mode on a device, which moves to the CPU when the device runs out of memory.

    Parameters
    ----------
    module : nn.Module
    device : {"cpu", "cuda", "mps"}
    name : str
        What the network is called in the warning.
    autocast : bool, default False
        Whether to run in half precision on CUDA. Never on a CPU: without native support it is several times slower.
    threads : int, optional
        CPU threads; torch's own number by default. Small networks want one: on a machine with other work, threads
        that wait for each other after every small layer cost five times what they save.
    """

    def __init__(
        self, module: "nn.Module", device: str, name: str, autocast: bool = False, threads: int | None = None
    ) -> None:
        import torch

        self.device = device
        self._threads = threads
        self._autocast = autocast
        self._name = name
        self._module = module.eval()
        self._warnings: list[str] = []
        # Moving a network while another thread runs it would mix devices within one forward pass.
        self._lock = threading.Lock()
        try:
            self._module.to(device)
            return
        except torch.OutOfMemoryError:
            if device == "cpu":
                raise
        self._retreat()

    def __call__(self, *args: Any, **kwargs: Any) -> "Tensor":
        """Run the network without gradients; tensors may be on any device, the answer is on the CPU in float32."""
        import torch

        with self._lock, torch.inference_mode():
            try:
                return self._run(args, kwargs)
            except torch.OutOfMemoryError:
                if self.device == "cpu":
                    raise
            self._retreat()
            return self._run(args, kwargs)

    def take_warnings(self) -> tuple[str, ...]:
        """Warnings since the last call, each once."""
        with self._lock:
            warnings, self._warnings = tuple(dict.fromkeys(self._warnings)), []
        return warnings

    def _retreat(self) -> None:
        """Move to the CPU for good. Outside of the handler: its traceback would keep what filled the device alive."""
        import torch

        self._warnings.append(f"The {self.device} device ran out of memory; {self._name} was run on the CPU.")
        self._module.to("cpu")
        if self.device == "cuda":
            torch.cuda.empty_cache()
        self.device = "cpu"

    def _run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> "Tensor":
        import torch

        with (
            torch_threads(self._threads),
            torch.autocast(self.device, dtype=torch.float16, enabled=self._autocast and self.device == "cuda"),
        ):
            answer: Tensor = self._module(
                *(self._put(value) for value in args), **{key: self._put(value) for key, value in kwargs.items()}
            )
        return answer.float().cpu()

    def _put(self, value: Any) -> Any:
        import torch

        return value.to(self.device) if isinstance(value, torch.Tensor) else value
