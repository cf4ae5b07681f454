/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Analyser (分词): text -> normalised terms (词项) with byte offsets into the original UTF-8 text.
 *
 * Terms come from runs of the normalised text (see normal.h; case folded):
 *   - a Han run (汉字串): consecutive characters of the Han script;
 *   - a plain run: letters and digits of other scripts, with single '-', '.' or '+' kept between two of them
 *     (5g, 18650, al-mg-si, ku60, 0.03mm). Everything else separates runs.
 *
 * Units:
 *   DJ_UNIT_BIGRAM  every two adjacent characters of a Han run; a run of one character gives that character
 *   DJ_UNIT_CHAR    every single character of a Han run
 *   DJ_UNIT_WORD    a Han run cut by ICU's dictionary
 * and in all three a plain run is one term. The same bytes in two units are different terms: keep the units apart.
 *
 * Because bigrams and characters do not depend on any segmentation, two texts that share a run of two or more Han
 * characters share a bigram, whatever stands around it.
 *
 * The input may be anything: invalid UTF-8 and control characters separate runs, offsets stay right. Texts longer than
 * DJ_TEXT_MAX_BYTES are cut there.
 *
 * Thread rule: an analyser belongs to one thread at a time; different analysers are independent. The result depends on
 * the text and the ICU version alone.
 */
#ifndef DJ_TEXT_ANALYZER_H
#define DJ_TEXT_ANALYZER_H

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    DJ_UNIT_BIGRAM = 1 << 0,
    DJ_UNIT_CHAR = 1 << 1,
    DJ_UNIT_WORD = 1 << 2,
} DjUnit;

typedef struct {
    const char *bytes; /* normalised UTF-8, NOT terminated; belongs to the analyser, valid until its next call */
    guint32 length;    /* of bytes */
    DjUnit unit;
    guint32 begin; /* byte span in the original text: [begin, end) */
    guint32 end;
    guint32 position; /* of the first character in the normalised text, counted in characters: bigrams that overlap by
                         one character have positions that differ by one */
    guint32 n_chars;  /* normalised characters in the term */
} DjTerm;

typedef struct DjAnalyzer DjAnalyzer;

/* Fails only when ICU cannot load its data. Free with dj_analyzer_free. */
DjAnalyzer *dj_analyzer_new(GError **error);
void dj_analyzer_free(DjAnalyzer *analyzer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjAnalyzer, dj_analyzer_free)

/*
 * Splits length bytes of text (-1: up to its NUL) into the wanted units (an OR of DjUnit). Returns *n_terms terms:
 * first all bigrams, then all characters, then all words, each group in text order. The array belongs to the analyser
 * and stays valid until the next call.
 */
const DjTerm *dj_analyzer_split(DjAnalyzer *analyzer, const char *text, gssize length, guint units, gsize *n_terms);

/*
 * The normalised text of the last dj_analyzer_split, as UTF-8 with a terminating NUL that *length does not count.
 * Same ownership as the terms.
 */
const char *dj_analyzer_get_normalised(const DjAnalyzer *analyzer, gsize *length);

G_END_DECLS

#endif
