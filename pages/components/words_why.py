"""The words of the reasons of a forecast, English and Chinese, by key."""

WHY_WORDS: dict[str, tuple[str, str]] = {
    "see": ("Section", "栏目"),
    "see_overview": ("Forecast", "预测"),
    "see_why": ("Why this score", "为什么是这个分数"),
    "why_modalities": ("By source of evidence", "按信息来源"),
    "why_modalities_help": (
        "**Attention** is where the model looks. **Contribution** is what each source does to the forecast: the exact "
        "Shapley value over every combination of sources, as a factor; they multiply to the forecast over that of a "
        "video the model knows nothing about. **If taken away** is the forecast without that source alone. Where they "
        "disagree, trust the contribution.",
        "**注意力**说明模型看哪里。**贡献**说明各类信息对预测的作用：对所有信息组合计算的精确 Shapley 值（倍数），"
        "相乘即为本次预测与模型一无所知时预测之比。**移除后变化**是单独去掉该类信息后的预测。若不一致，以贡献为准。",
    ),
    "why_context": ("Around the video", "视频之外"),
    "why_context_help": (
        "From a typical release of this market (the median of every number, the most frequent of the rest) to this "
        "one, fact by fact. A fact that is as usual changes nothing. Sampled Shapley values through the whole model; "
        "together they are the contribution of the context. What the model relies on, not proof of a cause.",
        "从本市场的典型发布（数值取中位数，其余取最常见值）逐项变到本次发布。与常见值相同的信息不产生变化。"
        "通过整个模型抽样计算 Shapley 值，合计即为背景的贡献。这是模型的依据，而非因果证明。",
    ),
    "why_words": ("In the text", "文案"),
    "why_words_help": (
        "The text is read again and again with some of its words left out. A word's share is what it adds to the "
        "forecast, on average over the others; together they are the contribution of the text. What hashtags reach is "
        "counted under *Around the video*.",
        "去掉部分词语反复读取文案。每个词的份额是它平均为预测增加的倍数，合计即为文案的贡献。"
        "话题带来的播放量计入“视频之外”。",
    ),
    "why_words_key": (
        ":primary[raises] the forecast, :orange[lowers] it; the stronger the tint, the more",
        ":primary[提升]预测，:orange[拉低]预测；颜色越深影响越大",
    ),
    "why_moments": ("In the clip", "视频内容"),
    "why_moments_help": (
        "What every sampled frame and every second of sound adds to the forecast. The shares of the frames are the "
        "contribution of the picture, those of the seconds that of the sound: exact Shapley values over all of them. "
        "Click a bar to jump there and to see what in that frame matters.",
        "每个采样画面与每秒声音对预测的作用。画面份额合计为画面的贡献，各秒合计为声音的贡献：精确 Shapley 值。"
        "点击柱形可跳转到该时刻，并查看该画面中的关键位置。",
    ),
    "why_heat_help": (
        "Places of this frame are covered one after another. Tint: what covering it would cost (:primary[helps]) or "
        "gain (:orange[harms]). The model sees only the middle square; the veiled part does not count.",
        "逐处遮住该画面。颜色表示遮住后预测会降低（:primary[有利]）还是升高（:orange[不利]）。"
        "模型只看中间的正方形，被遮罩的部分不起作用。",
    ),
    "why_working": ("Finding the reasons", "正在分析原因"),
    "why_stop": ("Cancel", "取消"),
    "why_stopped": ("Stopped; what was finished is shown.", "已停止，仅显示已完成的部分。"),
    "why_go_on": ("Go on", "继续"),
    "why_stage_context": ("facts around the video", "视频之外的信息"),
    "why_stage_words": ("words", "文案"),
    "why_stage_sound": ("sound", "声音"),
    "why_stage_picture": ("picture", "画面"),
    "why_stage_heat": ("places in the picture", "画面位置"),
    "why_no_words": ("No text was given, so there are no words to explain.", "未填写文案，没有可解释的词语。"),
    "why_no_clip": (
        "The model neither sees nor hears this clip, so no moment of it enters the forecast.",
        "模型未使用这条视频的画面与声音，没有任何时刻进入预测。",
    ),
    "why_col_name": ("Fact", "信息"),
    "why_col_value": ("This release", "本次发布"),
    "why_col_usual": ("Usual in the market", "市场常见值"),
    "why_col_factor": ("Factor", "倍数"),
    "why_col_log": ("Log units", "对数单位"),
    "why_col_word": ("Word", "词语"),
    "why_col_without": ("Left out alone", "单独去掉"),
    "why_col_attention": ("Attention", "注意力"),
    "why_col_second": ("Second", "秒"),
    "why_col_kind": ("Source", "来源"),
    # on the Model page
    "trust_head": ("Can attention be trusted?", "注意力可信吗？"),
    "trust_help": (
        "Attention is read off the network; contributions are what happens when sources are taken away. Over the "
        "latest videos of this market, from which the model did not learn: how often both name the same source first, "
        "and how far the forecast moves as sources are taken away in the order of each. The faster a line rises, the "
        "better its order knows what the forecast rests on; an order that is no better than any is of no use.",
        "注意力直接读自网络，贡献则由去掉信息后的变化得出。在模型未学习过的最新视频上统计：两者首位一致的比例，"
        "以及按各自顺序逐一移除信息时预测的变化。曲线上升越快，该顺序越能说明预测的依据；若不优于随机顺序，则没有参考价值。",
    ),
    "trust_lead": (
        "Compare attention with contributions on the latest videos, from which the model did not learn. It takes "
        "seconds, or a minute for a large market.",
        "在模型未学习过的最新视频上比较注意力与贡献。需要数秒，大市场约一分钟。",
    ),
    "trust_find": ("Find out", "开始比较"),
    "stage_trust": ("Videos", "视频"),
    "count_trust": ("{done} of {total} videos", "{total} 个视频中的 {done} 个"),
    "trust_said": (
        "Mean rank correlation of attention with the size of contributions: {rank}. First by attention and by "
        "contribution: {tops}.",
        "注意力与贡献大小的平均秩相关：{rank}。按注意力与按贡献居首的比例：{tops}。",
    ),
    "trust_top": ("{name} {looks} and {does}", "{name} {looks} 与 {does}"),
    "trust_and": ("; ", "；"),
    "trust_col_order": ("Order", "顺序"),
    "trust_col_gone": ("Taken away", "已移除"),
    "trust_order_contribution": ("Contribution", "贡献"),
    "trust_order_attention": ("Attention", "注意力"),
    "trust_order_random": ("Random", "随机"),
    # how sure
    "sure_head": ("How far to trust it", "可信程度"),
    "sure_help": (
        "A model is surest about what it has seen. Content is compared with the model's own videos: how alike they are "
        "to their five nearest, and how alike this clip is to its. The past videos of the KOL are held against what is "
        "expected of them by a model that never learnt from this KOL.",
        "模型对见过的内容最有把握。内容与模型学习过的视频比较：它们与各自最近的五个有多相似，本条与其最近的五个有多相似。"
        "该达人的历史作品与从未学习过该达人的模型的预期相比较。",
    ),
    "sure_usual": (
        "{name}: like what the model has seen (closer to its nearest than {share} of the model's own videos)",
        "{name}：与模型见过的内容相似（比模型自身 {share} 的视频更接近其近邻）",
    ),
    "sure_unusual": (
        "{name}: unusual; only {share} of the model's own videos are less like any other",
        "{name}：较少见；模型自身仅 {share} 的视频比它更不像其他视频",
    ),
    "sure_strange": (
        "{name}: unlike what the model has seen ({share} of its own videos are less like any other), so take the "
        "forecast with care",
        "{name}：与模型见过的内容差别很大（仅 {share} 的视频更不像其他视频），请谨慎参考",
    ),
    "sure_outside": ("Beyond anything in this market: {names}", "超出本市场范围：{names}"),
    "sure_inside": ("All numbers around the video are within this market's", "视频之外的数值均在本市场范围内"),
    "sure_and": (", ", "、"),
    "sure_range": (
        "The 90% range goes from the forecast down and up by a factor of about {factor}",
        "90% 区间约为预测值上下各 {factor} 倍",
    ),
    "sure_past": (
        "This KOL's {n} past videos were missed by a factor of {factor} on average",
        "该达人的 {n} 个历史作品平均偏差 {factor} 倍",
    ),
    "sure_no_past": (
        "Nothing is known of past videos of this KOL, so no past forecast can be checked",
        "没有该达人的历史作品，无法检验过往预测",
    ),
    "kin_head": ("Most similar past videos", "最相似的历史视频"),
    "kin_help": (
        "Among the latest {n} videos with a known score: by text, sound and picture, by the facts around them (KOL, "
        "time, place, tags, length), or both. They say what became of such videos, of other KOLs at other times. "
        "Likeness is in standard deviations above the average video.",
        "在最近 {n} 个已知热度的视频中，按文案、声音与画面，或按背景信息（达人、时间、地点、话题、时长），"
        "或两者综合查找。它们说明类似视频在其他达人、其他时间的结果。相似度为高于平均视频的标准差数。",
    ),
    "kin_by": ("Alike by", "相似依据"),
    "kin_by_both": ("Content and context", "内容与背景"),
    "kin_by_content": ("Content", "内容"),
    "kin_by_context": ("Context", "背景"),
    "kin_none": ("No past video can be compared in this way.", "没有可这样比较的历史视频。"),
    "kin_said": (
        "**{beat} of the {n}** most similar beat the market's median ({median})",
        "最相似的 {n} 个中有 **{beat} 个**高于市场中位数（{median}）",
    ),
    "kin_col_video": ("Video", "视频"),
    "kin_col_kol": ("KOL", "达人"),
    "kin_col_score": ("Score", "热度值"),
    "kin_col_against": ("Against the median", "相对中位数"),
    "kin_col_content": ("Content alike", "内容相似度"),
    "kin_col_context": ("Context alike", "背景相似度"),
}
