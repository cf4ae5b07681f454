/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One pass normalises the text and writes it out as UTF-8, so that every term is a slice of one buffer and nothing is
 * copied. Runs are found once; each wanted unit then walks the runs. Only words need ICU's break iterator, which is
 * opened once and lives as long as the analyser because opening it loads the dictionary.
 */
#include "engine/text/analyzer.h"

#include "engine/text/normal.h"

#include <gio/gio.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>

typedef enum { KIND_OTHER, KIND_HAN, KIND_PLAIN } Kind;

typedef struct {
    guint32 first; /* characters [first, stop) */
    guint32 stop;
    Kind kind;
} Run;

struct DjAnalyzer {
    DjNormaliser *normaliser;
    UBreakIterator *words;
    GString *utf8;   /* the normalised text */
    GArray *offsets; /* guint32, n_chars + 1: byte offset of each character in utf8 */
    GArray *runs;    /* of Run */
    GArray *terms;   /* of DjTerm */
    GArray *utf16;   /* UChar: the normalised text for the break iterator */
    GArray *cuts;    /* guint8 per character: a word starts here */
};

DjAnalyzer *dj_analyzer_new(GError **error)
{
    g_autoptr(DjNormaliser) normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, error);
    if (!normaliser) {
        return NULL;
    }
    UErrorCode status = U_ZERO_ERROR;
    UBreakIterator *words = ubrk_open(UBRK_WORD, "zh", NULL, 0, &status);
    if (U_FAILURE(status)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "analyzer: ICU word segmentation: %s", u_errorName(status));
        return NULL;
    }
    DjAnalyzer *analyzer = g_new0(DjAnalyzer, 1);
    analyzer->normaliser = g_steal_pointer(&normaliser);
    analyzer->words = words;
    analyzer->utf8 = g_string_new(NULL);
    analyzer->offsets = g_array_new(FALSE, FALSE, sizeof(guint32));
    analyzer->runs = g_array_new(FALSE, FALSE, sizeof(Run));
    analyzer->terms = g_array_new(FALSE, FALSE, sizeof(DjTerm));
    analyzer->utf16 = g_array_new(FALSE, FALSE, sizeof(UChar));
    analyzer->cuts = g_array_new(FALSE, TRUE, sizeof(guint8));
    return analyzer;
}

void dj_analyzer_free(DjAnalyzer *analyzer)
{
    if (!analyzer) {
        return;
    }
    dj_normaliser_free(analyzer->normaliser);
    ubrk_close(analyzer->words);
    g_string_free(analyzer->utf8, TRUE);
    g_array_free(analyzer->offsets, TRUE);
    g_array_free(analyzer->runs, TRUE);
    g_array_free(analyzer->terms, TRUE);
    g_array_free(analyzer->utf16, TRUE);
    g_array_free(analyzer->cuts, TRUE);
    g_free(analyzer);
}

static Kind get_kind(guint32 c)
{
    if (c < 0x80) {
        return g_ascii_isalnum((char)c) ? KIND_PLAIN : KIND_OTHER;
    }
    if (c >= 0x4e00 && c <= 0x9fff) {
        return KIND_HAN;
    }
    UErrorCode status = U_ZERO_ERROR;
    if (uscript_getScript((UChar32)c, &status) == USCRIPT_HAN) {
        return KIND_HAN;
    }
    return u_isalnum((UChar32)c) ? KIND_PLAIN : KIND_OTHER;
}

static gboolean is_joiner(guint32 c)
{
    return c == '-' || c == '.' || c == '+';
}

static void find_runs(DjAnalyzer *analyzer, const DjNormalChar *chars, gsize n)
{
    g_array_set_size(analyzer->runs, 0);
    gsize i = 0;
    while (i < n) {
        const Kind kind = get_kind(chars[i].c);
        gsize stop = i + 1;
        if (kind == KIND_OTHER) {
            i = stop;
            continue;
        }
        for (;;) {
            while (stop < n && get_kind(chars[stop].c) == kind) {
                stop++;
            }
            if (kind != KIND_PLAIN || stop + 1 >= n || !is_joiner(chars[stop].c) ||
                get_kind(chars[stop + 1].c) != KIND_PLAIN) {
                break;
            }
            stop++;
        }
        const Run run = {(guint32)i, (guint32)stop, kind};
        g_array_append_val(analyzer->runs, run);
        i = stop;
    }
}

static void write_utf8(DjAnalyzer *analyzer, const DjNormalChar *chars, gsize n)
{
    g_string_truncate(analyzer->utf8, 0);
    g_array_set_size(analyzer->offsets, (guint)n + 1);
    guint32 *offsets = (guint32 *)(void *)analyzer->offsets->data;
    for (gsize i = 0; i < n; i++) {
        offsets[i] = (guint32)analyzer->utf8->len;
        g_string_append_unichar(analyzer->utf8, chars[i].c);
    }
    offsets[n] = (guint32)analyzer->utf8->len;
}

static void find_word_cuts(DjAnalyzer *analyzer, const DjNormalChar *chars, gsize n)
{
    g_array_set_size(analyzer->cuts, 0);
    g_array_set_size(analyzer->cuts, (guint)n);
    g_array_set_size(analyzer->utf16, 2 * (guint)n);
    UChar *utf16 = (UChar *)(void *)analyzer->utf16->data;
    int32_t length = 0;
    for (gsize i = 0; i < n; i++) {
        U16_APPEND_UNSAFE(utf16, length, chars[i].c);
    }
    UErrorCode status = U_ZERO_ERROR;
    ubrk_setText(analyzer->words, utf16, length, &status);
    g_assert(U_SUCCESS(status));
    int32_t at16 = 0;
    gsize at = 0;
    for (int32_t cut = ubrk_first(analyzer->words); cut != UBRK_DONE && cut < length;
         cut = ubrk_next(analyzer->words)) {
        while (at16 < cut) {
            U16_FWD_1(utf16, at16, length);
            at++;
        }
        analyzer->cuts->data[at] = 1;
    }
}

static void append(DjAnalyzer *analyzer, const DjNormalChar *chars, DjUnit unit, guint32 first, guint32 stop)
{
    const guint32 *offsets = (const guint32 *)(const void *)analyzer->offsets->data;
    const DjTerm term = {
        .bytes = analyzer->utf8->str + offsets[first],
        .length = offsets[stop] - offsets[first],
        .unit = unit,
        .begin = chars[first].begin,
        .end = chars[stop - 1].end,
        .position = first,
        .n_chars = stop - first,
    };
    g_array_append_val(analyzer->terms, term);
}

static void split_han_run(DjAnalyzer *analyzer, const DjNormalChar *chars, DjUnit unit, const Run *run)
{
    if (unit == DJ_UNIT_WORD) {
        guint32 first = run->first;
        for (guint32 i = first + 1; i <= run->stop; i++) {
            if (i == run->stop || analyzer->cuts->data[i]) {
                append(analyzer, chars, unit, first, i);
                first = i;
            }
        }
        return;
    }
    const guint32 width = unit == DJ_UNIT_BIGRAM && run->stop - run->first > 1 ? 2 : 1;
    for (guint32 i = run->first; i + width <= run->stop; i++) {
        append(analyzer, chars, unit, i, i + width);
    }
}

const DjTerm *dj_analyzer_split(DjAnalyzer *analyzer, const char *text, gssize length, guint units, gsize *n_terms)
{
    gsize n;
    const DjNormalChar *chars = dj_normaliser_run(analyzer->normaliser, text, length, &n);
    g_array_set_size(analyzer->terms, 0);
    write_utf8(analyzer, chars, n);
    find_runs(analyzer, chars, n);
    if (units & DJ_UNIT_WORD) {
        find_word_cuts(analyzer, chars, n);
    }
    for (guint unit = DJ_UNIT_BIGRAM; unit <= DJ_UNIT_WORD; unit <<= 1) {
        if (!(units & unit)) {
            continue;
        }
        for (guint r = 0; r < analyzer->runs->len; r++) {
            const Run *run = &g_array_index(analyzer->runs, Run, r);
            if (run->kind == KIND_PLAIN) {
                append(analyzer, chars, unit, run->first, run->stop);
            } else {
                split_han_run(analyzer, chars, unit, run);
            }
        }
    }
    *n_terms = analyzer->terms->len;
    return (const DjTerm *)(const void *)analyzer->terms->data;
}

const char *dj_analyzer_get_normalised(const DjAnalyzer *analyzer, gsize *length)
{
    *length = analyzer->utf8->len;
    return analyzer->utf8->str;
}
