/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of lists and sheets: fees, terms, kinds and reasons in plain Chinese, the same in every format. All text is
 * plain; escaping is the writer's work. Everything is appended to `out`. Safe from any thread. */
#pragma once
#include "engine/match/quality.h"
#include "engine/report/projection.h"

/* What may be done with a sheet of this audience: "不得对外发布". */
const char *dj_wording_audience_rule(DjAudience audience);
/* 需求找专利, 专利找需求. */
const char *dj_wording_direction(DjDirection direction);

/* 1,240 */
void dj_wording_count(GString *out, guint64 n);
/* Yuan as kept by the import: "6 万元", "8,000 元", "免费", "面议"; text that is not a number stays as it is. */
void dj_wording_money(GString *out, const char *yuan);
/* A number gets its sign: "3.5%"; text that is not a number stays as it is. */
void dj_wording_percent(GString *out, const char *percent);
/* "一次付清 6 万元，提成 3%（净销售额）"; "未写" when nothing is known. */
void dj_wording_fee(GString *out, DjAudience audience, const DjRecord *patent);
/* Time left of the licence on the day `now`: "3 年 2 个月", "20 天", "已到期", "未写". */
void dj_wording_term_left(GString *out, DjAudience audience, const DjRecord *patent, int now);
/* Term and fee in one phrase: "期剩 3 年 2 个月，一次付清 6 万元", "期限未写，费用面议". */
void dj_wording_licence(GString *out, DjAudience audience, const DjRecord *patent, int now);
/* Items of a list value ('\n' between them) joined by 、. NULL appends nothing. */
void dj_wording_list(GString *out, const char *list);

/* One part with its kind: 同词“氮化铝”, 其余同词 9 处, 近义词“隔膜”对“电解质膜”, 语义相近, 保密字段. */
void dj_wording_part(GString *out, const DjShownPart *part);
/* "64（依据占 72%）", or "资料不足（依据占 25%）": the quality that the audience may see. */
void dj_wording_quality(GString *out, DjAudience audience, const DjQuality *quality);
/* One criterion: "成熟度 11/15（成熟度：6）", "被引次数 未知（被引次数：未写）", "机构分级 保密". */
void dj_wording_quality_part(GString *out, DjAudience audience, const DjQualityPart *part);
/* All criteria, known ones first, joined by ；. */
void dj_wording_quality_parts(GString *out, DjAudience audience, const DjQuality *quality);

/* Why the two belong together, in one line: 同词“氮化铝”“基板”等 9 处；语义相近；产业链同为电子信息材料；保密字段 12 点
 */
void dj_wording_reasons(GString *out, const DjPairingView *view);
/* Its part about shared, related and close words. */
void dj_wording_shared(GString *out, const DjPairingView *view);
/* An indicator's two sides: 热导率：要 ≥170 W/(m·K)，写 185 W/(m·K); 没有写 where the patent is silent. */
void dj_wording_indicator(GString *out, const DjShownIndicator *indicator);
/* Indicators that the patent states and fails, joined by ；; nothing when there is none. */
void dj_wording_failures(GString *out, const DjPairingView *view);
/* What to ask about one unknown indicator. */
void dj_wording_indicator_question(GString *out, const DjShownIndicator *indicator);
/* What lists begin with: "匹配度 12", "匹配度 12，或 15% 值得一谈". */
void dj_wording_limit(GString *out, const DjResultSet *set);
/* What rules keep off an answer: "另有 3 件够相配，因资格未列：年费已缴 2 件、专利权有效 1 件"; nothing when there is
 * none. */
void dj_wording_barred(GString *out, DjAudience audience, const DjResultSet *set);
/* Above an answer without an adequate patent: why, and what the rows below are. Nothing when there is one. */
void dj_wording_unmet(GString *out, const DjResultSet *set);

/* What to ask before the meeting, one item per unknown verdict, joined by ；. */
void dj_wording_questions(GString *out, const DjPairingView *view);
