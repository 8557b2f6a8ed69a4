"""Twelve candidate videos to try the product on: new clips, not in the tables, from strong to weak."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from mtaf_core.data.demo.clips import render
from mtaf_core.data.demo.design import HUM, MUSIC, SILENT, VOICE, ClipDesign
from mtaf_core.data.demo.products import CATEGORIES
from mtaf_core.data.demo.simulate import START, TIMEZONE, UPLOAD_DAYS
from mtaf_core.jobs import Progress, Step, silent


@dataclass(frozen=True)
class SamplePlan:
    """One sample: what it shows and says, and who would publish it when.

    Parameters
    ----------
    name : str
        File name, without suffix; also the order in which samples are offered.
    title : str
        What the interface calls it.
    shelf, product : int
        Index of the category and of the product in it.
    rank : float
        The uploader's place among all by followers, 0 (smallest) to 1 (largest).
    hour : int
        Local hour of upload.
    day : int
        Days after the last upload of the market.
    """

    name: str
    title: str
    shelf: int
    product: int
    description: str
    tags: tuple[str, ...]
    captions: tuple[str, str]
    rank: float
    day: int
    hour: int
    link: bool
    saturation: float
    closeup: float
    background: str
    presenter: bool = False
    dark: float = 0.0
    clutter: float = 0.0
    sticker: str = ""
    reveal: int | None = None
    sound: str = VOICE
    energy: float = 0.0
    jingle: int | None = None

    def design(self, seed: int) -> ClipDesign:
        category = CATEGORIES[self.shelf]
        return ClipDesign(
            seed=seed,
            shape=category.shape,
            hue=category.hue,
            saturation=self.saturation,
            closeup=self.closeup,
            presenter=self.presenter,
            dark=self.dark,
            clutter=self.clutter,
            background=self.background,
            brand=category.products[self.product].brand,
            captions=self.captions,
            sticker=self.sticker,
            reveal_second=self.reveal,
            sound=self.sound,
            energy=self.energy,
            jingle_second=self.jingle,
        )


# fmt: off
PLANS: tuple[SamplePlan, ...] = (
    SamplePlan(
        "01-serum-strong", "Serum: lively presenter, clear offer", 0, 0,
        "Is the vitamin C serum really worth the money? My dark spots faded after four weeks of use. "
        "Today only: 30% off, down to ¥111.",
        ("skincare", "serum", "fyp", "goodfinds"), ("WORTH IT?", "LUMIA · C SERUM"), 0.92, 2, 20, False,
        0.95, 0.75, "studio", presenter=True, sticker="-30%", reveal=6, energy=0.95, jingle=6,
    ),
    SamplePlan(
        "02-lipstick-zh", "口红：提问开场，限时优惠", 1, 0,
        "这个丝绒口红你会回购吗？吃完午饭喝完咖啡也不掉色。今天限时7折，到手只要69元。",
        ("口红", "试色", "好物推荐"), ("WOULD YOU BUY IT?", "ROUGE9 · LIPSTICK"), 0.80, 3, 21, True,
        0.95, 0.90, "bokeh", presenter=True, sticker="-30%", energy=0.80, reveal=4,
    ),
    SamplePlan(
        "03-sneaker-reveal", "Running shoes: music and a reveal at 0:07", 2, 0,
        "Testing the pair of cushioned running shoes at home. The sole springs back and weighs only 210 grams. "
        "I ran ten kilometres in the rain and did not slip once.",
        ("sneakers", "running", "ootd"), ("TESTED AT HOME", "STRIDA · RUNNING SHOES"), 0.60, 2, 18, True,
        0.80, 0.55, "stripes", reveal=7, sound=MUSIC,
    ),
    SamplePlan(
        "04-mug-plain", "Coffee mug: calm voice, tidy room", 3, 0,
        "I have used the stoneware coffee mug every day for two weeks. It holds 350 ml, exactly one big latte. "
        "The handle fits three fingers and never gets hot.",
        ("kitchen", "coffee", "homecafe"), ("DAY 14 UPDATE", "KILN · COFFEE MUG"), 0.45, 4, 9, True,
        0.45, 0.50, "room", energy=0.30,
    ),
    SamplePlan(
        "05-snacks-cluttered", "Spicy snack: cluttered table", 4, 1,
        "Three things about the pack of spicy konjac noodles. Really spicy, keep a glass of milk close. "
        "Buy one get one free until midnight.",
        ("snacks", "foodie", "tastetest"), ("THREE FACTS", "LALA · KONJAC NOODLES"), 0.50, 5, 12, True,
        0.60, 0.35, "room", clutter=0.95, sticker="1+1", energy=0.55,
    ),
    SamplePlan(
        "06-headphones-dark", "Headphones: dark picture, hum", 5, 0,
        "The pair of noise-cancelling headphones arrived this morning. Have a nice day everyone, stay happy. "
        "Good vibes only, see you next time.",
        ("tech", "headphones"), ("UNBOXING TODAY", "HAVE A NICE DAY"), 0.35, 3, 3, True,
        0.35, 0.30, "studio", dark=0.85, sound=HUM,
    ),
    SamplePlan(
        "07-handbag-filler-zh", "包包：内容空泛，没有口播", 6, 1,
        "今天早上收到了月牙腋下包。祝大家每天开心，天天快乐。喜欢就关注我吧，爱你们。",
        ("包包", "时尚", "热门"), ("HELLO FRIENDS", "GOOD VIBES"), 0.55, 6, 15, False,
        0.30, 0.25, "bokeh", sound=HUM,
    ),
    SamplePlan(
        "08-candle-jingle", "Candle: music with a jingle at 0:04", 7, 0,
        "A close look at the scented soy candle. Fig and cedar, the whole bedroom smells of it in ten minutes. "
        "It burns for forty-five hours without black smoke.",
        ("home", "candle", "cozyroom", "selfcare"), ("THREE FACTS", "HYGGE · SOY CANDLE"), 0.65, 7, 22, True,
        0.70, 0.60, "studio", sound=MUSIC, jingle=4,
    ),
    SamplePlan(
        "09-sunscreen-silent", "Sunscreen: no sound track", 0, 1,
        "Unboxing the gel sunscreen SPF50 from SORA. The texture is light and sinks in within a minute. "
        "No perfume, no alcohol, safe for sensitive skin.",
        ("sunscreen", "skincare"), ("UNBOXING TODAY", "SORA · SUNSCREEN SPF50"), 0.40, 2, 13, True,
        0.75, 0.60, "stripes", sound=SILENT,
    ),
    SamplePlan(
        "10-tote-presenter", "Tote bag: presenter, code for a discount", 6, 0,
        "Which leather tote bag would you choose, the cheap one or this one? A 14 inch laptop, an umbrella and lunch "
        "all go in. Use code SAVE20 for ¥92 off your order.",
        ("bags", "commute", "fashion", "trending"), ("WHICH ONE?", "MARCHE · TOTE BAG"), 0.75, 4, 19, True,
        0.85, 0.65, "room", presenter=True, sticker="-20%", energy=0.70, jingle=8,
    ),
    SamplePlan(
        "11-snacks-zh-office", "零食：口播测评", 4, 0,
        "说说UMI这款海苔脆片的真实感受。外面很脆，一包只有86大卡。办公室一个下午就吃完一整箱。",
        ("零食", "办公室零食", "测评"), ("MY HONEST REVIEW", "UMI · SEAWEED CRISPS"), 0.30, 5, 17, True,
        0.65, 0.70, "stripes", presenter=True, energy=0.50,
    ),
    SamplePlan(
        "12-candle-dark-clutter", "Candle: dark, cluttered, filler text", 7, 1,
        "This is the three-wick candle I carry with me. Life is beautiful, enjoy every moment. "
        "Follow me for more, love you all.",
        ("home", "weekend"), ("GOOD VIBES", "LIFE IS GOOD"), 0.15, 1, 5, True,
        0.25, 0.15, "room", dark=0.75, clutter=0.85, sound=HUM,
    ),
)
# fmt: on


def make_samples(folder: Path, uploaders: pa.Table, seed: int, progress: Progress = silent) -> None:
    """Render every sample into ``folder`` with a JSON sidecar of the facts around it.

    The sidecar holds ``title``, ``description``, ``tags``, ``uploader_id``, ``upload_time`` (ISO 8601),
    ``has_product_link``, and under ``truth`` the planted content factors and events.

    Parameters
    ----------
    folder : Path
        Made if need be.
    uploaders : pyarrow.Table
        The market's; samples are given to them by rank of followers.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ranked = np.asarray(uploaders["uploader_id"])[np.argsort(np.asarray(uploaders["follower_count"]))]
    for number, plan in enumerate(PLANS):
        design = plan.design(1_000_000 * seed + 900_000 + number)
        render(design, folder / f"{plan.name}.mp4")
        facts = {
            "title": plan.title,
            "description": plan.description,
            "tags": list(plan.tags),
            "uploader_id": str(ranked[round(plan.rank * (len(ranked) - 1))]),
            "upload_time": _when(plan).isoformat(),
            "has_product_link": plan.link,
            "truth": {
                **design.factors,
                "reveal_second": design.reveal_second,
                "jingle_second": design.jingle_second,
            },
        }
        text = json.dumps(facts, ensure_ascii=False, indent=1)
        (folder / f"{plan.name}.json").write_text(text + "\n", encoding="utf-8")
        progress(Step("samples", number + 1, len(PLANS), plan.title))


def _when(plan: SamplePlan) -> datetime:
    first = datetime(START.year, START.month, START.day, tzinfo=ZoneInfo(TIMEZONE))
    return first + timedelta(days=UPLOAD_DAYS - 1 + plan.day, hours=plan.hour)
