"""Random weights in the published layouts, so that the paper profile's speed can be measured without the downloads."""

from pathlib import Path

import numpy as np
import torch

from mtaf_core.content.backbones import PROFILES
from mtaf_core.model.train import TrainConfig, train
from mtaf_core.workspace import Workspace


def paper_weights(folder: Path) -> Path:
    """Write BERT base, VGGish and ResNet-152 with seeded random weights, as ``backbones --from`` reads them.

    Parameters
    ----------
    folder : Path
        About 1 GB is written here.

    Returns
    -------
    Path
        ``folder``, fit to be a weights directory.
    """
    torch.manual_seed(0)
    _bert(folder / "bert-base-chinese")
    _vggish(folder / "vggish")
    _resnet(folder / "resnet152-imagenet1k-v2")
    return folder


def paper_bundle(workspace: Workspace) -> None:
    """Train one epoch on random vectors of the paper's dimensions and put that bundle in use."""
    frame = workspace.frame()
    random = np.random.default_rng(0)
    specs = PROFILES["paper"]
    vectors = {m: random.standard_normal((len(frame), spec.dimension)).astype(np.float32) for m, spec in specs.items()}
    names = {m: spec.name for m, spec in specs.items()}
    train(frame, vectors, names, "paper", workspace.bundle_dir / "paper", config=TrainConfig(epochs=1))
    workspace.use_bundle("paper")


def _bert(folder: Path) -> None:
    from transformers import BertConfig, BertModel

    folder.mkdir(parents=True)
    BertModel(BertConfig(vocab_size=21_128)).save_pretrained(folder)
    marks = ["[PAD]", *(f"[unused{i}]" for i in range(1, 100)), "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    characters = [chr(c) for c in range(0x21, 0x7F)] + [chr(c) for c in range(0x4E00, 0x9FA5)]
    words = (marks + characters)[:21_128]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")


def _vggish(folder: Path) -> None:
    from mtaf_core.content.vggish import VGGish

    folder.mkdir(parents=True)
    torch.save(VGGish().state_dict(), folder / "vggish-10086976.pth")


def _resnet(folder: Path) -> None:
    from torchvision.models import resnet152

    folder.mkdir(parents=True)
    torch.save(resnet152(weights=None).state_dict(), folder / "resnet152-f82ba261.pth")
