/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/wording.h"
#include "engine/model/ident.h"
#include <string.h>

#define EXPIRED   "已到期"
#define MAX_WORDS 4 /* shared words named in a line; the rest is counted */

const char *dj_wording_audience_rule(DjAudience audience)
{
    static const char *const rules[] = {[DJ_AUDIENCE_PUBLIC] = "可以公开",
                                        [DJ_AUDIENCE_PARTICIPANT] = "限参会方",
                                        [DJ_AUDIENCE_OWNER] = "限本单位",
                                        [DJ_AUDIENCE_ORGANISER] = "不得对外发布",
                                        [DJ_AUDIENCE_CENTRE] = "含保密字段，不得外传"};
    return rules[audience];
}

const char *dj_wording_direction(DjDirection direction)
{
    return direction == DJ_DIRECTION_NEED ? "需求找专利" : "专利找需求";
}

/* Groups the leading digits of a decimal number by three: "1234567.5" to "1,234,567.5". */
static void append_grouped(GString *out, const char *digits)
{
    gsize n = strspn(digits, "0123456789");
    for (gsize i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            g_string_append_c(out, ',');
        g_string_append_c(out, digits[i]);
    }
    g_string_append(out, digits + n);
}

void dj_wording_count(GString *out, guint64 n)
{
    char digits[24];
    g_snprintf(digits, sizeof digits, "%" G_GUINT64_FORMAT, n);
    append_grouped(out, digits);
}

/* Integer digits and fraction digits of a plain decimal, FALSE for anything else. */
static gboolean is_decimal(const char *text, gsize *n_integer)
{
    *n_integer = strspn(text, "0123456789");
    const char *rest = text + *n_integer;
    return *n_integer > 0 &&
           (*rest == '\0' || (*rest == '.' && rest[1] && rest[1 + strspn(rest + 1, "0123456789")] == '\0'));
}

void dj_wording_money(GString *out, const char *yuan)
{
    gsize n;
    if (strcmp(yuan, "negotiable") == 0) {
        g_string_append(out, "面议");
    } else if (!is_decimal(yuan, &n)) {
        g_string_append(out, yuan);
    } else if (strspn(yuan, "0.") == strlen(yuan)) {
        g_string_append(out, "免费");
    } else if (n < 5) {
        append_grouped(out, yuan);
        g_string_append(out, " 元");
    } else { /* move the point by four places, on the text: no rounding */
        g_autoptr(GString) wan = g_string_new_len(yuan, (gssize)(n - 4));
        g_string_append_c(wan, '.');
        g_string_append_len(wan, yuan + n - 4, 4);
        if (yuan[n] == '.')
            g_string_append(wan, yuan + n + 1);
        while (wan->str[wan->len - 1] == '0')
            g_string_truncate(wan, wan->len - 1);
        if (wan->str[wan->len - 1] == '.')
            g_string_truncate(wan, wan->len - 1);
        append_grouped(out, wan->str);
        g_string_append(out, " 万元");
    }
}

void dj_wording_percent(GString *out, const char *percent)
{
    gsize n;
    g_string_append_printf(out, "%s%s", percent, is_decimal(percent, &n) ? "%" : "");
}

void dj_wording_fee(GString *out, DjAudience audience, const DjRecord *patent)
{
    const char *payment = dj_projection_field(audience, patent, DJ_PATENT_PAYMENT);
    const char *amount = dj_projection_field(audience, patent, DJ_PATENT_FEE_AMOUNT);
    const char *rate = dj_projection_field(audience, patent, DJ_PATENT_FEE_RATE);
    const char *base = dj_projection_field(audience, patent, DJ_PATENT_FEE_BASE);
    gsize start = out->len;
    if (payment)
        g_string_append(out, payment);
    if (amount) {
        g_autoptr(GString) money = g_string_new(NULL);
        dj_wording_money(money, amount);
        if (!payment || !strstr(payment, money->str)) /* "免费" needs no second "免费" */
            g_string_append_printf(out, "%s%s", payment ? " " : "", money->str);
    }
    if (rate) {
        g_string_append_printf(out, "%s提成 ", out->len > start ? "，" : "");
        dj_wording_percent(out, rate);
    }
    if (rate && base)
        g_string_append_printf(out, "（%s）", base);
    if (out->len == start)
        g_string_append(out, "未写");
}

void dj_wording_term_left(GString *out, DjAudience audience, const DjRecord *patent, int now)
{
    const char *end = dj_projection_field(audience, patent, DJ_PATENT_LICENCE_END);
    int day;
    if (!end) {
        g_string_append(out, "未写");
        return;
    }
    if (!dj_day_parse(end, &day)) {
        g_string_append(out, end);
        return;
    }
    if (day < now) {
        g_string_append(out, EXPIRED);
        return;
    }
    int y0, m0, d0, y1, m1, d1;
    dj_day_to_ymd(now, &y0, &m0, &d0);
    dj_day_to_ymd(day, &y1, &m1, &d1);
    int months = (y1 - y0) * 12 + m1 - m0 - (d1 < d0);
    if (months == 0)
        g_string_append_printf(out, "%d 天", day - now);
    else if (months < 12)
        g_string_append_printf(out, "%d 个月", months);
    else if (months % 12 == 0)
        g_string_append_printf(out, "%d 年", months / 12);
    else
        g_string_append_printf(out, "%d 年 %d 个月", months / 12, months % 12);
}

void dj_wording_list(GString *out, const char *list)
{
    for (const char *p = list; p && *p; p++) {
        if (*p == '\n')
            g_string_append(out, "、");
        else
            g_string_append_c(out, *p);
    }
}

void dj_wording_licence(GString *out, DjAudience audience, const DjRecord *patent, int now)
{
    g_autoptr(GString) words = g_string_new(NULL);
    dj_wording_term_left(words, audience, patent, now);
    if (strcmp(words->str, EXPIRED) == 0)
        g_string_append(out, "许可期已满");
    else
        g_string_append_printf(out, "%s%s", g_ascii_isdigit(words->str[0]) ? "期剩 " : "期限", words->str);
    g_string_truncate(words, 0);
    dj_wording_fee(words, audience, patent);
    gboolean named = dj_projection_field(audience, patent, DJ_PATENT_PAYMENT) || strcmp(words->str, "免费") == 0;
    g_string_append(out, named ? "，" : g_ascii_isdigit(words->str[0]) ? "，费用 " : "，费用");
    g_string_append(out, words->str);
}

static void begin_item(GString *out, gsize start)
{
    if (out->len > start)
        g_string_append(out, "；");
}

/* "隔膜 ~ 电解质膜", as explain writes related words, becomes “隔膜”对“电解质膜”. */
static void append_related(GString *out, const char *text)
{
    const char *tie = strstr(text, " ~ ");
    if (tie)
        g_string_append_printf(out, "“%.*s”对“%s”", (int)(tie - text), text, tie + 3);
    else
        g_string_append_printf(out, "“%s”", text);
}

void dj_wording_part(GString *out, const DjShownPart *part)
{
    /* closeness below the average takes points away: it is no reason, but it is in the sum */
    gboolean far = part->kind == DJ_PART_SEMANTIC && part->points < 0;
    g_string_append(out, far ? "语义较远" : dj_part_kind_label(part->kind));
    if (part->kind == DJ_PART_OTHER)
        g_string_append_printf(out, " %u 处", part->n_others);
    else if (part->text && part->kind == DJ_PART_PHRASE)
        g_string_append_printf(out, "“%s”", part->text);
    else if (part->text && (part->kind == DJ_PART_RELATED || part->kind == DJ_PART_KINDRED))
        append_related(out, part->text);
    else if (part->text)
        g_string_append_printf(out, " %s", part->text);
}

void dj_wording_quality(GString *out, DjAudience audience, const DjQuality *quality)
{
    int known, score = dj_quality_score(quality, audience, &known);
    if (score < 0)
        g_string_append_printf(out, "资料不足（依据占 %d%%）", known);
    else
        g_string_append_printf(out, "%d（依据占 %d%%）", score, known);
}

void dj_wording_quality_part(GString *out, DjAudience audience, const DjQualityPart *part)
{
    g_string_append(out, part->criterion->name);
    if (!dj_audience_sees(audience, part->privacy)) {
        g_string_append(out, " 保密");
        return;
    }
    if (part->points < 0)
        g_string_append(out, " 未知");
    else
        g_string_append_printf(out, " %d/%d", part->points, part->criterion->most);
    if (*part->value)
        g_string_append_printf(out, "（%s）", part->value);
}

void dj_wording_quality_parts(GString *out, DjAudience audience, const DjQuality *quality)
{
    gsize start = out->len;
    for (int unknown = 0; unknown < 2; unknown++) {
        for (guint i = 0; i < quality->parts->len; i++) {
            const DjQualityPart *part = &g_array_index(quality->parts, DjQualityPart, i);
            if ((part->points < 0 || !dj_audience_sees(audience, part->privacy)) != unknown)
                continue;
            begin_item(out, start);
            dj_wording_quality_part(out, audience, part);
        }
    }
}

/* Shared words and related words: a few by name, all by number. */
static void append_words(GString *out, const DjPairingView *view)
{
    guint n_words = 0, n_others = 0, n_related = 0;
    for (guint i = 0; i < view->parts->len; i++) {
        const DjShownPart *part = &g_array_index(view->parts, DjShownPart, i);
        if (part->kind == DJ_PART_PHRASE && part->text && n_words++ < MAX_WORDS)
            g_string_append_printf(out, "%s“%s”", n_words == 1 ? "同词" : "", part->text);
        else if (part->kind == DJ_PART_OTHER)
            n_others += part->n_others;
    }
    if (n_words > MAX_WORDS || (n_words > 0 && n_others > 0))
        g_string_append_printf(out, "等 %u 处", n_words + n_others);
    else if (n_others > 0)
        g_string_append_printf(out, "零散同词 %u 处", n_others);
    for (guint i = 0; i < view->parts->len; i++) {
        const DjShownPart *part = &g_array_index(view->parts, DjShownPart, i);
        if (part->kind != DJ_PART_RELATED || !part->text || n_related++ >= MAX_WORDS)
            continue;
        g_string_append(out, n_related > 1 ? "、" : n_words + n_others > 0 ? "；近义" : "近义");
        append_related(out, part->text);
    }
    if (n_related > MAX_WORDS)
        g_string_append_printf(out, "等 %u 处", n_related);
}

/* Kindred words stand for the closeness that they explain most of. */
static void append_closeness(GString *out, const DjPairingView *view, gsize start)
{
    gboolean close = FALSE;
    guint n = 0;
    for (guint i = 0; i < view->parts->len; i++) {
        const DjShownPart *part = &g_array_index(view->parts, DjShownPart, i);
        close |= part->kind == DJ_PART_KINDRED || (part->kind == DJ_PART_SEMANTIC && part->points > 0);
    }
    if (!close)
        return;
    begin_item(out, start);
    g_string_append(out, "语义相近");
    for (guint i = 0; i < view->parts->len; i++) {
        const DjShownPart *part = &g_array_index(view->parts, DjShownPart, i);
        if (part->kind != DJ_PART_KINDRED || !part->text)
            continue;
        g_string_append(out, n++ == 0 ? "（相关" : "、");
        append_related(out, part->text);
    }
    if (n > 0)
        g_string_append(out, "）");
}

void dj_wording_shared(GString *out, const DjPairingView *view)
{
    gsize start = out->len;
    append_words(out, view);
    append_closeness(out, view, start);
}

void dj_wording_reasons(GString *out, const DjPairingView *view)
{
    gsize start = out->len;
    dj_wording_shared(out, view);
    for (guint i = 0; i < view->parts->len; i++) {
        const DjShownPart *part = &g_array_index(view->parts, DjShownPart, i);
        const char *text = part->text;
        switch (part->kind) {
        case DJ_PART_PHRASE:
        case DJ_PART_OTHER:
        case DJ_PART_RELATED:
        case DJ_PART_KINDRED:
        case DJ_PART_SEMANTIC:
            break;
        case DJ_PART_INDICATOR:
            begin_item(out, start);
            g_string_append(out, text ? text : "指标满足");
            break;
        case DJ_PART_CHAIN:
            begin_item(out, start);
            g_string_append_printf(out, "产业链%s%s", text ? "同为" : "相同", text ? text : "");
            break;
        case DJ_PART_IPC:
            begin_item(out, start);
            g_string_append_printf(out, "IPC %s%s", text ? "同属 " : "相同", text ? text : "");
            break;
        case DJ_PART_QUALITY:
            begin_item(out, start);
            g_string_append_printf(out, "优质 %" G_GINT64_FORMAT " 点", part->points);
            break;
        case DJ_PART_WITHHELD:
            begin_item(out, start);
            g_string_append_printf(out, "保密字段 %" G_GINT64_FORMAT " 点", part->points);
            break;
        }
    }
}

void dj_wording_indicator(GString *out, const DjShownIndicator *indicator)
{
    g_string_append_printf(out, "%s：要 %s，", indicator->property, indicator->wanted);
    if (indicator->stated)
        g_string_append_printf(out, "写 %s", indicator->stated);
    else
        g_string_append(out, "没有写");
}

void dj_wording_failures(GString *out, const DjPairingView *view)
{
    gsize start = out->len;
    for (guint i = 0; i < view->indicators->len; i++) {
        const DjShownIndicator *indicator = &g_array_index(view->indicators, DjShownIndicator, i);
        if (indicator->verdict != DJ_NOT_MET)
            continue;
        begin_item(out, start);
        dj_wording_indicator(out, indicator);
    }
}

void dj_wording_indicator_question(GString *out, const DjShownIndicator *indicator)
{
    /* true of a wish (≥1000 次), a bound (不能超过 5 克) and a trouble (相差 8℃ 以上) alike */
    g_string_append_printf(out, "需求写 %s %s，", indicator->property, indicator->wanted);
    if (indicator->stated)
        g_string_append_printf(out, "专利写 %s，", indicator->stated);
    else
        g_string_append(out, "专利没有写，");
    g_string_append(out, "请问发明人团队能做到多少");
}

void dj_wording_questions(GString *out, const DjPairingView *view)
{
    gsize start = out->len;
    for (guint i = 0; i < view->gate->len; i++) {
        const DjShownGate *gate = &g_array_index(view->gate, DjShownGate, i);
        if (gate->withheld || gate->verdict != DJ_UNKNOWN)
            continue;
        begin_item(out, start);
        g_string_append(out, gate->ask ? gate->ask : gate->name);
    }
    for (guint i = 0; i < view->indicators->len; i++) {
        const DjShownIndicator *indicator = &g_array_index(view->indicators, DjShownIndicator, i);
        if (indicator->verdict != DJ_UNKNOWN)
            continue;
        begin_item(out, start);
        dj_wording_indicator_question(out, indicator);
    }
}

void dj_wording_limit(GString *out, const DjResultSet *set)
{
    g_string_append_printf(out, "匹配度 %d", set->min_score);
    if (set->min_permille > 0)
        g_string_append_printf(out, "，或 %d%% 值得一谈", (set->min_permille + 5) / 10);
}

void dj_wording_barred(GString *out, DjAudience audience, const DjResultSet *set)
{
    g_autoptr(GArray) shown = dj_projection_barred(audience, set);
    g_autoptr(GString) rules = g_string_new(NULL);
    guint n = 0;
    for (guint i = 0; i < shown->len; i++) {
        const DjShownBarred *barred = &g_array_index(shown, DjShownBarred, i);
        n += barred->n;
        g_string_append_printf(rules, "%s%s %u 件", i > 0 ? "、" : "", barred->name, barred->n);
    }
    if (n > 0)
        g_string_append_printf(out, "另有 %u 件%s，因资格未列。不满足的条件：%s", n,
                               set->n_found > 0 ? "够相配" : "同样接近", rules->str);
}

void dj_wording_unmet(GString *out, const DjResultSet *set)
{
    if (set->pairings->len == 0)
        return;
    if (set->n_found == 0) {
        g_string_append(out, "暂无合适专利：没有一件够得上清单的下限（");
        dj_wording_limit(out, set);
        g_string_append_printf(out, "）。下面是最接近的 %u 件", set->pairings->len);
    } else if (dj_result_set_is_unmet(set)) {
        g_string_append_printf(out, "暂无合适专利，下面是最接近的 %u 件", set->pairings->len);
    }
}
