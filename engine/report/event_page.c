/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The overview: what was reached, the proof, what changed, the timetable as a picture, fairness, or why there is no
 * plan. */
#include "engine/report/event_words.h"
#include "engine/report/wording.h"

#include <string.h>

enum { CELL_W = 88, CELL_H = 40, LEFT = 58, HEAD = 24, TABLES_PER_PICTURE = 12, WIDE_AS = 9 };

static void figure(GString *out, const char *label, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void figure(GString *out, const char *label, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *value = g_strdup_vprintf(format, args);
    va_end(args);
    g_string_append_printf(out, "<div><b>%s</b><span>%s</span></div>\n", value, label);
}

static void count(GString *out, gint64 n)
{
    if (n < 0)
        g_string_append_c(out, '-');
    dj_wording_count(out, (guint64)(n < 0 ? -n : n));
}

static void head(GString *out, const DjEventView *view)
{
    const DjEvent *event = view->event;
    char first[6], last[6];
    dj_event_slot_clock(event, 0, first);
    dj_event_clock(event->start[event->slots - 1] + event->minutes, last);
    g_string_append(out, "<div><h1>");
    dj_html_text(out, event->name);
    g_string_append_printf(out, "</h1>\n<p class=\"dim\">%s　%s～%s", event->date, first, last);
    if (event->place) {
        g_string_append(out, "　");
        dj_html_text(out, event->place);
    }
    g_string_append_printf(out, "　第 %u 版</p></div>\n", view->made->version);
    if (view->made->plan->meetings)
        g_string_append(out, "<p class=\"row no-print\"><a class=\"btn\" "
                             "href=\"%E4%BC%81%E4%B8%9A%E5%8D%95%E9%A1%B5.html\">企业单页</a> "
                             "<a class=\"btn\" href=\"%E6%9C%BA%E6%9E%84%E5%8D%95%E9%A1%B5.html\">机构单页</a> "
                             "<a class=\"btn\" href=\"%E6%A1%8C%E7%89%8C.html\">桌牌</a> "
                             "<a class=\"btn\" href=\"%E6%97%B6%E9%97%B4%E8%A1%A8.xlsx\">表格</a></p>\n");
}

static void figures(GString *out, const DjEventView *view)
{
    const DjEvent *event = view->event;
    g_autoptr(GHashTable) homes = g_hash_table_new(g_str_hash, g_str_equal);
    guint asks = 0, answers = 0, musts = 0, kept = 0;
    for (guint i = 0; i < event->persons->len; i++) {
        DjEventSide side = dj_event_person(event, i)->side;
        if (dj_event_person(event, i)->gone)
            continue;
        asks += dj_event_side_has(side, 0);
        answers += dj_event_side_has(side, 1);
        const char *home = dj_event_person(event, i)->organisation;
        if (dj_event_side_has(side, 1) && home)
            g_hash_table_add(homes, (gpointer)home);
    }
    for (guint p = 0; p < event->pairs->len; p++)
        musts += dj_event_pair(event, p)->rule == DJ_PLAN_MUST;
    for (guint m = 0; m < view->made->plan->n; m++)
        kept += dj_event_view_pair(view, m)->rule == DJ_PLAN_MUST;
    g_string_append(out, "<section class=\"figs\" aria-label=\"概览\">\n");
    figure(out, "企业", "%u", asks);
    g_autofree char *answering = g_strdup_printf("发明人与机构代表，%u 家单位", g_hash_table_size(homes));
    figure(out, answering, "%u", answers);
    figure(out, "时段 × 桌", "%u × %u", event->slots, view->made->tables);
    figure(out, "场会面", "%u", view->made->plan->n);
    if (musts > 0)
        figure(out, "必见已安排", "%u / %u", kept, musts);
    g_string_append(out, "</section>\n");
    if (view->made->tables > event->tables)
        g_string_append_printf(
            out, "<p class=\"note\">常设 %u 桌不够，启用备用桌 %u 张（备用共 %u 张）：第 %u 桌起。</p>\n",
            event->tables, view->made->tables - event->tables, event->spare_tables, event->tables + 1);
}

/* Whom the organiser must tell that they were promised more. */
static void lowered(GString *out, const DjEventView *view)
{
    const DjEvent *event = view->event;
    const char *before = "<p class=\"note\">最低场次凑不满，已按最少的场次调低：";
    for (guint i = 0; i < event->persons->len; i++) {
        const DjEventPerson *person = dj_event_person(event, i);
        if (person->lowered_from == 0)
            continue;
        g_string_append(out, before);
        dj_html_text(out, dj_event_person_name(person));
        g_string_append(out, "（");
        dj_html_text(out, person->id);
        g_string_append_printf(out, "）%u → %u", person->lowered_from, person->min);
        before = "；";
    }
    for (guint k = 0; k < event->floors->len; k++) {
        const DjEventFloor *floor = g_ptr_array_index(event->floors, k);
        if (floor->lowered_from == 0)
            continue;
        g_string_append(out, before);
        dj_html_text(out, floor->value);
        g_string_append_printf(out, " %u → %u", floor->lowered_from, floor->min);
        before = "；";
    }
    if (*before != '<')
        g_string_append(out, "。</p>\n");
}

/* Why value and bound differ, and what is proved all the same. */
static const char *proof_words(const DjEventPlan *made, DjEventProof proved)
{
    if (proved != DJ_EVENT_PLAN_BY_SEARCH)
        return "在规定的计算量之内未能证明最优。";
    if (made->replanned)
        return "上界不计已公布的会面。在少动已公布会面的前提下，穷尽搜索已证明没有更高的安排（由搜索得出，证书只证上界"
               "）。";
    return "因有人缺席部分时段，上界达不到；穷尽搜索已证明没有更高的安排（由搜索得出，证书只证上界）。";
}

/* "3 次（启发式，下界 1，差 2）" */
static void comfort_words(GString *out, guint n, guint bound, const char *unit)
{
    g_string_append_printf(out, "%u %s", n, unit);
    if (n == bound)
        g_string_append(out, "（已证最少）");
    else
        g_string_append_printf(out, "（启发式，下界 %u，差 %u）", bound, n - bound);
}

static void proof(GString *out, const DjEventView *view)
{
    const DjPlan *plan = view->made->plan;
    gint64 bound = dj_event_plan_bound(view->made);
    DjEventProof proved = dj_event_plan_proof(view->made);
    g_string_append(out, "<section class=\"card\">\n<p class=\"proof\"><span class=\"nw\">总分 ");
    count(out, plan->value);
    if (proved == DJ_EVENT_PLAN_BY_CERTIFICATE) {
        g_string_append(out, " = 上界 ");
        count(out, bound);
        g_string_append(
            out, "，</span><span class=\"nw\">已证最优</span></p>\n<p class=\"s dim\">在每人最低与最高场次、桌数、"
                 "必见与禁配、利益冲突这些条件之下，任何安排都不可能超过 ");
        count(out, bound);
        g_string_append(out, " 点。复核命令：duijie event verify</p>\n");
    } else {
        g_string_append(out, "，上界 ");
        count(out, bound);
        g_string_append(out, "，</span><span class=\"nw\">差 ");
        count(out, bound - plan->value);
        g_string_append_printf(out, "</span></p>\n<p class=\"s dim\">%s</p>\n", proof_words(view->made, proved));
    }
    if (!plan->reproducible)
        g_string_append(out, "<p class=\"note\">到了规定的时间，排会中途停止：再排一次，结果可能不同。</p>\n");
    const DjPlanComfort *comfort = &view->made->comfort;
    g_string_append(out, "<p class=\"s dim\">同样这些会面，怎样排得从容：答方换桌 ");
    comfort_words(out, comfort->table_changes, comfort->table_bound, "次");
    g_string_append(out, "；两场之间空等 ");
    comfort_words(out, comfort->idle, comfort->idle_bound, "个时段");
    g_string_append(out, "。</p>\n</section>\n");
}

/* Chains get one of four tints by their order of appearance, and always their name beside it. */
static guint tint_of(GPtrArray *chains, const char *chain)
{
    if (!chain)
        chain = "未分链";
    for (guint k = 0; k < chains->len; k++)
        if (strcmp(g_ptr_array_index(chains, k), chain) == 0)
            return k % 4 + 1;
    g_ptr_array_add(chains, (gpointer)chain);
    return (chains->len - 1) % 4 + 1;
}

static gint row_y(const DjEvent *event, guint slot)
{
    gint y = HEAD;
    for (guint t = 1; t <= slot; t++)
        y += CELL_H + (event->start[t] > event->start[t - 1] + event->minutes ? 16 : 0);
    return y;
}

static void cell(GString *out, const DjEventView *view, guint m, gint x, gint y, GPtrArray *chains)
{
    const DjEventPair *pair = dj_event_view_pair(view, m);
    const DjPlanMeeting *meeting = dj_event_view_meeting(view, m);
    const DjEventPerson *a = dj_event_person(view->event, pair->who[0]),
                        *b = dj_event_person(view->event, pair->who[1]);
    char clock[6];
    dj_event_slot_clock(view->event, meeting->slot, clock);
    g_string_append_printf(out, "<g><title>%s　%u 桌　", clock, meeting->table + 1);
    dj_html_text(out, dj_event_person_name(a));
    g_string_append(out, "　");
    dj_html_text(out, dj_event_person_name(b));
    g_string_append_printf(
        out,
        "　%" G_GINT64_FORMAT " 点</title><rect class=\"cell k%u\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>"
        "<text class=\"e\" x=\"%d\" y=\"%d\">",
        pair->points, tint_of(chains, b->chain ? b->chain : a->chain), x, y, CELL_W - 1, CELL_H - 1, x + 6, y + 16);
    g_string_append(out, "<tspan class=\"w\">");
    dj_html_text(out, a->id);
    g_string_append(out, "</tspan> × ");
    dj_html_text(out, b->id);
    g_string_append_printf(out, "</text><text class=\"p\" x=\"%d\" y=\"%d\">%" G_GINT64_FORMAT " 点</text>", x + 6,
                           y + 32, pair->points);
    if (view->changed[m])
        g_string_append_printf(out,
                               "<rect class=\"moved\" x=\"%d.5\" y=\"%d.5\" width=\"%d\" height=\"%d\"/>"
                               "<text class=\"flag\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                               x + 1, y + 1, CELL_W - 4, CELL_H - 4, x + CELL_W - 8, y + 33,
                               view->change[m] == DJ_EVENT_PLAN_ADDED ? "新" : "改");
    else if (pair->rule == DJ_PLAN_MUST)
        g_string_append_printf(out,
                               "<rect class=\"pin\" x=\"%d.5\" y=\"%d.5\" width=\"%d\" height=\"%d\"/>"
                               "<text class=\"p\" x=\"%d\" y=\"%d\" text-anchor=\"end\">必见</text>",
                               x + 1, y + 1, CELL_W - 4, CELL_H - 4, x + CELL_W - 8, y + 32);
    g_string_append(out, "</g>\n");
}

static void picture(GString *out, const DjEventView *view, guint first, guint end, const gint *at, GPtrArray *chains)
{
    const DjEvent *event = view->event;
    gint width = LEFT + (gint)(end - first) * CELL_W, height = row_y(event, event->slots - 1) + CELL_H;
    g_string_append_printf(out,
                           "<div class=\"scroll\"><svg class=\"tt\" viewBox=\"0 0 %d %d\" role=\"img\" "
                           "aria-label=\"会面时间表，第 %u～%u 桌\">\n",
                           MAX(width, LEFT + WIDE_AS * CELL_W), height, first + 1, end);
    for (guint table = first; table < end; table++)
        g_string_append_printf(out, "<text class=\"h\" x=\"%d\" y=\"15\" text-anchor=\"middle\">%u 桌</text>\n",
                               LEFT + (gint)(table - first) * CELL_W + CELL_W / 2, table + 1);
    for (guint slot = 0; slot < event->slots; slot++) {
        char clock[6];
        gint y = row_y(event, slot);
        dj_event_slot_clock(event, slot, clock);
        if (slot > 0 && y > row_y(event, slot - 1) + CELL_H) {
            char pause[6];
            dj_event_clock(event->start[slot - 1] + event->minutes, pause);
            g_string_append_printf(out,
                                   "<line class=\"pause\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>"
                                   "<text class=\"p\" x=\"0\" y=\"%d\">%s 休息</text>\n",
                                   LEFT + 10, width, y - 8, y - 8, y - 4, pause);
        }
        g_string_append_printf(out, "<text class=\"h\" x=\"0\" y=\"%d\">%s</text>\n", y + 24, clock);
        for (guint table = first; table < end; table++) {
            gint m = at[slot * view->made->tables + table], x = LEFT + (gint)(table - first) * CELL_W;
            if (m >= 0)
                cell(out, view, (guint)m, x, y, chains);
            else
                g_string_append_printf(out, "<rect class=\"void\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
                                       x + 2, y + 2, CELL_W - 5, CELL_H - 5);
        }
    }
    g_string_append(out, "</svg></div>\n");
}

static void timetable(GString *out, const DjEventView *view)
{
    const DjEvent *event = view->event;
    g_autofree gint *at = g_new(gint, (gsize)event->slots * view->made->tables);
    g_autoptr(GPtrArray) chains = g_ptr_array_new();
    guint used = 1;
    for (gsize c = 0; c < (gsize)event->slots * view->made->tables; c++)
        at[c] = -1;
    for (guint m = 0; m < view->made->plan->n; m++) {
        const DjPlanMeeting *meeting = dj_event_view_meeting(view, m);
        at[meeting->slot * view->made->tables + meeting->table] = (gint)m;
        used = MAX(used, meeting->table + 1);
    }
    g_autoptr(GString) pictures = g_string_new(NULL);
    guint n_pictures = (used + TABLES_PER_PICTURE - 1) / TABLES_PER_PICTURE,
          each = (used + n_pictures - 1) / n_pictures;
    for (guint first = 0; first < used; first += each) {
        guint end = MIN(first + each, used);
        g_string_append_printf(pictures,
                               "<section class=\"card wide-page\">\n<h2>时间表（第 %u～%u 桌，共 %u 桌）</h2>\n",
                               first + 1, end, view->made->tables);
        if (first == 0)
            g_string_append(
                pictures,
                "<p class=\"xs dim\">左边是问方编号，右边是答方编号。粗框“改”“新”：本版有变动。细框“必见”：组织者指定。"
                "<span class=\"no-print\">手机上可左右滑动。</span></p>\n");
        picture(pictures, view, first, end, at, chains);
        g_string_append(pictures, "</section>\n");
    }
    g_string_append(out, "<p class=\"s no-print\">"); /* paper has no tints */
    for (guint k = 0; k < chains->len; k++) {
        g_string_append_printf(
            out,
            "<span class=\"key\"><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect class=\"k%u\" x=\".5\" "
            "y=\".5\" width=\"11\" height=\"11\"/></svg>",
            k % 4 + 1);
        dj_html_text(out, g_ptr_array_index(chains, k));
        g_string_append(out, "</span> ");
    }
    if (chains->len > 4)
        g_string_append(out, "<span class=\"dim\">（颜色四种，轮流使用）</span>");
    g_string_append(out, "</p>\n");
    g_string_append(out, pictures->str);
}

/* One line per bar: how many persons. */
static void bars(GString *out, const char *label, const char *const *names, const guint *counts, guint n,
                 const char *unit)
{
    guint most = 1;
    for (guint k = 0; k < n; k++)
        most = MAX(most, counts[k]);
    g_string_append_printf(out, "<svg class=\"dist\" viewBox=\"0 0 420 %u\" role=\"img\" aria-label=\"%s\">\n",
                           n * 22 + 2, label);
    for (guint k = 0; k < n; k++) {
        guint width = counts[k] * 240 / most;
        g_string_append_printf(
            out,
            "<text x=\"84\" y=\"%u\" text-anchor=\"end\">%s</text><rect x=\"92\" y=\"%u\" width=\"%u\" "
            "height=\"14\"/><text x=\"%u\" y=\"%u\">%u %s</text>\n",
            k * 22 + 15, names[k], k * 22 + 4, width, 98 + width, k * 22 + 15, counts[k], unit);
    }
    g_string_append(out, "</svg>\n");
}

static gboolean on_side(const DjEventPerson *person, gboolean asks)
{
    return !person->gone && dj_event_side_has(person->side, asks ? 0 : 1);
}

/* "（最低 3，最高 5）", the range where limits differ from person to person */
static void limit_words(GString *out, const DjEvent *event, gboolean asks)
{
    guint low[2] = {G_MAXUINT, 0}, high[2] = {G_MAXUINT, 0};
    for (guint i = 0; i < event->persons->len; i++) {
        const DjEventPerson *person = dj_event_person(event, i);
        if (!on_side(person, asks))
            continue;
        low[0] = MIN(low[0], person->min);
        low[1] = MAX(low[1], person->min);
        high[0] = MIN(high[0], person->max);
        high[1] = MAX(high[1], person->max);
    }
    if (low[0] > low[1])
        return;
    g_string_append_printf(out, "（最低 %u", low[0]);
    if (low[0] < low[1])
        g_string_append_printf(out, "～%u", low[1]);
    g_string_append_printf(out, "，最高 %u", high[0]);
    if (high[0] < high[1])
        g_string_append_printf(out, "～%u", high[1]);
    g_string_append(out, "）");
}

static void meeting_counts(GString *out, const DjEventView *view, gboolean asks)
{
    guint counts[DJ_PLAN_SLOTS_MAX + 1] = {0}, used[DJ_PLAN_SLOTS_MAX + 1], n = 0;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < view->event->persons->len; i++)
        if (on_side(dj_event_person(view->event, i), asks))
            counts[view->of_person[i]->len]++;
    for (guint k = 0; k <= DJ_PLAN_SLOTS_MAX; k++)
        if (counts[k] > 0) {
            used[n++] = counts[k];
            g_ptr_array_add(names, g_strdup_printf("%u 场", k));
        }
    g_string_append(out, "<h3>见几场");
    limit_words(out, view->event, asks);
    g_string_append(out, "</h3>\n");
    bars(out, "场次分布", (const char *const *)names->pdata, used, n, asks ? "家" : "位");
}

/* Points against what the same persons could have had if nobody else came. */
static void shares(GString *out, const DjEventView *view, gboolean asks)
{
    static const char *const names[] = {"九成以上", "七至九成", "五至七成", "五成以下"};
    guint counts[4] = {0}, worst = DJ_PLAN_NONE;
    gint64 worst_share = 101;
    for (guint i = 0; i < view->event->persons->len; i++) {
        gint64 points = 0, possible = view->made->possible[i];
        if (!on_side(dj_event_person(view->event, i), asks) || possible == 0)
            continue;
        for (guint k = 0; k < view->of_person[i]->len; k++)
            points += dj_event_view_pair(view, g_array_index(view->of_person[i], guint, k))->points;
        gint64 share = points * 100 / possible;
        counts[share >= 90 ? 0 : share >= 70 ? 1 : share >= 50 ? 2 : 3]++;
        if (share < worst_share) {
            worst_share = share;
            worst = i;
        }
    }
    g_string_append(out, "<h3>得到的点数占自己可能的几成</h3>\n");
    bars(out, "点数占比分布", names, counts, G_N_ELEMENTS(names), asks ? "家" : "位");
    if (worst == DJ_PLAN_NONE)
        return;
    g_string_append(out, "<p class=\"s\">最低：");
    dj_html_text(out, dj_event_person(view->event, worst)->id);
    g_string_append_printf(out, "，%" G_GINT64_FORMAT "%%。“可能”指只有自己一人参会时的最高点数。</p>\n", worst_share);
}

static void price(GString *out, const DjEventView *view)
{
    static const char *const modes[] = {"最低场次之上只求总分", "最低场次之上先求场次均匀",
                                        "最低场次之上先求最差者最好的一场"};
    const DjEventPlan *made = view->made;
    g_string_append_printf(out, "<h3>公平的代价</h3>\n<p class=\"s\">本场规则：%s。", modes[view->event->fairness]);
    if (view->event->fairness == DJ_EVENT_FAIR_BEST && made->threshold > 0)
        g_string_append_printf(out, "每个问方最好的一场不低于 %" G_GINT64_FORMAT " 点，或其可能的最高点。",
                               made->threshold);
    g_string_append(out, "<br>不保证最低场次：");
    count(out, made->price.free_value);
    g_string_append_printf(out, " 点，有 %u 人不足最低场次。<br>保证最低场次：", made->price.below_min);
    count(out, made->price.limits_value);
    g_string_append(out, " 点。<br>本方案：");
    count(out, made->plan->value);
    g_string_append(out, " 点。<br>最低场次的代价 <b>");
    count(out, made->price.free_value - made->price.limits_value);
    g_string_append_printf(out, "</b> 点，%s的代价 <b>",
                           made->replanned ? "其余规则与少动已公布会面" : "其余规则与到场时段");
    count(out, made->price.limits_value - made->plan->value);
    g_string_append(out, "</b> 点。</p>\n");
}

static void fairness(GString *out, const DjEventView *view)
{
    g_string_append(out, "<section class=\"half\">\n<div class=\"card\"><h2>公平：问方</h2>\n");
    meeting_counts(out, view, TRUE);
    shares(out, view, TRUE);
    g_string_append(out, "</div>\n<div class=\"card\"><h2>公平：答方</h2>\n");
    meeting_counts(out, view, FALSE);
    shares(out, view, FALSE);
    if (view->made->priced)
        price(out, view);
    g_string_append(out, "</div>\n</section>\n");
}

void dj_event_page(GString *out, const DjEventView *view)
{
    DjPage page = {.title = view->event->name, .audience = DJ_AUDIENCE_ORGANISER, .style = "style.css"};
    dj_page_begin(out, &page);
    g_string_append(out, "<div class=\"row between\">\n");
    head(out, view);
    g_string_append(out, "</div>\n");
    figures(out, view);
    if (view->made->plan->meetings) {
        proof(out, view);
        dj_event_changes(out, view);
        lowered(out, view);
        fairness(out, view); /* on the first sheet of paper; the pictures lie across the following ones */
        timetable(out, view);
        dj_event_people(out, view);
    } else {
        dj_event_refusal(out, view);
    }
    g_auto(GStrv) provenance = dj_event_provenance(view);
    dj_page_end(out, provenance);
}
