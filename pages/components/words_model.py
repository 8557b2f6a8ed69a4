"""The words of the Model page, English and Chinese, by key."""

MODEL_WORDS: dict[str, tuple[str, str]] = {
    "nav_model": ("Model", "模型"),
    "model_lead": (
        "How good the forecast is on videos it never learnt from, what else was tried, and what the model is made of.",
        "在从未学习过的视频上预测有多准、与其他方法相比如何，以及模型由什么组成。",
    ),
    "part": ("Section", "版块"),
    "part_methods": ("Every method", "方法对比"),
    "part_videos": ("Closer look", "细看误差"),
    "part_bundle": ("The model in use", "当前模型"),
    "split": ("Measured on", "测试集"),
    "split_temporal": ("later videos", "之后的视频"),
    "split_random": ("random videos", "随机视频"),
    "split_uploader": ("KOLs never seen", "未见过的达人"),
    "split_help": (
        "**Later videos** is the honest one: learn from the past, foretell what came after. **Random videos** is the "
        "paper's: the past is also foretold from the future, which flatters every method. **KOLs never seen** puts no "
        "KOL on both sides.",
        "**之后的视频**最真实：用过去学习，预测之后。**随机视频**是论文的做法：也用未来预测过去，因此所有方法都偏好看。"
        "**未见过的达人**保证同一达人不会同时出现在两侧。",
    ),
    "observed": ("Days observed", "观察天数"),
    "observed_0": ("before release", "发布前"),
    "observed_1": ("1 day", "1 天"),
    "observed_n": ("{n} days", "{n} 天"),
    "measure": ("Measure", "指标"),
    # the headline
    "answers": (
        "{method} explains :primary[**{explained}**] of the differences between {n} {videos} it never saw",
        "{method} 解释了 {n} 个{videos}之间差异的 :primary[**{explained}**]",
    ),
    "answers_none": (
        "{method} explains nothing of the differences between {n} {videos}",
        "{method} 未能解释 {n} 个{videos}之间的差异",
    ),
    "of_temporal": ("later videos", "之后的视频"),
    "of_random": ("random videos", "随机视频"),
    "of_uploader": ("videos of new KOLs", "新达人的视频"),
    "better_sure": (
        "Its error (MSE) is {gain} below that of {other}, the best other method here (95% interval {low} to {high}).",
        "其误差（MSE）比此处次优方法 {other} 低 {gain}（95% 区间 {low} 至 {high}）。",
    ),
    "better_unsure": (
        "{method} and {other} are too close to call: the error (MSE) of {method} is lower by {gain}, but the 95% "
        "interval runs from {low} to {high}.",
        "{method} 与 {other} 难分高下：{method} 的误差（MSE）低 {gain}，但 95% 区间为 {low} 至 {high}。",
    ),
    "better_plain": (
        "Its error (MSE) is {gain} below that of {other}, the best other method here.",
        "其误差（MSE）比此处次优方法 {other} 低 {gain}。",
    ),
    "worse": (
        "{other} does better here: its error (MSE) is {gain} lower.",
        "此处 {other} 更好：其误差（MSE）低 {gain}。",
    ),
    "tile_explained": ("Explained (R²)", "解释度（R²）"),
    "tile_explained_help": (
        "The share of the differences in log popularity that the forecast accounts for: 100% is perfect, 0% is no "
        "better than the mean.",
        "预测所解释的对数热度差异的比例：100% 为完美，0% 与均值相当。",
    ),
    "tile_ranking": ("Ranking (SRCC)", "排序（SRCC）"),
    "tile_ranking_help": (
        "How well the order of the videos is foretold: 1 is the exact order, 0 is chance (Spearman's correlation).",
        "视频排序的预测准确度：1 为完全一致，0 为随机（斯皮尔曼等级相关）。",
    ),
    "tile_error": ("Typical error", "典型误差"),
    "tile_error_help": (
        "By what factor a forecast is off on average, up or down: e to the power of the mean error (MAE) in log "
        "units. ×2 means that 1,000 foretold ends at 500 or 2,000, typically.",
        "预测平均偏离的倍数（偏高或偏低）：以 e 为底、对数单位平均绝对误差（MAE）为指数。"
        "×2 表示预测 1,000 时实际通常为 500 或 2,000。",
    ),
    "tile_held": ("{level} range held", "{level} 区间命中"),
    "tile_held_help": (
        "How many of the real scores lay inside the range that was foretold. It should be near {level}.",
        "真实热度落在预测区间内的比例，应接近 {level}。",
    ),
    "tile_tested": ("Videos", "视频数"),
    "tile_tested_help": (
        "Measured on {test} videos after learning from {train}.",
        "从 {train} 个视频学习，在 {test} 个视频上测试。",
    ),
    "measured_when": (
        "Measured {date} on {test} videos, after learning from {train}: {from_} to {to}. Errors are of "
        "log(1 + score) on day {day}.",
        "{date} 测试于 {test} 个视频，学习 {train} 个：{from_} 至 {to}。误差按第 {day} 天 log(1 + 热度值) 计算。",
    ),
    "known_later": (
        "{n} training videos were too young to have a known score when the first test video was forecast.",
        "预测第一个测试视频时，有 {n} 个训练视频尚无已知热度值。",
    ),
    "stale": (
        "Data were imported since this was measured (version {then}, now {now}). Measure again to be up to date.",
        "测试之后又导入了数据（第 {then} 版，当前第 {now} 版），建议重新测试。",
    ),
    # tables
    "table_2": ("Before release, every method (the paper's Table 2)", "发布前，各方法（论文表 2）"),
    "table_4_one": ("{days} observed, every method (the paper's Table 4)", "观察 {days}，各方法（论文表 4）"),
    "table_3": ("What each modality adds (the paper's Table 3)", "各模态的贡献（论文表 3）"),
    "table_3_from": (" · measured {date}", " · 测试于 {date}"),
    "table_3_help": (
        "The paper's network without one modality. **Masked**: taken away where its vectors are fused, as the paper "
        "does; it says how much this network leans on it. **Trained without**: networks that never had it; it says how "
        "much it adds. A plus is a larger error without it; a minus means the model does better without.",
        "论文网络去掉一种模态。**遮蔽**：在融合处去掉（论文的做法），说明该网络有多依赖它。"
        "**重新训练**：从未使用它的网络，说明它带来多少。正号表示去掉后误差更大，负号表示去掉反而更好。",
    ),
    "table_4": ("More days, less error (the paper's Table 4)", "观察越久，误差越小（论文表 4）"),
    "curve": ("More videos to learn from", "更多训练视频"),
    "curve_note": (
        "The latest videos were kept each time, as in a market that began to be watched later. The test videos are the "
        "same.",
        "每次保留最近的视频，如同较晚才开始观察市场；测试视频不变。",
    ),
    "col_method": ("Method", "方法"),
    "col_interval": ("{measure}, 95% interval", "{measure}，95% 区间"),
    "col_spread": ("{measure}, seeds ±", "{measure}，种子 ±"),
    "col_seeds": ("Seeds", "种子数"),
    "col_paper": ("{measure}, paper", "{measure}，论文"),
    "col_fit": ("Fit, s", "训练（秒）"),
    "col_predict": ("Predict, s", "预测（秒）"),
    "col_without": ("Without", "去掉"),
    "col_whole": ("nothing: the whole MTAF", "不去掉：完整 MTAF"),
    "col_part": ("{part}, {measure}", "{part} {measure}"),
    "col_part_change": ("{part}, change", "{part} 变化"),
    "col_part_interval": ("{part}, 95% interval", "{part}，95% 区间"),
    "part_masked": ("Masked", "遮蔽"),
    "part_retrained": ("Trained without", "重新训练"),
    "part_paper": ("Paper", "论文"),
    "all_intervals": ("Intervals of every measure", "显示所有指标的区间"),
    "best_note": (
        "★ is the best row by {measure}; a tint marks the best of each column. Click a heading to sort.",
        "★ 为 {measure} 最优的行，底色标出每列最优。点击表头可排序。",
    ),
    "paper_note": (
        "The paper's 20,445 videos are not public and its split is random: compare the order of methods, not the size "
        "of the numbers.",
        "论文的 20,445 个视频未公开，且为随机划分：请比较方法的先后，而非数值大小。",
    ),
    "skipped": ("{method} was not run: {why}", "未运行 {method}：{why}"),
    "measures_what": ("What the measures and rows mean", "指标与各行的含义"),
    "measures_what_help": (
        "All are of log(1 + popularity score).\n"
        "- **MAE**: mean distance between forecast and truth. **MSE**: the same squared, so that large misses weigh "
        "more.\n"
        "- **R²**: the share of differences explained. **SRCC**: how well the order is foretold.\n"
        "- **NDCG@10**: how much of the best possible list of ten is held by the ten that the method puts first; it "
        "rests on ten videos and jumps.\n"
        "- **95% interval**: from a thousand resamples of the test videos. Rows whose intervals overlap widely may "
        "swap places on other videos.\n"
        "- **Seeds ±**: how far the same network differs from one random start to the next.\n\n"
        "*MTAF* is the paper's network, *MTAF-Att* the same with every modality weighing alike, *MTAF+* the stack of "
        "networks, trees and a linear model. *tuned* rows tried settings on part of the training videos. "
        "*Persistence* repeats the last known score, *+ growth* adds the mean growth from that day on, *residual* rows "
        "learn that growth.",
        "均按 log(1 + 热度值) 计算。\n"
        "- **MAE**：预测与真实的平均距离；**MSE**：其平方，大的偏差权重更高。\n"
        "- **R²**：解释的差异比例；**SRCC**：排序预测得多准。\n"
        "- **NDCG@10**：方法排出的前十名占最佳前十名的多少；只取决于十个视频，波动较大。\n"
        "- **95% 区间**：对测试视频重抽样一千次得到。区间大幅重叠的行在其他视频上可能互换名次。\n"
        "- **种子 ±**：同一网络在不同随机起点之间的差异。\n\n"
        "*MTAF* 是论文的网络，*MTAF-Att* 为各模态等权的版本，*MTAF+* 是网络、树模型与线性模型的组合。"
        "*tuned* 在部分训练视频上调过参数。*Persistence* 重复最后已知的热度，*+ growth* 再加上此后的平均增长，"
        "*residual* 学习这一增长。",
    ),
    # closer look
    "of_method": ("Forecasts of", "预测方法"),
    "fit_head": ("Foretold against real", "预测与真实"),
    "fit_sample": ("{shown} of {n} videos are drawn, at random.", "随机绘制 {n} 个视频中的 {shown} 个。"),
    "fit_all": ("All {n} videos.", "全部 {n} 个视频。"),
    "reliability_head": ("Does it mean what it says?", "预测是否名副其实？"),
    "reliability_note": (
        "Ten groups of equal size, by forecast. On the dotted line, what was foretold is what happened on average (of "
        "logarithms).",
        "按预测分为十个等大组。在虚线上表示平均（对数均值）与预测一致。",
    ),
    "groups_head": ("Where it errs", "误差在哪里"),
    "by": ("Group by", "分组"),
    "by_decile": ("popularity", "热度"),
    "by_tier": ("KOL tier", "达人层级"),
    "by_uploader_seen": ("KOL seen before", "达人是否出现过"),
    "groups_note_decile": (
        "Groups are by the real score, so the ends are always the hardest: a hit is known only afterwards.",
        "按真实热度分组，因此两端总是最难：爆款只有事后才知道。",
    ),
    "time_head": ("Does it keep?", "是否随时间失准？"),
    "no_videos": ("Forecasts of single videos were not kept for this measurement.", "此次测试未保存单个视频的预测。"),
    "download_videos": ("Download every forecast (CSV)", "下载全部预测（CSV）"),
    # measuring
    "measure_again": ("Measure again", "重新测试"),
    "measure_first": ("Measure now", "开始测试"),
    "measure_lead": (
        "Every method learns from one part of the market and foretells the rest. It goes on while you use other pages "
        "or close this one.",
        "每种方法从市场的一部分学习并预测其余部分。您可以使用其他页面或关闭本页，测试会继续。",
    ),
    "ask_ablate": ("What each modality adds (Table 3)", "各模态的贡献（表 3）"),
    "ask_curve": ("Learning curve", "学习曲线"),
    "ask_days": ("Days observed", "观察天数"),
    "ask_none": ("Pick at least one number of days.", "请至少选择一个天数。"),
    "ask_cost": (
        "About {low} to {high} minutes on two processor cores for this market.",
        "此市场在双核处理器上约需 {low} 至 {high} 分钟。",
    ),
    "go_measure": ("Start", "开始"),
    "job_evaluate": ("Measuring every method", "正在测试各方法"),
    "job_train": ("Training a new model", "正在训练新模型"),
    "count_evaluate": ("{note}", "{note}"),
    "count_networks": ("network {done} of {total}", "网络 {done} / {total}"),
    "count_stack": ("step {done} of {total}", "第 {done} / {total} 步"),
    "stage_encode": ("Market", "市场数据"),
    "stage_networks": ("Networks", "网络"),
    "stage_stack": ("Stack", "组合"),
    "stage_trees": ("Importance", "重要性"),
    "stage_measure": ("Measures", "自测"),
    "measure_done": ("Measured. What you see below is the result.", "测试完成，结果见下。"),
    "measure_stopped": (
        "Cancelled. Measurements that were complete are kept, nothing else was changed.",
        "已取消。已完成的测试会保留，其他内容未变。",
    ),
    "nothing_head": ("Nothing has been measured here yet", "尚未进行测试"),
    "nothing_lead": (
        "This is what the model in use told of itself when it was trained, on the latest {n} videos, which it did not "
        "learn from. Measure now to compare it with every other method, before release and with days observed.",
        "以下是当前模型训练时在最近 {n} 个未学习的视频上的自测结果。"
        "点击“开始测试”可与其他各方法比较（发布前及观察若干天后）。",
    ),
    "nothing_at_all": (
        "There is no model to show yet. {reason}",
        "暂无可展示的模型。{reason}",
    ),
    "self_table": ("What the model measured of itself", "模型自测结果"),
    "col_days": ("Days observed", "观察天数"),
    "col_held": ("Range held", "区间命中"),
    "col_tested": ("Videos", "视频数"),
    # the bundle
    "bundle_head": ("In use: {name}", "使用中：{name}"),
    "bundle_answers": ("Answers with", "回答方法"),
    "bundle_profile": ("Content networks", "内容网络"),
    "bundle_seed": ("Seed", "种子"),
    "bundle_trained": ("Trained", "训练于"),
    "bundle_videos": ("Learnt from", "学习自"),
    "bundle_videos_n": ("{n} videos", "{n} 个视频"),
    "bundle_day": ("Foretells day", "预测第几天"),
    "bundle_made": ("Made with {backbones}; version {version}.", "使用 {backbones}；版本 {version}。"),
    "card": ("Model card", "模型卡"),
    "card_lead": (
        "What this model is for, what it was made from, how well it does and where it ends.",
        "模型的用途、来源、表现与局限（英文）。",
    ),
    "card_read": ("Read it here", "在此阅读"),
    "card_download": ("Download the model card", "下载模型卡"),
    "bundles_head": ("Models of this workspace", "本工作区的模型"),
    "col_bundle": ("Model", "模型"),
    "col_state": ("State", "状态"),
    "state_used": ("in use", "使用中"),
    "state_kept": ("kept", "保留"),
    "state_bad": ("cannot be read", "无法读取"),
    "col_trained": ("Trained", "训练于"),
    "col_profile": ("Profile", "配置"),
    "col_seed": ("Seed", "种子"),
    "col_day": ("Day", "天"),
    "col_learnt": ("Videos", "视频数"),
    "pick_bundle": ("Go back to another model", "改用其他模型"),
    "use_bundle": ("Use it", "使用"),
    "bundle_used": ("Now in use: {name}", "现在使用：{name}"),
    "train_head": ("Train again", "重新训练"),
    "train_lead": (
        "Learns from everything in the workspace now and takes over when it is complete; until then, and if you "
        "cancel, the model in use stays. The old one is kept.",
        "用工作区现有的全部数据学习，完成后启用；在此之前或取消时，当前模型保持不变。旧模型会保留。",
    ),
    "ask_seed": ("Seed", "随机种子"),
    "ask_day": ("Day to foretell", "预测第几天"),
    "go_train": ("Train", "训练"),
    "train_done": ("{name} is trained and in use.", "{name} 已训练完成并启用。"),
    "train_stopped": (
        "Cancelled. The model in use is as it was; training again goes on where this one stopped.",
        "已取消，当前模型保持不变；再次训练将从此处继续。",
    ),
    "train_note": (
        "Cancel keeps the parts that are finished: the same training goes on from there.",
        "取消会保留已完成的部分，再次进行相同训练时将从那里继续。",
    ),
    "measure_note": (
        "Cancel keeps every measurement that is complete and drops the one under way.",
        "取消会保留已完成的测试，放弃正在进行的一项。",
    ),
}
