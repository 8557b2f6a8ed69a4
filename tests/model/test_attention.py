import pytest
import torch

from mtaf_core.model.attention import ModalityAttention


@pytest.fixture
def layer() -> ModalityAttention:
    torch.manual_seed(0)
    return ModalityAttention(width=8)


def test_attention_sums_to_one_over_the_modalities_present(layer):
    present = torch.tensor([[True, True, False], [True, False, False]])
    attention = layer(torch.randn(2, 3, 8), present).attention
    torch.testing.assert_close(attention.sum(dim=1), torch.ones(2))
    assert (attention[~present] == 0).all()


def test_what_an_absent_modality_holds_changes_nothing(layer):
    present = torch.tensor([[True, True, False]])
    hidden = torch.randn(1, 3, 8)
    garbage = hidden.clone()
    garbage[0, 2] = torch.nan
    for one, other in zip(layer(hidden, present), layer(garbage, present), strict=True):
        torch.testing.assert_close(one, other)
    layer(garbage, present).features.sum().backward()
    assert all(torch.isfinite(p.grad).all() for p in layer.parameters())


def test_a_video_without_any_modality_is_refused_in_words(layer):
    with pytest.raises(ValueError, match="at least one modality"):
        layer(torch.randn(1, 3, 8), torch.zeros(1, 3, dtype=torch.bool))


@pytest.mark.parametrize(("fusion", "length"), [("concat", 24), ("sum", 8)])
def test_fusion_decides_the_length(fusion, length):
    fused = ModalityAttention(width=8, fusion=fusion)(torch.randn(4, 3, 8), torch.ones(4, 3, dtype=torch.bool))
    assert fused.features.shape == (4, length)


def test_uniform_attention_weighs_everything_present_alike():
    present = torch.tensor([[True, True, True, False], [False, True, False, False]])
    attention = ModalityAttention(width=8, uniform=True)(torch.randn(2, 4, 8), present).attention
    torch.testing.assert_close(attention, torch.tensor([[1 / 3, 1 / 3, 1 / 3, 0], [0, 1.0, 0, 0]]))
