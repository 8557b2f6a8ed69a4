"""What the demo market sells: categories, products, their facts, and the words around them, in two languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """One product: its name in both languages, the brand on its label, and its price in CNY."""

    english: str
    chinese: str
    brand: str
    price: float

    @property
    def title(self) -> str:
        """The English name without its measure: "running shoes" for "pair of running shoes"."""
        return self.english.split(" of ")[-1]


@dataclass(frozen=True)
class Category:
    """A shelf of products.

    Parameters
    ----------
    name : str
        Canonical `product_category`.
    shape : str
        What `shapes.draw` draws for it.
    hue : float
        The hue its brands favour, 0 to 1.
    facts_english, facts_chinese : tuple of str
        Sentences of product facts.
    tags_english, tags_chinese : tuple of str
        Words that its hashtags are made of.
    """

    name: str
    shape: str
    hue: float
    products: tuple[Product, ...]
    facts_english: tuple[str, ...]
    facts_chinese: tuple[str, ...]
    tags_english: tuple[str, ...]
    tags_chinese: tuple[str, ...]


CATEGORIES: tuple[Category, ...] = (
    Category(
        "skincare",
        "bottle",
        0.47,
        (
            Product("vitamin C serum", "维C精华液", "LUMIA", 159),
            Product("gel sunscreen SPF50", "清爽防晒霜", "SORA", 89),
            Product("amino acid cleanser", "氨基酸洗面奶", "MILDE", 69),
            Product("ceramide body lotion", "神经酰胺身体乳", "NUVE", 79),
        ),
        (
            "The texture is light and sinks in within a minute.",
            "No perfume, no alcohol, safe for sensitive skin.",
            "My dark spots faded after four weeks of use.",
            "One pump covers the whole face and neck.",
        ),
        (
            "质地很轻薄，一分钟就吸收了。",
            "不含酒精和香精，敏感肌也能用。",
            "坚持用了四周，痘印淡了很多。",
            "按一泵就够全脸和脖子。",
        ),
        ("skincare", "glowskin", "sunscreen", "serum", "cleanbeauty"),
        ("护肤", "防晒", "精华", "敏感肌", "美白"),
    ),
    Category(
        "makeup",
        "lipstick",
        0.97,
        (
            Product("velvet lipstick", "丝绒口红", "ROUGE9", 99),
            Product("longwear lip crayon", "持久口红笔", "PETAL", 59),
            Product("satin lipstick", "缎光口红", "AIRE", 139),
        ),
        (
            "The colour stays through lunch and a cup of coffee.",
            "Brick red with a hint of brown, it suits warm skin.",
            "It does not dry the lips, I checked after eight hours.",
            "Swatched all six shades in daylight for you.",
        ),
        (
            "吃完午饭喝完咖啡也不掉色。",
            "带一点棕调的砖红色，黄皮很显白。",
            "八个小时后看，嘴唇也不干。",
            "六个色号都在自然光下试给你们看。",
        ),
        ("makeup", "lipstick", "swatch", "beautytips", "ootdmakeup"),
        ("美妆", "口红", "试色", "化妆教程", "黄皮显白"),
    ),
    Category(
        "shoes",
        "sneaker",
        0.60,
        (
            Product("pair of cushioned running shoes", "缓震跑鞋", "STRIDA", 329),
            Product("pair of white canvas sneakers", "小白鞋", "PLAIN", 159),
            Product("pair of trail sneakers", "越野徒步鞋", "RIDGE", 399),
        ),
        (
            "The sole springs back and weighs only 210 grams.",
            "I ran ten kilometres in the rain and did not slip once.",
            "True to size, wide feet can take half a size up.",
            "The mesh upper breathes, even at thirty degrees.",
        ),
        (
            "鞋底回弹很好，一只只有210克。",
            "下雨天跑了十公里，一次都没打滑。",
            "尺码标准，脚宽的拍大半码。",
            "网面很透气，三十度也不闷脚。",
        ),
        ("sneakers", "running", "ootd", "streetstyle", "runner"),
        ("跑鞋", "穿搭", "小白鞋", "跑步", "徒步"),
    ),
    Category(
        "kitchen",
        "mug",
        0.08,
        (
            Product("stoneware coffee mug", "手作咖啡杯", "KILN", 49),
            Product("insulated travel mug", "保温随行杯", "WARMO", 89),
            Product("glass tea cup", "玻璃泡茶杯", "CLARO", 39),
        ),
        (
            "It keeps coffee hot for three hours, I measured it.",
            "Fired at 1,280 degrees, safe in the dishwasher.",
            "The handle fits three fingers and never gets hot.",
            "It holds 350 ml, exactly one big latte.",
        ),
        (
            "实测三个小时咖啡还是热的。",
            "1280度烧制，可以进洗碗机。",
            "杯把能放三根手指，一点不烫手。",
            "350毫升，刚好一大杯拿铁。",
        ),
        ("kitchen", "coffee", "homecafe", "tableware", "teatime"),
        ("厨房好物", "咖啡", "居家", "杯子", "喝茶"),
    ),
    Category(
        "snacks",
        "pouch",
        0.12,
        (
            Product("bag of baked seaweed crisps", "海苔脆片", "UMI", 29),
            Product("pack of spicy konjac noodles", "香辣魔芋爽", "LALA", 19),
            Product("bag of freeze-dried strawberries", "冻干草莓", "BERRI", 35),
            Product("roasted nut mix", "每日坚果", "NUTTO", 69),
        ),
        (
            "Crisp outside, only 86 calories a bag.",
            "Four ingredients on the label, nothing else.",
            "Really spicy, keep a glass of milk close.",
            "The whole office emptied the box in one afternoon.",
        ),
        (
            "外面很脆，一包只有86大卡。",
            "配料表只有四样东西。",
            "真的很辣，旁边备一杯牛奶。",
            "办公室一个下午就吃完一整箱。",
        ),
        ("snacks", "foodie", "officesnack", "tastetest", "lowcalorie"),
        ("零食", "吃货", "办公室零食", "测评", "低卡"),
    ),
    Category(
        "tech",
        "headphones",
        0.75,
        (
            Product("pair of noise-cancelling headphones", "降噪耳机", "HUSH", 499),
            Product("pair of open-ear headphones", "骨传导耳机", "FREEO", 369),
            Product("gaming headset", "电竞头戴耳机", "BLITZ", 259),
        ),
        (
            "The subway just disappears when you switch it on.",
            "Forty hours on one charge, ten minutes gives five.",
            "It weighs 190 grams, glasses and all I forget it is there.",
            "Two devices at once, the call jumps over by itself.",
        ),
        (
            "一打开降噪，地铁的声音就没了。",
            "一次充电用四十小时，充十分钟用五小时。",
            "只有190克，戴眼镜也不夹头。",
            "同时连两台设备，来电自动切换。",
        ),
        ("tech", "headphones", "gadget", "unboxing", "desksetup"),
        ("数码", "耳机", "开箱", "好物", "桌面"),
    ),
    Category(
        "bags",
        "handbag",
        0.03,
        (
            Product("leather tote bag", "真皮托特包", "MARCHE", 459),
            Product("crescent shoulder bag", "月牙腋下包", "LUNE", 199),
            Product("commuter satchel", "通勤手提包", "PORTO", 239),
        ),
        (
            "A 14 inch laptop, an umbrella and lunch all go in.",
            "Full-grain leather, the stitching is straight on every seam.",
            "Three ways to wear it, watch me switch in ten seconds.",
            "The strap is wide and does not cut the shoulder.",
        ),
        (
            "14寸电脑、雨伞和便当都装得下。",
            "头层牛皮，每一条走线都很直。",
            "三种背法，十秒钟换给你看。",
            "肩带很宽，不勒肩膀。",
        ),
        ("bags", "fashion", "whatsinmybag", "leather", "commute"),
        ("包包", "通勤", "时尚", "真皮", "手提包"),
    ),
    Category(
        "home",
        "candle",
        0.30,
        (
            Product("scented soy candle", "香薰蜡烛", "HYGGE", 79),
            Product("three-wick candle", "三芯大蜡烛", "NOX", 129),
            Product("tea light candle", "茶蜡", "FIGUE", 109),
        ),
        (
            "Fig and cedar, the whole bedroom smells of it in ten minutes.",
            "It burns for forty-five hours without black smoke.",
            "Warm light at 2,700 kelvin, easy on the eyes at night.",
            "Soy wax and a cotton wick, poured by hand.",
        ),
        (
            "无花果加雪松，十分钟满屋都是香味。",
            "能烧四十五个小时，不冒黑烟。",
            "2700K的暖光，晚上不刺眼。",
            "大豆蜡配棉芯，手工浇注。",
        ),
        ("home", "homedecor", "candle", "cozyroom", "bedroom"),
        ("家居", "香薰", "卧室", "租房改造", "氛围感"),
    ),
)

TAG_STEMS_ENGLISH = ("haul", "review", "musthave", "deal", "guide", "favourites", "vlog", "under100", "diary", "tips")
TAG_STEMS_CHINESE = ("推荐", "测评", "分享", "攻略", "必买", "日常", "清单")
GENERAL_TAGS = tuple(
    (
        "shopping goodfinds fyp dailyvlog budgetbuys giftideas newarrival double11 livestream recommend "
        "lifehack honestreview weekend studentlife selfcare trending "
        "好物推荐 好物分享 种草 双十一 平价好物 生活记录 省钱攻略 礼物推荐 "
        "抖音好物节 新品 学生党 打工人 周末 直播间 热门 回购清单 "
    ).split()
)
