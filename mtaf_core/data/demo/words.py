"""The words of the demo market: descriptions made of a hook, facts or filler, and perhaps an offer."""

from dataclasses import dataclass

import numpy as np

from mtaf_core.data.demo.products import Category, Product

ENGLISH, CHINESE = "en", "zh"

QUESTIONS: dict[str, tuple[str, ...]] = {
    ENGLISH: (
        "Is the {p} really worth the money?",
        "Why is everyone talking about this {p}?",
        "Which {p} would you choose, the cheap one or this one?",
        "Have you ever tried anything like this {p}?",
        "Can one {p} really make such a difference?",
        "Do you know what nobody tells you about the {p}?",
        "Still looking for a good {p}?",
        "What happens if you use the {p} for thirty days?",
        "Guess how much this {p} costs?",
        "Would you buy the {p} again?",
    ),
    CHINESE: (
        "这款{p}到底值不值得买？",
        "为什么大家都在说这个{p}？",
        "{p}你会选贵的还是这一款？",
        "你用过这样的{p}吗？",
        "一个{p}真的有这么大区别吗？",
        "关于{p}，没人告诉你的是什么？",
        "还没找到好用的{p}吗？",
        "连用三十天{p}会怎么样？",
        "猜猜这个{p}多少钱？",
        "这个{p}你会回购吗？",
    ),
}
STATEMENTS: dict[str, tuple[str, ...]] = {
    ENGLISH: (
        "Unboxing the {p} from {b}.",
        "I have used the {p} every day for two weeks.",
        "My honest notes on the {p} by {b}.",
        "The {p} arrived this morning.",
        "Three things about the {p}.",
        "Testing the {p} at home.",
        "The new {p} from {b} is here.",
        "A close look at the {p}.",
        "This is the {p} I carry with me.",
        "Here is how I use the {p}.",
    ),
    CHINESE: (
        "开箱{b}的{p}。",
        "这个{p}我已经用了两个星期。",
        "说说{b}这款{p}的真实感受。",
        "今天早上收到了{p}。",
        "关于{p}的三件事。",
        "在家试一试这款{p}。",
        "{b}的新款{p}到了。",
        "近距离看看这个{p}。",
        "这就是我每天带着的{p}。",
        "来看看我怎么用{p}。",
    ),
}
OFFERS: dict[str, tuple[str, ...]] = {
    ENGLISH: (
        "Today only: {off}% off, down to ¥{now}.",
        "Was ¥{was}, now ¥{now} with free shipping.",
        "Buy one get one free until midnight.",
        "Use code {code} for ¥{cut} off your order.",
        "Limited offer: two for ¥{two}, only 200 sets.",
        "Flash sale tonight at 8 pm, {off}% discount.",
        "Lowest price of the year, ¥{now}, coupon in the link.",
        "Save ¥{cut} now and get a free gift with every order.",
    ),
    CHINESE: (
        "今天限时{zhe}折，到手只要{now}元。",
        "原价{was}元，现在{now}元还包邮。",
        "今晚十二点前买一送一。",
        "输入优惠码{code}立减{cut}元。",
        "限量两百份，两件只要{two}元。",
        "今晚八点秒杀，直降{cut}元。",
        "全年最低价{now}元，链接里领优惠券。",
        "现在下单省{cut}元，每单都送赠品。",
    ),
}
FILLER: dict[str, tuple[str, ...]] = {
    ENGLISH: (
        "Have a nice day everyone, stay happy.",
        "Just sharing a little bit of my life, thanks for watching.",
        "Follow me for more, love you all.",
        "Hello friends, another day another video.",
        "Life is beautiful, enjoy every moment.",
        "Good vibes only, see you next time.",
        "Don't forget to like and follow, have a great week.",
        "Be yourself and smile, that is all I wanted to say.",
    ),
    CHINESE: (
        "祝大家每天开心，天天快乐。",
        "随便分享一下生活，谢谢大家观看。",
        "喜欢就关注我吧，爱你们。",
        "朋友们好，又是新的一天。",
        "生活很美好，享受每一刻。",
        "满满正能量，我们下次见。",
        "记得点赞关注，祝大家一周愉快。",
        "做自己，多微笑，今天就说到这里。",
    ),
}
CODES = ("SAVE20", "GLOW15", "NOV11", "HAPPY30", "VIP88", "FIRST10")
CAPTIONS_QUESTION = ("WORTH IT?", "WHY SO POPULAR?", "WOULD YOU BUY IT?", "GUESS THE PRICE?", "WHICH ONE?")
CAPTIONS_STATEMENT = ("MY HONEST REVIEW", "UNBOXING TODAY", "TESTED AT HOME", "DAY 14 UPDATE", "THREE FACTS")
CAPTIONS_FILLER = ("HAVE A NICE DAY", "GOOD VIBES", "HELLO FRIENDS", "LIFE IS GOOD")


@dataclass(frozen=True)
class Wording:
    """What is written about one video: its description, and the Latin captions burnt into the clip."""

    description: str
    captions: tuple[str, str]
    sticker: str


def describe(
    category: Category,
    product: Product,
    language: str,
    *,
    offer: bool,
    question: bool,
    filler: bool,
    rng: np.random.Generator,
) -> Wording:
    """Write the description of a video that has, or has not, an offer, a question and filler.

    Filler takes the place of product facts; every description opens with a question or a statement.

    Parameters
    ----------
    language : {"en", "zh"}
    """
    name = product.english if language == ENGLISH else product.chinese
    facts = category.facts_english if language == ENGLISH else category.facts_chinese
    hook = _pick(QUESTIONS[language] if question else STATEMENTS[language], rng).format(p=name, b=product.brand)
    body = _some(FILLER[language] if filler else facts, 2, rng)
    terms = _terms(product, rng)
    ending = [_pick(OFFERS[language], rng).format(**terms)] if offer else []
    joint = " " if language == ENGLISH else ""
    hooks = CAPTIONS_QUESTION if question else CAPTIONS_STATEMENT
    second = _pick(CAPTIONS_FILLER, rng) if filler else f"{product.brand} · {_short(product.english)}"
    sticker = f"-{terms['off']}%" if offer else f"{product.price:.0f} CNY"
    return Wording(joint.join([hook, *body, *ending]), (_pick(hooks, rng), second), sticker)


def _terms(product: Product, rng: np.random.Generator) -> dict[str, str]:
    off = int(rng.choice((10, 15, 20, 25, 30, 40, 50)))
    now = round(product.price * (100 - off) / 100)
    return {
        "off": str(off),
        "zhe": f"{(100 - off) / 10:g}",
        "was": f"{product.price:.0f}",
        "now": str(now),
        "cut": str(max(1, round(product.price - now))),
        "two": str(round(1.6 * now)),
        "code": _pick(CODES, rng),
    }


def _short(name: str) -> str:
    last = name.upper().split()[-2:]
    return " ".join(last) if len(" ".join(last)) <= 16 else last[-1]


def _pick(choices: tuple[str, ...], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]


def _some(choices: tuple[str, ...], how_many: int, rng: np.random.Generator) -> list[str]:
    order = rng.permutation(len(choices))[:how_many]
    return [choices[int(i)] for i in order]
