/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary at the end counts shown verdicts only: a total that included withheld ones would give them away. */
#include "engine/report/gate_text.h"

static const char *mark_of(DjVerdict verdict)
{
    return verdict == DJ_MET ? "√ 满足　" : verdict == DJ_UNKNOWN ? "? 待核　" : "× 不满足";
}

static void put_line(GString *out, const char *label, const char *text)
{
    if (text && *text)
        g_string_append_printf(out, "      %s%s\n", label, text);
}

void dj_gate_text(GString *out, DjAudience audience, const DjRuleSet *rules, const DjRecord *record, int now)
{
    guint n[3] = {0}, withheld = 0;
    DjVerdict hard = DJ_MET;
    g_string_append_printf(out, "规则集 %s %s（%s，%s 起）\n", rules->id, rules->version, rules->jurisdiction,
                           rules->date);
    for (guint i = 0; i < rules->rules->len; i++) {
        const DjRule *rule = rules->rules->pdata[i];
        DjGateResult *result = dj_rule_judge(rule, record, now);
        gboolean shown = dj_audience_sees(audience, result->privacy);
        g_string_append_printf(out, "  %s  %s　[%s，%s]\n", shown ? mark_of(result->verdict) : "- 保密　", rule->name,
                               rule->id, rule->hard ? "必须" : "原则上");
        put_line(out, "依据：", rule->source);
        if (shown) {
            put_line(out, "看到：", result->value);
            put_line(out, "请问：", result->ask);
            n[result->verdict]++;
            if (rule->hard)
                hard = dj_verdict_and(hard, result->verdict);
        } else {
            withheld++;
        }
        dj_gate_result_free(result);
    }
    g_string_append_printf(out, "满足 %u，不满足 %u，待核 %u", n[DJ_MET], n[DJ_NOT_MET], n[DJ_UNKNOWN]);
    if (withheld > 0)
        g_string_append_printf(out, "；另有 %u 条所看的内容“%s”受众看不到，不作结论\n", withheld,
                               dj_audience_label(audience));
    else
        g_string_append_printf(out, "；必须条件：%s\n", dj_verdict_label(hard));
}
