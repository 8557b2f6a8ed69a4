"""The process that reads clips for a server: `python -m mtaf_core.content.worker`, asked by `reader.Reader`.

Questions come as lines of JSON on the standard input and answers go as lines of JSON to the standard output, so that
nothing that comes through a pipe can run anything. It ends when its input ends, whatever it is doing at that moment:
whoever asked is gone then. After `IDLE_S` without a question it ends too, and gives its memory back.
"""

import base64
import ctypes
import dataclasses
import json
import os
import queue
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from mtaf_core.content.extract import Content, Extractor
from mtaf_core.content.media import Clip
from mtaf_core.content.take import Take
from mtaf_core.errors import MtafError
from mtaf_core.jobs import Step
from mtaf_core.schema import Modality

IDLE_S = 15 * 60.0

_UNSENT = ("path", "frames", "sound")
"""What of a clip stays in the process: a forecast needs its facts and vectors only."""


def main() -> None:
    """Answer questions until the input ends or nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the server; its end is noticed here
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not stand between answers
    questions: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_listen, args=[questions], daemon=True).start()
    extractors: dict[str, Extractor] = {}
    while True:
        try:
            asked = questions.get(timeout=IDLE_S)
        except queue.Empty:
            os._exit(0)
        _answer(asked, extractors, answers)
        _give_back()


def _listen(questions: "queue.Queue[dict[str, Any]]") -> None:
    for line in sys.stdin:
        questions.put(json.loads(line))
    os._exit(0)


def _answer(asked: dict[str, Any], extractors: dict[str, Extractor], answers: TextIO) -> None:
    def tell(**said: Any) -> None:
        print(json.dumps(said), file=answers, flush=True)

    try:
        extractor = _extractor(asked["settings"], extractors)
        if asked.get("warm"):
            extractor.warm_up(of=(Modality.AUDIO, Modality.VISUAL))
            tell(ready=True)
        else:
            content = extractor.embed_clip(
                asked["path"],
                progress=lambda step: tell(step=[step.stage, step.done, step.total]),
                take=Take(**asked["take"]),
            )
            tell(content=told(content))
    except MtafError as error:
        tell(error=[type(error).__name__, str(error)])
    except Exception:
        tell(fault=traceback.format_exc())


def _extractor(settings: dict[str, Any], extractors: dict[str, Extractor]) -> Extractor:
    """The extractor of the settings; only the latest is kept."""
    key = json.dumps(settings, sort_keys=True)
    if key not in extractors:
        extractors.clear()
        extractors[key] = Extractor(**settings)
    return extractors[key]


def _give_back() -> None:
    """Hand freed memory back to the system: frames and activations of one clip take 100 MB."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def told(content: Content) -> dict[str, Any]:
    """What was read, as plain JSON values."""
    facts: dict[str, Any] | None = None
    if content.clip is not None:
        names = [field.name for field in dataclasses.fields(Clip) if field.name not in _UNSENT]
        facts = {name: getattr(content.clip, name) for name in names}
    return {
        "clip": facts,
        "vectors": {
            modality.value: None if vector is None else base64.b64encode(vector.astype("<f4").tobytes()).decode()
            for modality, vector in content.vectors.items()
        },
        "warnings": content.warnings,
        "timings_s": content.timings_s,
    }


def read_back(said: dict[str, Any], path: Path) -> Content:
    """What `told` says, of the clip at ``path``: without frames and sound."""
    clip = None
    if said["clip"] is not None:
        facts: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in said["clip"].items()
        }
        clip = Clip(path=path, frames=None, sound=None, **facts)
    vectors = {
        Modality(name): None if text is None else np.frombuffer(base64.b64decode(text), "<f4").astype(np.float32)
        for name, text in said["vectors"].items()
    }
    return Content(clip, vectors, tuple(said["warnings"]), said["timings_s"])


def step_of(said: list[Any]) -> Step:
    """A report of the process as the `Step` it was."""
    stage, done, total = said
    return Step(str(stage), int(done), int(total))


if __name__ == "__main__":
    main()
