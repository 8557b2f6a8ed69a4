"""Given texts, when they are embedded, then meaning decides what is near, and weights must fit."""

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from mtaf_core.content import backbones, specs
from mtaf_core.content.text import BertText, UseText
from mtaf_core.errors import WeightsMissing
from mtaf_core.schema import Modality

SMALL_BERT = dataclasses.replace(specs.BERT_CHINESE, dimension=32)
TEXTS = ["red dress", "tea #tea", "裙子 茶 red", "dress " * 600]


@pytest.fixture(scope="module")
def use() -> UseText:
    backbone = backbones.load("compact", Modality.TEXT)
    assert isinstance(backbone, UseText)
    return backbone


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        ("这件连衣裙很显瘦", "This dress makes you look slim", "The engine needs new brake pads"),
        ("今天给大家推荐一款保湿面霜", "Today I recommend a moisturising face cream", "篮球比赛昨晚结束了"),
    ],
)
def test_chinese_and_english_of_one_meaning_are_near(use: UseText, one: str, same: str, other: str) -> None:
    a, b, c = use.embed([one, same, other])
    assert cosine(a, b) > 0.5
    assert cosine(a, b) > cosine(a, c) + 0.3


def test_a_text_embeds_the_same_alone_and_in_company(use: UseText) -> None:
    texts = ["新款连衣裙 #穿搭", "tea", "a much longer text about a tea pot, its lid and its price"]
    together = use.embed(texts)
    assert together.shape == (3, 512)
    assert together.dtype == np.float32
    for text, row in zip(texts, together, strict=True):
        np.testing.assert_allclose(use.embed([text])[0], row, atol=1e-5)
    assert use.embed([]).shape == (0, 512)


@pytest.mark.parametrize("pooling", ["cls", "mean"])
def test_bert_gives_what_transformers_gives(bert_folder: Path, pooling: str) -> None:
    import torch
    from transformers import AutoTokenizer, BertModel

    ours = BertText(SMALL_BERT, bert_folder, pooling=pooling).embed(TEXTS)  # type: ignore[arg-type]
    tokenizer, reference = AutoTokenizer.from_pretrained(bert_folder), BertModel.from_pretrained(bert_folder).eval()
    for text, row in zip(TEXTS, ours, strict=True):
        tokens = tokenizer(text, return_tensors="pt", truncation=True, max_length=512)
        with torch.no_grad():
            hidden = reference(**tokens).last_hidden_state[0]
        expected = hidden[0] if pooling == "cls" else hidden.mean(0)
        np.testing.assert_allclose(row, expected.numpy(), atol=1e-5)


def test_bert_also_reads_torch_files(bert_folder: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    shutil.copytree(bert_folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "model.safetensors").unlink()
    torch.save(load_file(bert_folder / "model.safetensors"), tmp_path / "pytorch_model.bin")
    expected = BertText(SMALL_BERT, bert_folder).embed(TEXTS)
    np.testing.assert_allclose(BertText(SMALL_BERT, tmp_path).embed(TEXTS), expected, atol=1e-6)


def test_a_bert_of_another_width_is_refused(bert_folder: Path) -> None:
    with pytest.raises(WeightsMissing, match="32 numbers a text where 768"):
        BertText(specs.BERT_CHINESE, bert_folder)


def test_a_bert_with_weights_left_out_or_misshapen_is_refused_by_name(bert_folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    shutil.copytree(bert_folder, tmp_path, dirs_exist_ok=True)
    state = load_file(bert_folder / "model.safetensors")
    lost = "bert.encoder.layer.1.output.dense.weight"
    save_file({k: v for k, v in state.items() if k != lost}, tmp_path / "model.safetensors", {"format": "pt"})
    with pytest.raises(WeightsMissing, match=r"lack encoder\.layer\.1\.output\.dense\.weight"):
        BertText(SMALL_BERT, tmp_path)

    save_file({**state, lost: state[lost][:, :8].contiguous()}, tmp_path / "model.safetensors", {"format": "pt"})
    with pytest.raises(WeightsMissing, match=r"wrong shape for .*layer\.1\.output\.dense"):
        BertText(SMALL_BERT, tmp_path)

    save_file({**state, "bert.extra.weight": state[lost].clone()}, tmp_path / "model.safetensors", {"format": "pt"})
    with pytest.raises(WeightsMissing, match=r"hold unknown .*extra\.weight"):
        BertText(SMALL_BERT, tmp_path)


def test_a_damaged_bert_folder_is_refused_in_one_sentence(bert_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(bert_folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(WeightsMissing, match="No BERT can be read") as caught:
        BertText(SMALL_BERT, tmp_path)
    assert "\n" not in str(caught.value)

    (tmp_path / "config.json").write_text(json.dumps({"model_type": "none such"}))
    with pytest.raises(WeightsMissing, match="No BERT can be read"):
        BertText(SMALL_BERT, tmp_path)


def test_the_paper_profile_finds_its_bert_in_the_weights_folder(bert_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(bert_folder, tmp_path / "bert-base-chinese")
    with pytest.raises(WeightsMissing, match="where 768 are needed"):
        backbones.load("paper", Modality.TEXT, weights_dir=tmp_path)
    with pytest.raises(WeightsMissing, match="--profile paper-multilingual --download"):
        backbones.load("paper-multilingual", Modality.TEXT, weights_dir=tmp_path)
