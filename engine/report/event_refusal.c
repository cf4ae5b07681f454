/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the overview that says why there is no plan, and what could be relaxed. */
#include "engine/report/event_words.h"
#include "engine/report/wording.h"

/* "E001 甲公司" */
static void put_person(GString *out, const DjEvent *event, guint i)
{
    const DjEventPerson *person = dj_event_person(event, i);
    dj_html_text(out, person->id);
    if (!person->name)
        return;
    g_string_append_c(out, ' ');
    dj_html_text(out, person->name);
}

static void put_persons(GString *out, const DjEvent *event, const GArray *persons)
{
    for (guint k = 0; k < persons->len; k++) {
        g_string_append(out, k > 0 ? "、" : "");
        put_person(out, event, g_array_index(persons, guint, k));
    }
}

static void names_of_groups(GString *out, const DjEventPlan *made, const GArray *groups)
{
    for (guint k = 0; k < groups->len; k++) {
        g_string_append(out, k > 0 ? "、" : "");
        dj_html_text(out, made->numbers->group_names[g_array_index(groups, guint, k)]);
    }
}

static void relaxation(GString *out, const DjEventPlan *made, const DjPlanRelaxation *way)
{
    static const char *const words[] = {"放宽最低场次", "提高最高场次或延长到场", "加桌"};
    g_string_append_printf(out, "<tr><td>%s，共 %u 场：", words[way->kind], way->missing);
    for (guint k = 0; k < way->changes->len; k++) {
        const DjPlanChange *change = &g_array_index(way->changes, DjPlanChange, k);
        g_string_append(out, k > 0 ? "；" : "");
        if (way->kind == DJ_PLAN_ADD_TABLES)
            g_string_append(out, "桌");
        else if (change->is_group)
            dj_html_text(out, made->numbers->group_names[change->index]);
        else
            put_person(out, made->event, change->index);
        g_string_append_printf(out, " %u→%u", change->from, change->to);
    }
    g_string_append(out, "</td><td class=\"num\">");
    dj_wording_count(out, (guint64)MAX(way->value, 0));
    g_string_append(out, "</td></tr>\n");
}

/* "9 家企业", "4 位发明人"; "13 位参会者" where sides are mixed. */
static char *head_count(const DjEvent *event, const GArray *persons)
{
    DjEventSide side = dj_event_person(event, g_array_index(persons, guint, 0))->side;
    for (guint k = 1; k < persons->len; k++)
        if (dj_event_person(event, g_array_index(persons, guint, k))->side != side)
            return g_strdup_printf("%u 位参会者", persons->len);
    return side == DJ_EVENT_BOTH ? g_strdup_printf("%u 位参会者", persons->len)
                                 : g_strdup_printf("%u %s%s", persons->len, side == DJ_EVENT_SUPPLY ? "位" : "家",
                                                   dj_event_side_name(side));
}

/* "这 9 家企业和 1 场必见" */
static void demands(GString *out, const DjEvent *event, const GArray *needy, const GArray *floors, const GArray *musts)
{
    if (needy->len > 0) {
        g_autofree char *count = head_count(event, needy);
        g_string_append_printf(out, "这 %s", count);
    }
    if (floors->len > 0)
        g_string_append_printf(out, "%s%u 个分组的下限", needy->len > 0 ? "和" : "", floors->len);
    if (musts->len > 0)
        g_string_append_printf(out, "%s%u 场必见", needy->len + floors->len > 0 ? "和" : "", musts->len);
}

static void contradiction(GString *out, const DjEventView *view, const DjPlanBlock *block)
{
    const DjEventPlan *made = view->made;
    g_string_append(out, "<div class=\"note note-no\"><p><b>");
    demands(out, view->event, block->needy, block->floors, block->musts);
    g_string_append_printf(out, "，合起来最低要求 %" G_GINT64_FORMAT " 场；", block->required);
    if (block->scarce->len > 0) {
        g_autofree char *scarce = head_count(view->event, block->scarce);
        g_string_append_printf(out, "受 %s能见的场次所限，", scarce);
    }
    if (block->caps->len > 0)
        g_string_append_printf(out, "受 %u 个团队上限所限，", block->caps->len);
    if (block->tables)
        g_string_append(out, "受桌数所限，");
    g_string_append_printf(out, "最多能给 %" G_GINT64_FORMAT " 场；差 %" G_GINT64_FORMAT " 场。</b></p>\n",
                           block->available, block->required - block->available);
    g_string_append(out, "<p class=\"s\">");
    if (block->needy->len > 0) {
        g_string_append(out, "要求方：");
        put_persons(out, view->event, block->needy);
    }
    if (block->floors->len > 0) {
        g_string_append(out, "　分组：");
        names_of_groups(out, made, block->floors);
    }
    if (block->scarce->len > 0) {
        g_string_append(out, "　受限方：");
        put_persons(out, view->event, block->scarce);
    }
    if (block->caps->len > 0) {
        g_string_append(out, "　团队：");
        names_of_groups(out, made, block->caps);
    }
    g_string_append(out, "</p>\n");
    if (block->irreducible)
        g_string_append(out, "<p class=\"s\">去掉其中任何一条要求，其余要求就不再互相矛盾。</p>");
    g_string_append(out, "</div>\n<table class=\"tb\"><thead><tr><th>可以怎么放宽（改动少的在前）</th><th "
                         "class=\"num\">选配总分</th></tr></thead><tbody>\n");
    for (guint k = 0; k < made->relaxations->len; k++)
        relaxation(out, made, g_ptr_array_index(made->relaxations, k));
    g_string_append(out, "</tbody></table>\n");
}

/* "E001：至少 2 场，在场 3 个时段（18:30 18:45 19:00）" */
static void needy_line(GString *out, const DjEventView *view, guint i)
{
    const DjEvent *event = view->event;
    const DjPlanProblem *problem = &view->made->numbers->problem;
    guint64 open = problem->persons[i].open & dj_plan_all_slots(problem);
    g_string_append(out, "<p class=\"s\">");
    put_person(out, event, i);
    g_string_append_printf(out, "：至少 %u 场，在场 %d 个时段", dj_plan_person_need(problem, i),
                           __builtin_popcountll(open));
    const char *before = "（";
    for (guint t = 0; t < event->slots && open != dj_plan_all_slots(problem); t++) {
        if (!(open >> t & 1))
            continue;
        g_string_append_printf(out, "%s%02u:%02u", before, event->start[t] / 60, event->start[t] % 60);
        before = " ";
    }
    g_string_append(out, open != dj_plan_all_slots(problem) && open ? "）</p>\n" : "</p>\n");
}

static void clash(GString *out, const DjEventView *view)
{
    const DjPlanClash *clash = view->made->clash;
    if (!clash) {
        g_string_append(out, "<div class=\"note note-no\"><p><b>按各人在场的时段排不下。</b></p></div>\n");
        return;
    }
    g_string_append(out, "<div class=\"note note-no\"><p><b>");
    demands(out, view->event, clash->needy, clash->floors, clash->musts);
    g_string_append_printf(out, "，合起来要求 %" G_GINT64_FORMAT " 场；按各人在场的时段排不下。</b></p>\n",
                           clash->required);
    for (guint k = 0; k < clash->needy->len; k++)
        needy_line(out, view, g_array_index(clash->needy, guint, k));
    if (clash->floors->len > 0) {
        g_string_append(out, "<p class=\"s\">分组：");
        names_of_groups(out, view->made, clash->floors);
        g_string_append(out, "</p>\n");
    }
    for (guint k = 0; k < clash->musts->len; k++) {
        const DjEventPair *pair = dj_event_pair(view->event, g_array_index(clash->musts, guint, k));
        g_string_append(out, k > 0 ? "，" : "<p class=\"s\">必见：");
        dj_html_text(out, dj_event_person(view->event, pair->who[0])->id);
        g_string_append(out, " × ");
        dj_html_text(out, dj_event_person(view->event, pair->who[1])->id);
    }
    g_string_append(out, clash->musts->len > 0 ? "</p>\n" : "");
    if (clash->irreducible)
        g_string_append(out, "<p class=\"s\">去掉其中任何一条要求，其余要求就排得下。</p>");
    g_string_append(out, "</div>\n");
}

void dj_event_refusal(GString *out, const DjEventView *view)
{
    const DjPlan *plan = view->made->plan;
    g_string_append(out, "<section class=\"card\">\n<h2>为什么排不满</h2>\n");
    if (view->made->block) {
        contradiction(out, view, view->made->block);
    } else if (plan->status == DJ_PLAN_INFEASIBLE) {
        clash(out, view);
    } else {
        g_string_append_printf(out, "<div class=\"note\"><p>在规定的%s之内没有找到安排，也没有证明不存在。</p></div>\n",
                               plan->reproducible ? "计算量" : "时间");
    }
    g_string_append(out, "</section>\n");
}
