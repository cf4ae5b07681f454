/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Likeness against its definition: every pair counted in full, on random texts with planted near-copies. */
#include "engine/match/duplicate.h"
#include <criterion/criterion.h>

static GHashTable *pieces_of(const char *text)
{
    GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (const char *p = text; *p && *g_utf8_next_char(p); p = g_utf8_next_char(p))
        g_hash_table_add(set, g_strndup(p, (gsize)(g_utf8_next_char(g_utf8_next_char(p)) - p)));
    return set;
}

static void count(GHashTable *x, GHashTable *y, guint *shared, guint *all)
{
    GHashTableIter iter;
    gpointer key;
    *shared = 0;
    g_hash_table_iter_init(&iter, x);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        *shared += g_hash_table_contains(y, key);
    *all = g_hash_table_size(x) + g_hash_table_size(y) - *shared;
}

Test(duplicate, finds_exactly_the_pairs_of_the_definition)
{
    GRand *rand = g_rand_new_with_seed(5);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    g_autoptr(DjDuplicates) duplicates = dj_duplicates_new(2, &error);
    cr_assert_not_null(duplicates);
    for (guint i = 0; i < 150; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        if (i > 0 && i % 3 == 0) { /* a copy with some characters changed */
            const char *model = texts->pdata[g_rand_int_range(rand, 0, (gint)i)];
            for (const char *p = model; *p; p = g_utf8_next_char(p))
                g_string_append_unichar(text, g_rand_int_range(rand, 0, 12) ? g_utf8_get_char(p) : 0x5170);
        } else {
            guint length = (guint)g_rand_int_range(rand, 0, 30);
            for (guint k = 0; k < length; k++)
                g_string_append_unichar(text, 0x5200 + (gunichar)g_rand_int_range(rand, 0, 12));
        }
        dj_duplicates_add(duplicates, text->str);
        g_ptr_array_add(texts, g_strdup(text->str));
    }
    static const guint least[] = {1, 333, 500, 700, 900, 1000};
    for (gsize l = 0; l < G_N_ELEMENTS(least); l++) {
        g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(DjLikeness));
        dj_duplicates_find(duplicates, least[l], out);
        guint next = 0;
        for (guint a = 0; a < texts->len; a++)
            for (guint b = a + 1; b < texts->len; b++) {
                g_autoptr(GHashTable) x = pieces_of(texts->pdata[a]), y = pieces_of(texts->pdata[b]);
                guint shared, all;
                count(x, y, &shared, &all);
                if (shared == 0 || 1000 * shared < least[l] * all)
                    continue;
                cr_assert_lt(next, out->len, "%u permille: missed %u %u", least[l], a, b);
                const DjLikeness *found = &g_array_index(out, DjLikeness, next++);
                cr_assert(found->a == a && found->b == b && found->shared == shared && found->all == all,
                          "%u permille: %u %u", least[l], a, b);
            }
        cr_assert_eq(next, out->len);
    }
    g_rand_free(rand);
}

Test(duplicate, width_and_punctuation_make_no_difference)
{
    g_autoptr(DjDuplicates) duplicates = dj_duplicates_new(2, NULL);
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(DjLikeness));
    dj_duplicates_add(duplicates, "云汀ＡＢＣ（武汉）科技");
    dj_duplicates_add(duplicates, "云汀abc(武汉) 科技");
    dj_duplicates_add(duplicates, "");
    dj_duplicates_find(duplicates, 1000, out);
    cr_assert_eq(out->len, 1);
}
