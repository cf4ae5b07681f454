/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Normalisation (归一化) with a way back: text becomes an array of normalised characters, each of which knows the bytes
 * of the original text that it came from.
 *
 * What is done, per normalisation segment (a starter and the marks that compose with it):
 *   1. NFKC: full width to half width, Ⅰ to I, ㎜ to mm, ① to 1. With DJ_NORMAL_FOLD also Unicode case folding.
 *      Default ignorable characters (zero width space, soft hyphen, byte order mark) are dropped in both modes.
 *   2. Hyphens and the minus sign (U+2010..U+2012, U+2212) become '-'. Dashes (U+2013 and longer) stay: they mark
 * ranges.
 *   3. Traditional characters become simplified ones, character by character, by ICU's Traditional-Simplified mapping,
 *      except those that GB 2312 holds, because they are simplified characters in their own right (显著 stays 显著).
 *
 * All characters that come out of one segment carry the byte span of the whole segment. Spans never decrease along the
 * text. Invalid UTF-8 becomes U+FFFD with the span of the offending bytes, so nothing here can fail on its input.
 *
 * Thread rule: a normaliser belongs to one thread at a time; different normalisers are independent.
 */
#ifndef DJ_TEXT_NORMAL_H
#define DJ_TEXT_NORMAL_H

#include <glib.h>

G_BEGIN_DECLS

/* Bytes of one text beyond this limit are not looked at. */
#define DJ_TEXT_MAX_BYTES (16 * 1024 * 1024)

typedef enum {
    DJ_NORMAL_KEEP_CASE, /* for quantities: mW is not MW */
    DJ_NORMAL_FOLD,      /* for terms */
} DjNormalMode;

typedef struct {
    guint32 c;      /* the normalised character */
    guint32 source; /* first character of the original segment: tells ² from 2 and ① from 1 */
    guint32 begin;  /* byte span of the segment in the original text: [begin, end) */
    guint32 end;
} DjNormalChar;

typedef struct DjNormaliser DjNormaliser;

/* Fails only when ICU cannot load its data. Free with dj_normaliser_free. */
DjNormaliser *dj_normaliser_new(DjNormalMode mode, GError **error);
void dj_normaliser_free(DjNormaliser *normaliser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjNormaliser, dj_normaliser_free)

/*
 * Normalises length bytes of text (-1: up to its NUL). The array has *n_chars entries, belongs to the normaliser and
 * stays valid until the next call.
 */
const DjNormalChar *dj_normaliser_run(DjNormaliser *normaliser, const char *text, gssize length, gsize *n_chars);

/* Version of ICU, for `duijie check`. */
const char *dj_text_library_version(void);

G_END_DECLS

#endif
