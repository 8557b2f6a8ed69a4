"""The words of the charts of a forecast's reasons, English and Chinese, by key."""

WHY_CHART_WORDS: dict[str, tuple[str, str]] = {
    # by modality
    "why_attention": ("Attention", "注意力"),
    "why_contribution": ("Contribution", "贡献"),
    "why_removal": ("If taken away", "移除后变化"),
    "why_modality_agree": (
        "Attention and contribution agree: {looks} comes first in both (rank correlation {rank})",
        "注意力与贡献一致：{looks}均居首（秩相关 {rank}）",
    ),
    "why_modality_differ": (
        "Attention looks most at {looks}, but {does} moves this forecast most (rank correlation {rank})",
        "注意力最关注{looks}，而对本次预测影响最大的是{does}（秩相关 {rank}）",
    ),
    "why_modality_one": ("Only one source of evidence is there", "仅有一类信息"),
    "why_modality_alt": (
        "Bars by modality: attention, contribution to the forecast as a factor, and change without it. {bars}.",
        "各模态的注意力、对预测的贡献倍数、移除后的变化：{bars}。",
    ),
    "why_modality_bar": (
        "{modality} attention {attention}, contribution {contribution}, without it {removal}",
        "{modality}注意力 {attention}，贡献 {contribution}，移除后 {removal}",
    ),
    # context
    "why_context_up": (
        "Around the video, {name} raises the forecast most ({factor})",
        "在视频之外，{name}对预测的提升最大（{factor}）",
    ),
    "why_context_down": (
        "Around the video, {name} lowers the forecast most ({factor})",
        "在视频之外，{name}对预测的拉低最大（{factor}）",
    ),
    "why_context_none": ("Every fact around the video is as usual", "视频之外的信息均与市场常见值相同"),
    "why_context_alt": (
        "Waterfall in factors from a release the model knows nothing about to this one: {bars}.",
        "从模型一无所知的发布到本次发布的倍数瀑布图：{bars}。",
    ),
    "why_context_axis": ("Multiplies the forecast by", "预测乘以"),
    "why_typical": ("Typical release", "典型发布"),
    "why_rest": ("The other {n}", "其余 {n} 项"),
    "why_together": ("Context together", "背景合计"),
    "why_history": ("KOL's past videos", "达人历史作品"),
    "why_history_known": ("known", "已知"),
    "why_history_none": ("none", "无"),
    "why_usual": ("{value} · usual {usual}", "{value} · 常见 {usual}"),
    "why_text_bar": ("{name} {factor}", "{name} {factor}"),
    "why_female": ("female", "女"),
    "why_male": ("male", "男"),
    "why_personal": ("personal", "个人"),
    "why_enterprise": ("enterprise", "企业"),
    "why_gov_media": ("government or media", "政府或媒体"),
    # words
    "why_words_up": ("“{word}” helps most ({factor})", "“{word}”帮助最大（{factor}）"),
    "why_words_down": ("“{word}” costs most ({factor})", "“{word}”拉低最多（{factor}）"),
    "why_words_alt": ("Bars of the words that move the forecast most: {bars}.", "对预测影响最大的词：{bars}。"),
    "why_word_hover": (
        "“{word}” multiplies the forecast by {factor}<br>left out alone: {without}",
        "“{word}”使预测乘以 {factor}<br>单独去掉：{without}",
    ),
    # moments
    "why_moments_both": (
        "The picture at {picture} and the sound at {sound} move the forecast most",
        "画面在 {picture}、声音在 {sound} 对预测影响最大",
    ),
    "why_moments_picture": ("The picture at {picture} moves the forecast most", "画面在 {picture} 对预测影响最大"),
    "why_moments_sound": ("The sound at {sound} moves the forecast most", "声音在 {sound} 对预测影响最大"),
    "why_moments_none": ("Nothing of this clip enters the forecast", "这条视频的内容未进入预测"),
    "why_moments_alt": (
        "The clip on a time axis in seconds. Picture: {picture}. Sound: {sound}. Text: {text}.",
        "视频时间轴（秒）。画面：{picture}。声音：{sound}。文案：{text}。",
    ),
    "why_moment": ("{second} s {factor}", "{second} 秒 {factor}"),
    "why_nothing": ("none", "无"),
    "why_seconds": ("Seconds from the start; click to jump there", "距开头的秒数，点击可跳转"),
    "why_row_picture": ("Picture {factor}", "画面 {factor}"),
    "why_row_sound": ("Sound {factor}", "声音 {factor}"),
    "why_row_text": ("Text {factor}", "文案 {factor}"),
    "why_frame_hover": (
        "Picture at {time}: {factor}<br>left out alone: {without}",
        "{time} 的画面：{factor}<br>单独去掉：{without}",
    ),
    "why_block_hover": (
        "Sound at {time}: {factor}<br>left out alone: {without}",
        "{time} 的声音：{factor}<br>单独去掉：{without}",
    ),
    "why_heat_finding": (
        "At {time}, what is {place} of the picture moves the forecast most",
        "{time} 时，画面{place}对预测影响最大",
    ),
    "why_heat_flat": ("No place of this frame moves the forecast", "这一帧没有哪个位置影响预测"),
    "why_heat_alt": (
        "The frame at {time} with a heat map: covering a place changes the forecast by at most {factor}. "
        "Most of it: {place}.",
        "{time} 的画面热力图：遮住某处最多使预测变为 {factor}。影响最大处：{place}。",
    ),
    "why_still_finding": (
        "What is {place} of the picture moves the forecast most",
        "图片{place}对预测影响最大",
    ),
    "why_still_flat": ("No place of the picture moves the forecast", "图片中没有哪个位置影响预测"),
    "why_still_alt": (
        "The picture with a heat map: covering a place changes the forecast by at most {factor}. Most of it: {place}.",
        "图片热力图：遮住某处最多使预测变为 {factor}。影响最大处：{place}。",
    ),
    "why_heat_hover": ("covering this place: {factor}", "遮住此处：{factor}"),
    "why_unseen": ("not seen", "模型看不到"),
    "why_place_0": ("at the top left", "左上"),
    "why_place_1": ("at the top", "上方"),
    "why_place_2": ("at the top right", "右上"),
    "why_place_3": ("on the left", "左侧"),
    "why_place_4": ("in the middle", "中央"),
    "why_place_5": ("on the right", "右侧"),
    "why_place_6": ("at the bottom left", "左下"),
    "why_place_7": ("at the bottom", "下方"),
    "why_place_8": ("at the bottom right", "右下"),
    # over the test set
    "why_trust_finding": (
        "Attention names the same top source as the contributions on {share} of {n} later videos",
        "在 {n} 个较新视频中，{share} 的视频上注意力与贡献的首位一致",
    ),
    "why_trust_alt": (
        "Lines of how far the forecast moves, as a factor, as sources are taken away one by one: {lines}.",
        "逐一移除各类信息时预测的变化倍数：{lines}。",
    ),
    "why_trust_axis": ("Sources taken away", "已移除的信息类别数"),
    "why_trust_moves": ("Forecast moves by a factor of", "预测变化的倍数"),
    "why_order_contribution": ("largest contribution first", "按贡献从大到小"),
    "why_order_attention": ("most attention first", "按注意力从大到小"),
    "why_order_random": ("any order, on average", "随机顺序平均"),
}
