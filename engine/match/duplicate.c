/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/duplicate.h"
#include <stdlib.h>
#include <string.h>

#define MAX_PIECE     8
#define TABLE_BITS    20 /* buckets of the counts and of the index; hashes that share one are told apart later */
#define BUCKET(piece) ((piece) >> (32 - TABLE_BITS))
#define NONE          G_MAXUINT32

struct DjDuplicates {
    guint piece;
    DjNormaliser *normaliser;
    GArray *end;    /* gsize: end of each text in pieces */
    GArray *pieces; /* guint32: distinct hashes of each text, ascending */
};

typedef struct {
    const guint32 *piece;
    guint n;
} Text;

static guint n_texts(const DjDuplicates *duplicates)
{
    return duplicates->end->len;
}

static Text text_at(const DjDuplicates *duplicates, guint t)
{
    gsize begin = t > 0 ? g_array_index(duplicates->end, gsize, t - 1) : 0;
    return (Text){&g_array_index(duplicates->pieces, guint32, begin),
                  (guint)(g_array_index(duplicates->end, gsize, t) - begin)};
}

DjDuplicates *dj_duplicates_new(guint piece, GError **error)
{
    g_return_val_if_fail(piece >= 2 && piece <= MAX_PIECE, NULL);
    DjNormaliser *normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, error);
    if (!normaliser)
        return NULL;
    DjDuplicates *duplicates = g_new0(DjDuplicates, 1);
    duplicates->piece = piece;
    duplicates->normaliser = normaliser;
    duplicates->end = g_array_new(FALSE, FALSE, sizeof(gsize));
    duplicates->pieces = g_array_sized_new(FALSE, FALSE, sizeof(guint32), 64);
    return duplicates;
}

void dj_duplicates_free(DjDuplicates *duplicates)
{
    if (!duplicates)
        return;
    dj_normaliser_free(duplicates->normaliser);
    g_array_unref(duplicates->end);
    g_array_unref(duplicates->pieces);
    g_free(duplicates);
}

static gint compare_pieces(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
    return (x > y) - (x < y);
}

/* Mixes the last characters, which stand in a ring; `next` is the place of the oldest. */
static guint32 hash_piece(const guint32 *ring, guint length, guint next)
{
    guint64 hash = 0;
    for (guint i = 0; i < length; i++) {
        hash = (hash ^ ring[(next + i) % length]) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return (guint32)(hash >> 32);
}

void dj_duplicates_add(DjDuplicates *duplicates, const char *text)
{
    gsize n_chars, begin = duplicates->pieces->len;
    const DjNormalChar *chars = dj_normaliser_run(duplicates->normaliser, text, -1, &n_chars);
    guint32 ring[MAX_PIECE];
    guint length = duplicates->piece, seen = 0;
    for (gsize i = 0; i < n_chars; i++) {
        if (!g_unichar_isalnum(chars[i].c))
            continue;
        ring[seen++ % length] = chars[i].c;
        if (seen < length)
            continue;
        guint32 piece = hash_piece(ring, length, seen % length);
        g_array_append_val(duplicates->pieces, piece);
    }
    guint32 *piece = (guint32 *)(gpointer)duplicates->pieces->data + begin;
    gsize n = duplicates->pieces->len - begin, kept = 0;
    if (n > 1)
        qsort(piece, n, sizeof *piece, compare_pieces);
    for (gsize i = 0; i < n; i++)
        if (kept == 0 || piece[i] != piece[kept - 1])
            piece[kept++] = piece[i];
    gsize end = begin + kept;
    g_array_set_size(duplicates->pieces, (guint)end);
    g_array_append_val(duplicates->end, end);
}

static guint count_shared(const Text *x, const Text *y)
{
    guint i = 0, j = 0, n = 0;
    while (i < x->n && j < y->n) {
        guint32 a = x->piece[i], b = y->piece[j];
        n += a == b;
        i += a <= b;
        j += b <= a;
    }
    return n;
}

/* ---- the index of rare pieces ---- */

typedef struct {
    guint32 piece, text, next; /* next posting of the bucket, older; NONE ends */
} Posting;

typedef struct {
    const DjDuplicates *duplicates;
    guint permille;
    guint32 *count; /* per bucket: pieces of all texts; how rare a piece is, near enough to order by */
    guint32 *head;  /* per bucket: newest posting */
    GArray *postings;
    GArray *rare;  /* guint64: pieces of the text at hand, rarest first */
    guint32 *seen; /* per text: number plus 1 of the last text that it was compared with */
} Search;

static void search_init(Search *search, const DjDuplicates *duplicates, guint permille)
{
    *search = (Search){.duplicates = duplicates,
                       .permille = permille,
                       .count = g_new0(guint32, 1u << TABLE_BITS),
                       .head = g_new(guint32, 1u << TABLE_BITS),
                       .postings = g_array_new(FALSE, FALSE, sizeof(Posting)),
                       .rare = g_array_new(FALSE, FALSE, sizeof(guint64)),
                       .seen = g_new0(guint32, n_texts(duplicates) + 1)};
    memset(search->head, 0xFF, sizeof(guint32) << TABLE_BITS);
    for (guint i = 0; i < duplicates->pieces->len; i++)
        search->count[BUCKET(g_array_index(duplicates->pieces, guint32, i))]++;
}

static void search_clear(Search *search)
{
    g_free(search->count);
    g_free(search->head);
    g_free(search->seen);
    g_array_unref(search->postings);
    g_array_unref(search->rare);
}

static gint compare_rarity(gconstpointer a, gconstpointer b)
{
    guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;
    return (x > y) - (x < y);
}

/* A pair of that likeness shares at least ceil(p n) pieces with each side, so one of the rarest n - that + 1. */
static void take_rare(Search *search, const Text *text)
{
    g_array_set_size(search->rare, 0);
    for (guint i = 0; i < text->n; i++) {
        guint64 key = ((guint64)search->count[BUCKET(text->piece[i])] << 32) | text->piece[i];
        g_array_append_val(search->rare, key);
    }
    if (text->n > 1)
        qsort(search->rare->data, text->n, sizeof(guint64), compare_rarity);
    guint must = (guint)(((guint64)search->permille * text->n + 999) / 1000);
    g_array_set_size(search->rare, text->n > 0 ? text->n - must + 1 : 0);
}

/* Appends DjLikeness with every indexed text that is like t. */
static void meet(Search *search, guint t, const Text *text, GArray *out)
{
    guint64 p = search->permille;
    for (guint i = 0; i < search->rare->len; i++) {
        guint32 piece = (guint32)g_array_index(search->rare, guint64, i);
        for (guint32 at = search->head[BUCKET(piece)]; at != NONE;) {
            Posting posting = g_array_index(search->postings, Posting, at);
            at = posting.next;
            if (posting.piece != piece || search->seen[posting.text] == t + 1)
                continue;
            search->seen[posting.text] = t + 1;
            Text other = text_at(search->duplicates, posting.text);
            if (1000 * (guint64)MIN(text->n, other.n) < p * MAX(text->n, other.n))
                continue;
            guint shared = count_shared(text, &other);
            DjLikeness pair = {posting.text, t, shared, text->n + other.n - shared};
            if (1000 * (guint64)shared >= p * pair.all)
                g_array_append_val(out, pair);
        }
    }
}

static void index_text(Search *search, guint t)
{
    for (guint i = 0; i < search->rare->len; i++) {
        guint32 piece = (guint32)g_array_index(search->rare, guint64, i);
        Posting posting = {piece, t, search->head[BUCKET(piece)]};
        search->head[BUCKET(piece)] = search->postings->len;
        g_array_append_val(search->postings, posting);
    }
}

static gint compare_likeness(gconstpointer a, gconstpointer b)
{
    const DjLikeness *x = a, *y = b;
    return x->a != y->a ? (x->a < y->a ? -1 : 1) : (x->b > y->b) - (x->b < y->b);
}

void dj_duplicates_find(const DjDuplicates *duplicates, guint permille, GArray *out)
{
    Search search;
    search_init(&search, duplicates, permille);
    for (guint t = 0; t < n_texts(duplicates); t++) {
        Text text = text_at(duplicates, t);
        take_rare(&search, &text);
        meet(&search, t, &text, out);
        index_text(&search, t);
    }
    search_clear(&search);
    g_array_sort(out, compare_likeness);
}

void dj_duplicates_lead(const DjDuplicates *duplicates, guint permille, guint least, guint32 *first)
{
    g_autoptr(GArray) like = g_array_new(FALSE, FALSE, sizeof(DjLikeness));
    Search search;
    search_init(&search, duplicates, permille);
    for (guint t = 0; t < n_texts(duplicates); t++) {
        Text text = text_at(duplicates, t);
        first[t] = t;
        if (text.n < least)
            continue;
        g_array_set_size(like, 0);
        take_rare(&search, &text);
        meet(&search, t, &text, like);
        for (guint i = 0; i < like->len; i++)
            first[t] = MIN(first[t], g_array_index(like, DjLikeness, i).a);
        if (first[t] == t)
            index_text(&search, t);
    }
    search_clear(&search);
}
