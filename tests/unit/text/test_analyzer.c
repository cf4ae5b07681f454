/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/text/analyzer.h"
#include "engine/text/normal.h"

#include <criterion/criterion.h>
#include <string.h>

static DjAnalyzer *analyzer;

static void set_up(void)
{
    analyzer = dj_analyzer_new(NULL);
    cr_assert_not_null(analyzer);
}

static void tear_down(void)
{
    dj_analyzer_free(analyzer);
}

TestSuite(analyzer, .init = set_up, .fini = tear_down);

/* The terms of one unit joined by '|'. */
static char *join(const char *text, gssize length, DjUnit unit)
{
    gsize n;
    const DjTerm *terms = dj_analyzer_split(analyzer, text, length, unit, &n);
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < n; i++) {
        g_string_append_printf(out, "%s%.*s", i ? "|" : "", (int)terms[i].length, terms[i].bytes);
    }
    return g_string_free(out, FALSE);
}

#define EXPECT(unit, text, expected)                                                                                   \
    do {                                                                                                               \
        g_autofree char *joined = join(text, -1, unit);                                                                \
        cr_expect_str_eq(joined, expected, "%s: got %s, want %s", text, joined, expected);                             \
    } while (0)

Test(analyzer, cuts_han_runs_into_bigrams_and_characters)
{
    EXPECT(DJ_UNIT_BIGRAM, "锂电池隔膜", "锂电|电池|池隔|隔膜");
    EXPECT(DJ_UNIT_CHAR, "锂电池", "锂|电|池");
    EXPECT(DJ_UNIT_BIGRAM, "高，强度", "高|强度");
    EXPECT(DJ_UNIT_BIGRAM, "", "");
    EXPECT(DJ_UNIT_BIGRAM, " ，。", "");
    EXPECT(DJ_UNIT_BIGRAM, "𠮷𠮷野", "𠮷𠮷|𠮷野");
}

Test(analyzer, keeps_joined_plain_runs_whole_in_every_unit)
{
    const DjUnit units[] = {DJ_UNIT_BIGRAM, DJ_UNIT_CHAR, DJ_UNIT_WORD};
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        EXPECT(units[i], "Al-Mg-Si 0.03mm, 5G+AI.", "al-mg-si|0.03mm|5g+ai");
        EXPECT(units[i], "-a--b- c. +", "a|b|c");
    }
    EXPECT(DJ_UNIT_BIGRAM, "用Al-Mg合金", "用|al-mg|合金");
}

Test(analyzer, unifies_width_case_roman_numerals_hyphens_and_traditional_characters)
{
    EXPECT(DJ_UNIT_BIGRAM, "ＭＰａ　Ⅰ類", "mpa|i|类");
    EXPECT(DJ_UNIT_BIGRAM, "A‐B A−B", "a-b|a-b");
    EXPECT(DJ_UNIT_BIGRAM, "100–120", "100|120");
    EXPECT(DJ_UNIT_BIGRAM, "鋰電池顯著", "锂电|电池|池显|显著");
    EXPECT(DJ_UNIT_BIGRAM, "显著", "显著");
    EXPECT(DJ_UNIT_BIGRAM, "锂\xe2\x80\x8b电", "锂电");
    EXPECT(DJ_UNIT_BIGRAM, "㎜", "mm");
}

Test(analyzer, segments_words_by_dictionary)
{
    EXPECT(DJ_UNIT_WORD, "锂离子电池的高性能隔膜", "锂|离子|电池|的|高性能|隔膜");
    EXPECT(DJ_UNIT_WORD, "基于LED的照明", "基于|led|的|照明");
}

Test(analyzer, groups_units_and_counts_positions)
{
    gsize n;
    const DjTerm *terms = dj_analyzer_split(analyzer, "a锂电", -1, DJ_UNIT_BIGRAM | DJ_UNIT_CHAR, &n);
    cr_assert_eq(n, 5);
    const DjUnit unit[] = {DJ_UNIT_BIGRAM, DJ_UNIT_BIGRAM, DJ_UNIT_CHAR, DJ_UNIT_CHAR, DJ_UNIT_CHAR};
    const guint32 position[] = {0, 1, 0, 1, 2}, begin[] = {0, 1, 0, 1, 4}, end[] = {1, 7, 1, 4, 7};
    for (gsize i = 0; i < n; i++) {
        cr_expect_eq(terms[i].unit, unit[i]);
        cr_expect_eq(terms[i].position, position[i]);
        cr_expect_eq(terms[i].begin, begin[i]);
        cr_expect_eq(terms[i].end, end[i]);
    }
}

Test(analyzer, survives_invalid_bytes_with_true_offsets)
{
    static const char text[] = "锂\xff\xe7\x94电\0池\xe7";
    gsize n;
    const DjTerm *terms = dj_analyzer_split(analyzer, text, sizeof text - 1, DJ_UNIT_CHAR, &n);
    cr_assert_eq(n, 3);
    const guint32 begin[] = {0, 6, 10};
    for (gsize i = 0; i < n; i++) {
        cr_expect_eq(terms[i].begin, begin[i]);
        cr_expect_eq(terms[i].end, begin[i] + 3);
        cr_expect_arr_eq(terms[i].bytes, text + begin[i], 3);
    }
}

Test(analyzer, bounds_long_runs_of_marks)
{
    g_autoptr(GString) text = g_string_new("锂e");
    for (int i = 0; i < 1000; i++) {
        g_string_append(text, "\u0301");
    }
    g_string_append(text, "电");
    gsize n;
    const DjTerm *terms = dj_analyzer_split(analyzer, text->str, (gssize)text->len, DJ_UNIT_CHAR, &n);
    cr_assert_geq(n, 2);
    cr_expect_eq(terms[0].begin, 0);
    cr_expect_eq(terms[n - 1].end, text->len);
}

/* ---- properties over random text ---- */

/* The first N_ONE_TO_ONE of these are one normalised character each and nothing else. */
#define N_ONE_TO_ONE 20

static char *make_random_text(GRand *rand, gsize n_parts)
{
    static const char *const parts[] = {
        "锂", "电", "池",     "顯",   "著",       "隔",     "膜", "的", "a",  "B", "9", "-",  ".",
        "+",  "，", "Ａ",     "①",    "𠮷",       "々",     "μ",  " ",  "㎜", "℃", "Ⅳ", "é",  "e\u0301",
        "ｶﾞ", "㍿", "\u200b", "\xff", "\xe7\x94", "\u0301", "〇", "½",  "²",  "ﬀ", "–", "高",
    };
    GString *text = g_string_new(NULL);
    const int n = g_rand_int_range(rand, 0, 60);
    for (int i = 0; i < n; i++) {
        g_string_append(text, parts[g_rand_int_range(rand, 0, (gint32)MIN(n_parts, G_N_ELEMENTS(parts)))]);
    }
    return g_string_free(text, FALSE);
}

Test(analyzer, spans_are_monotone_and_normalise_to_their_terms)
{
    DjAnalyzer *second = dj_analyzer_new(NULL);
    GRand *rand = g_rand_new_with_seed(20201120);
    for (int round = 0; round < 3000; round++) {
        const gboolean one_to_one = round % 2;
        g_autofree char *text = make_random_text(rand, one_to_one ? N_ONE_TO_ONE : G_MAXSIZE);
        const gsize length = strlen(text);
        gsize n;
        const DjTerm *terms = dj_analyzer_split(analyzer, text, -1, DJ_UNIT_BIGRAM | DJ_UNIT_CHAR | DJ_UNIT_WORD, &n);
        for (gsize i = 0; i < n; i++) {
            const DjTerm *t = &terms[i];
            cr_assert_lt(t->begin, t->end);
            cr_assert_leq(t->end, length);
            if (i > 0 && t[-1].unit == t->unit) {
                cr_assert_leq(t[-1].begin, t->begin);
                cr_assert_leq(t[-1].end, t->end);
                cr_assert_lt(t[-1].position, t->position);
            }
            gsize n_again, n_normalised;
            dj_analyzer_split(second, text + t->begin, t->end - t->begin, t->unit, &n_again);
            const char *normalised = dj_analyzer_get_normalised(second, &n_normalised);
            g_autofree char *term = g_strndup(t->bytes, t->length);
            cr_assert_not_null(g_strstr_len(normalised, (gssize)n_normalised, term), "in %s", text);
            /* A character that becomes several (㎜) shares its span among them; all others have a span of their own. */
            cr_assert(!one_to_one || n_normalised == t->length, "%s in %s", term, text);
        }
    }
    g_rand_free(rand);
    dj_analyzer_free(second);
}

static gboolean contains(const DjTerm *terms, gsize n, const char *bytes, gsize length)
{
    for (gsize i = 0; i < n; i++) {
        if (terms[i].length == length && memcmp(terms[i].bytes, bytes, length) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

Test(analyzer, finds_every_shared_run_of_two_han_characters)
{
    static const char *const han[] = {"锂", "电", "池", "顯", "著", "隔", "膜", "的"};
    DjAnalyzer *second = dj_analyzer_new(NULL);
    GRand *rand = g_rand_new_with_seed(7);
    for (int round = 0; round < 2000; round++) {
        g_autoptr(GString) shared = g_string_new(NULL);
        const int n_shared = g_rand_int_range(rand, 2, 6);
        for (int i = 0; i < n_shared; i++) {
            g_string_append(shared, han[g_rand_int_range(rand, 0, G_N_ELEMENTS(han))]);
        }
        g_autofree char *before = make_random_text(rand, G_MAXSIZE), *after = make_random_text(rand, G_MAXSIZE);
        /* A combining mark right after the run would belong to its last character. */
        g_autofree char *text = g_strconcat(before, shared->str, " ", after, NULL);
        gsize n, n_query;
        const DjTerm *terms = dj_analyzer_split(analyzer, text, -1, DJ_UNIT_BIGRAM, &n);
        const DjTerm *query = dj_analyzer_split(second, shared->str, -1, DJ_UNIT_BIGRAM, &n_query);
        cr_assert_eq(n_query, (gsize)n_shared - 1);
        for (gsize i = 0; i < n_query; i++) {
            cr_assert(contains(terms, n, query[i].bytes, query[i].length), "%s in %s", shared->str, text);
        }
    }
    g_rand_free(rand);
    dj_analyzer_free(second);
}

/* ---- the normaliser alone ---- */

Test(normaliser, keeps_case_and_remembers_sources)
{
    DjNormaliser *normaliser = dj_normaliser_new(DJ_NORMAL_KEEP_CASE, NULL);
    gsize n;
    const DjNormalChar *chars = dj_normaliser_run(normaliser, "1ＭW\u200b²℃", -1, &n);
    const guint32 want[] = {'1', 'M', 'W', '2', 0xb0, 'C'};
    const guint32 source[] = {'1', 0xff2d, 'W', 0xb2, 0x2103, 0x2103};
    cr_assert_eq(n, G_N_ELEMENTS(want));
    for (gsize i = 0; i < n; i++) {
        cr_expect_eq(chars[i].c, want[i]);
        cr_expect_eq(chars[i].source, source[i]);
    }
    cr_expect_eq(chars[5].begin, chars[4].begin);
    cr_expect_eq(chars[5].end, chars[4].end);
    dj_normaliser_free(normaliser);
}
