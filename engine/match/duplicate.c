/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/duplicate.h"
#include <string.h>

typedef struct {
    guint64 *piece; /* distinct bigrams, ascending */
    guint n;
} Text;

struct DjDuplicates {
    DjNormaliser *normaliser;
    GArray *texts; /* Text */
};

static void text_clear(gpointer data)
{
    g_free(((Text *)data)->piece);
}

DjDuplicates *dj_duplicates_new(GError **error)
{
    DjNormaliser *normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, error);
    if (!normaliser)
        return NULL;
    DjDuplicates *duplicates = g_new0(DjDuplicates, 1);
    duplicates->normaliser = normaliser;
    duplicates->texts = g_array_new(FALSE, FALSE, sizeof(Text));
    g_array_set_clear_func(duplicates->texts, text_clear);
    return duplicates;
}

void dj_duplicates_free(DjDuplicates *duplicates)
{
    if (!duplicates)
        return;
    dj_normaliser_free(duplicates->normaliser);
    g_array_unref(duplicates->texts);
    g_free(duplicates);
}

static gint compare_pieces(gconstpointer a, gconstpointer b)
{
    guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;
    return (x > y) - (x < y);
}

void dj_duplicates_add(DjDuplicates *duplicates, const char *text)
{
    gsize n_chars;
    const DjNormalChar *chars = dj_normaliser_run(duplicates->normaliser, text, -1, &n_chars);
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(guint64));
    gunichar last = 0;
    for (gsize i = 0; i < n_chars; i++) {
        gunichar c = chars[i].c;
        if (!g_unichar_isalnum(c))
            continue;
        guint64 piece = ((guint64)last << 32) | c;
        if (last)
            g_array_append_val(pieces, piece);
        last = c;
    }
    g_array_sort(pieces, compare_pieces);
    guint n = 0;
    for (guint i = 0; i < pieces->len; i++)
        if (n == 0 || g_array_index(pieces, guint64, i) != g_array_index(pieces, guint64, n - 1))
            g_array_index(pieces, guint64, n++) = g_array_index(pieces, guint64, i);
    Text entry = {g_memdup2(pieces->data, n * sizeof(guint64)), n};
    g_array_append_val(duplicates->texts, entry);
}

static guint count_shared(const Text *x, const Text *y)
{
    guint i = 0, j = 0, n = 0;
    while (i < x->n && j < y->n) {
        if (x->piece[i] == y->piece[j]) {
            n++;
            i++;
            j++;
        } else if (x->piece[i] < y->piece[j]) {
            i++;
        } else {
            j++;
        }
    }
    return n;
}

/* Rarest first, then by value: the order in which prefixes are taken. */
static gint compare_rarity(gconstpointer a, gconstpointer b, gpointer user)
{
    guint x = GPOINTER_TO_UINT(g_hash_table_lookup(user, a)), y = GPOINTER_TO_UINT(g_hash_table_lookup(user, b));
    return x != y ? (x < y ? -1 : 1) : compare_pieces(a, b);
}

static GHashTable *count_pieces(const GArray *texts)
{
    GHashTable *count = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint t = 0; t < texts->len; t++) {
        const Text *text = &g_array_index(texts, Text, t);
        for (guint i = 0; i < text->n; i++) {
            guint n = GPOINTER_TO_UINT(g_hash_table_lookup(count, &text->piece[i]));
            g_hash_table_insert(count, &text->piece[i], GUINT_TO_POINTER(n + 1));
        }
    }
    return count;
}

static gint compare_likeness(gconstpointer a, gconstpointer b)
{
    const DjLikeness *x = a, *y = b;
    return x->a != y->a ? (x->a < y->a ? -1 : 1) : (x->b > y->b) - (x->b < y->b);
}

void dj_duplicates_find(const DjDuplicates *duplicates, guint permille, GArray *out)
{
    const GArray *texts = duplicates->texts;
    g_autoptr(GHashTable) count = count_pieces(texts);
    g_autoptr(GHashTable) index =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)g_array_unref);
    g_autofree guint *seen = g_new0(guint, texts->len + 1); /* last text, plus 1, that met this candidate */
    for (guint t = 0; t < texts->len; t++) {
        const Text *text = &g_array_index(texts, Text, t);
        if (text->n == 0)
            continue;
        g_autofree guint64 *rare = g_memdup2(text->piece, text->n * sizeof(guint64));
        g_qsort_with_data(rare, (gint)text->n, sizeof *rare, compare_rarity, count);
        /* a pair of that likeness shares at least ceil(p n) pieces with each side, so one of the rarest n - that + 1 */
        guint prefix = text->n - (guint)(((guint64)permille * text->n + 999) / 1000) + 1;
        for (guint i = 0; i < prefix; i++) {
            GArray *list = g_hash_table_lookup(index, &rare[i]);
            for (guint k = 0; list && k < list->len; k++) {
                guint other = g_array_index(list, guint, k);
                if (seen[other] == t + 1)
                    continue;
                seen[other] = t + 1;
                const Text *o = &g_array_index(texts, Text, other);
                guint shared = count_shared(text, o);
                DjLikeness pair = {other, t, shared, text->n + o->n - shared};
                if ((guint64)shared * 1000 >= (guint64)permille * pair.all)
                    g_array_append_val(out, pair);
            }
        }
        for (guint i = 0; i < prefix; i++) {
            GArray *list = g_hash_table_lookup(index, &rare[i]);
            if (!list) {
                list = g_array_new(FALSE, FALSE, sizeof(guint));
                const guint64 *kept = bsearch(&rare[i], text->piece, text->n, sizeof(guint64), compare_pieces);
                g_hash_table_insert(index, (gpointer)kept, list);
            }
            g_array_append_val(list, t);
        }
    }
    g_array_sort(out, compare_likeness);
}
