/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the words that two texts share are shown: whole words, by the borders that either text has, and none that
 * many needs say. */
#include "tests/unit/match/fixture.h"
#include <criterion/criterion.h>
#include <string.h>

typedef struct {
    const char *need, *patent, *expected; /* titles; phrases in reading order of the need, each followed by a bar */
} Case;

static void put(Ground *ground, DjTable table, int id_field, const char *id, int title_field, const char *title)
{
    g_autoptr(DjRecord) record = dj_record_new(table);
    dj_record_set(record, id_field, id);
    dj_record_set(record, title_field, title);
    ground_put(ground, record);
}

/* Puts need C<i> and patent C<i> of every case among `n` random needs, `n_say` of which say `word`. */
static void make(Ground *ground, const Case *cases, gsize n_cases, guint n, const char *word, guint n_say)
{
    ground_make(ground, 30, n - n_say, 0, 400, 21);
    for (guint i = 0; i < n_say; i++) {
        g_autofree char *id = g_strdup_printf("SAYS%u", i);
        g_autofree char *title = g_strdup_printf("%s%c%c", word, 'a' + i % 26, 'a' + i / 26);
        put(ground, DJ_TABLE_NEED, DJ_NEED_ID, id, DJ_NEED_TITLE, title);
    }
    for (gsize i = 0; i < n_cases; i++) {
        g_autofree char *id = g_strdup_printf("C%zu", i);
        put(ground, DJ_TABLE_NEED, DJ_NEED_ID, id, DJ_NEED_TITLE, cases[i].need);
        put(ground, DJ_TABLE_PATENT, DJ_PATENT_SOURCE_ID, id, DJ_PATENT_TITLE, cases[i].patent);
    }
    g_clear_pointer(&ground->model, dj_model_free);
    ground->options.top = 100;
    ground->options.scoring.min_score = 0;
    DjBuildResult built;
    ground_build(ground, &built);
}

static char *phrases(const DjPairing *pairing)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint32 at = 0; at < 200; at++)
        for (guint p = 0; p < pairing->parts->len; p++) {
            const DjPart *part = pairing->parts->pdata[p];
            if (part->kind == DJ_PART_PHRASE && part->need.char_begin == at)
                g_string_append_printf(out, "%s|", part->text);
        }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void check(const Ground *ground, const Case *cases, gsize n_cases)
{
    g_autoptr(DjResultSet) set = dj_match(ground->corpus, &ground->records, &ground->options, NULL);
    cr_assert(set != NULL);
    gsize n_found = 0;
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        if (pairing->need[0] != 'C' || strcmp(pairing->need, pairing->patent) != 0)
            continue;
        const Case *expect = &cases[g_ascii_digit_value(pairing->need[1])];
        g_autofree char *shown = phrases(pairing);
        cr_expect_str_eq(shown, expect->expected, "%s / %s: %s", expect->need, expect->patent, shown);
        cr_expect_eq(dj_pairing_parts_sum(pairing), pairing->points);
        n_found++;
    }
    cr_expect_eq(n_found, n_cases);
}

Test(shown, whole_words_by_the_borders_of_either_text)
{
    static const Case cases[] = {
        {"基于大容量锂电池的储能柜", "大容量锂电池包", "大容量锂电池|"},
        {"无土栽培的番茄", "一种无土栽培装置", "无土栽培|"},
        {"不锈钢冶炼炉渣", "不锈钢冶炼炉渣处理", "不锈钢冶炼炉渣|"},
        {"非晶合金带材", "一种非晶合金铁芯", "非晶合金|"},
        {"焊接机器人的标定", "焊接机器人的夹具", "焊接机器人|"},
        {"对陶瓷基板的要求", "对陶瓷基板进行烧结", "陶瓷基板|"},
    };
    Ground ground;
    make(&ground, cases, G_N_ELEMENTS(cases), 30, "", 0);
    check(&ground, cases, G_N_ELEMENTS(cases));
    ground_free(&ground);
}

Test(shown, pieces_of_quantities_are_no_shared_words)
{
    static const Case cases[] = {
        {"陶瓷基板 170 W/(m·K)", "陶瓷基板导热 180 W/(m·K)", "陶瓷基板|"},
        {"水泥熟料 10 mm", "水泥熟料粒度 12 mm", "水泥熟料|"},
        {"非晶合金 1200", "非晶合金在 1200 度退火", "非晶合金|"},
        {"焊接机器人 AGV", "焊接机器人与 AGV", "焊接机器人|AGV|"},
        {"锂电池 BMS 20 V", "20 V 的 BMS 用于锂电池", "锂电池|BMS|"},
    };
    Ground ground;
    make(&ground, cases, G_N_ELEMENTS(cases), 30, "", 0);
    check(&ground, cases, G_N_ELEMENTS(cases));
    ground_free(&ground);
}

Test(shown, what_many_needs_say_is_not_shown_and_what_a_few_say_is)
{
    static const struct {
        guint n_say;
        Case expect;
    } cases[] = {
        {10, {"水泥熟料、陶瓷基板", "陶瓷基板与水泥熟料", "水泥熟料|陶瓷基板|"}},
        {60, {"水泥熟料、陶瓷基板", "陶瓷基板与水泥熟料", "陶瓷基板|"}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Ground ground;
        make(&ground, &cases[i].expect, 1, 200, "水泥熟料", cases[i].n_say);
        check(&ground, &cases[i].expect, 1);
        ground_free(&ground);
    }
}
