/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why not simply call unorm2_normalize on the whole text: ICU keeps no offsets through normalisation for C callers, and
 * evidence must point into the original. So the text is cut into segments at characters that have a normalisation
 * boundary before them, which is where NFKC of the whole equals the concatenated NFKC of the parts. Nearly all segments
 * are one Han character or one ASCII character; those are answered from a table that fills as characters are met.
 */
#include "engine/text/normal.h"

#include <gio/gio.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>
#include <unicode/utrans.h>

#define HAN_FIRST 0x3400
#define HAN_LAST  0x9fff
/* A segment longer than this is cut: more marks on one letter than anyone writes. */
#define SEGMENT_MAX 32
/* NFKC makes at most 18 UTF-16 units of one character. */
#define SEGMENT_OUT (18 * 2 * SEGMENT_MAX)

enum {
    CLASS_KNOWN = 1,
    CLASS_STARTS = 2, /* has a normalisation boundary before it */
    CLASS_SINGLE = 4, /* alone, becomes exactly the one character in `single` */
};

struct DjNormaliser {
    const UNormalizer2 *nfkc;
    const guint16 *simplified;
    GArray *out;           /* of DjNormalChar */
    guint8 class[0x10000]; /* CLASS_* of the characters of the basic plane met so far */
    guint32 single[0x10000];
    gboolean drop_ignorable;
};

/*
 * Traditional to simplified, for HAN_FIRST..HAN_LAST, 0 where the character stays. Built once per process: the
 * transliterator runs over all characters, each on a line of its own so that no context rule can join two of them.
 */
static guint16 *make_simplified(GError **error)
{
    UErrorCode status = U_ZERO_ERROR;
    const gsize n = HAN_LAST - HAN_FIRST + 1;
    const gsize capacity = 8 * n;
    g_autofree UChar *buffer = g_new(UChar, capacity);
    int32_t length = 0;
    for (guint32 c = HAN_FIRST; c <= HAN_LAST; c++) {
        buffer[length++] = (UChar)c;
        buffer[length++] = '\n';
    }
    static const UChar id[] = u"Traditional-Simplified";
    UTransliterator *transliterator = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    if (U_SUCCESS(status)) {
        int32_t limit = length;
        utrans_transUChars(transliterator, buffer, &length, (int32_t)capacity, 0, &limit, &status);
    }
    utrans_close(transliterator);
    UConverter *gb2312 = ucnv_open("ibm-1383_P110-1999", &status);
    if (U_SUCCESS(status)) {
        ucnv_setFromUCallBack(gb2312, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    }
    if (U_FAILURE(status)) {
        ucnv_close(gb2312);
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "normaliser: ICU mapping of traditional characters: %s",
                    u_errorName(status));
        return NULL;
    }

    guint16 *map = g_new0(guint16, n);
    const UChar *line = buffer;
    for (gsize i = 0; i < n; i++) {
        const UChar *stop = u_memchr(line, '\n', (int32_t)(buffer + length - line));
        const UChar from = (UChar)(HAN_FIRST + i);
        if (stop == line + 1 && line[0] != from) {
            char bytes[8];
            UErrorCode in_gb2312 = U_ZERO_ERROR;
            ucnv_fromUChars(gb2312, bytes, sizeof bytes, &from, 1, &in_gb2312);
            if (U_FAILURE(in_gb2312)) {
                map[i] = line[0];
            }
        }
        line = stop + 1;
    }
    ucnv_close(gb2312);
    return map;
}

static const guint16 *get_simplified(GError **error)
{
    static gsize once = 0;
    static guint16 *map = NULL;
    static GError *failure = NULL;
    if (g_once_init_enter(&once)) {
        map = make_simplified(&failure);
        g_once_init_leave(&once, 1);
    }
    if (!map && error) {
        *error = g_error_copy(failure);
    }
    return map;
}

DjNormaliser *dj_normaliser_new(DjNormalMode mode, GError **error)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfkc =
        mode == DJ_NORMAL_FOLD ? unorm2_getNFKCCasefoldInstance(&status) : unorm2_getNFKCInstance(&status);
    if (U_FAILURE(status)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "normaliser: ICU normalisation data: %s",
                    u_errorName(status));
        return NULL;
    }
    const guint16 *simplified = get_simplified(error);
    if (!simplified) {
        return NULL;
    }
    DjNormaliser *normaliser = g_new0(DjNormaliser, 1);
    normaliser->nfkc = nfkc;
    normaliser->simplified = simplified;
    normaliser->out = g_array_new(FALSE, FALSE, sizeof(DjNormalChar));
    /* NFKC_Casefold drops these by itself. */
    normaliser->drop_ignorable = mode != DJ_NORMAL_FOLD;
    return normaliser;
}

void dj_normaliser_free(DjNormaliser *normaliser)
{
    if (normaliser) {
        g_array_free(normaliser->out, TRUE);
        g_free(normaliser);
    }
}

static guint32 unify(const DjNormaliser *normaliser, guint32 c)
{
    if (c >= HAN_FIRST && c <= HAN_LAST) {
        const guint16 to = normaliser->simplified[c - HAN_FIRST];
        return to ? to : c;
    }
    return (c >= 0x2010 && c <= 0x2012) || c == 0x2212 ? '-' : c;
}

/* Normalises one segment; out has room for SEGMENT_OUT units. Returns the number of units written. */
static int32_t normalise_segment(const DjNormaliser *normaliser, const guint32 *segment, gsize n, UChar *out)
{
    UChar in[2 * SEGMENT_MAX];
    int32_t n_in = 0;
    for (gsize i = 0; i < n; i++) {
        if (!normaliser->drop_ignorable ||
            !u_hasBinaryProperty((UChar32)segment[i], UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
            U16_APPEND_UNSAFE(in, n_in, segment[i]);
        }
    }
    UErrorCode status = U_ZERO_ERROR;
    const int32_t n_out = unorm2_normalize(normaliser->nfkc, in, n_in, out, SEGMENT_OUT, &status);
    g_assert(U_SUCCESS(status) && n_out <= SEGMENT_OUT);
    return n_out;
}

static guint8 classify(DjNormaliser *normaliser, guint32 c)
{
    guint8 class = CLASS_KNOWN;
    if (unorm2_hasBoundaryBefore(normaliser->nfkc, (UChar32)c)) {
        class |= CLASS_STARTS;
    }
    UChar out[SEGMENT_OUT];
    const int32_t n_out = normalise_segment(normaliser, &c, 1, out);
    if (n_out == 1 && !U16_IS_SURROGATE(out[0])) {
        class |= CLASS_SINGLE;
        normaliser->single[c] = unify(normaliser, out[0]);
    }
    normaliser->class[c] = class;
    return class;
}

static guint8 get_class(DjNormaliser *normaliser, guint32 c)
{
    if (c > 0xffff) {
        return unorm2_hasBoundaryBefore(normaliser->nfkc, (UChar32)c) ? CLASS_KNOWN | CLASS_STARTS : CLASS_KNOWN;
    }
    return normaliser->class[c] ? normaliser->class[c] : classify(normaliser, c);
}

static void append(DjNormaliser *normaliser, guint32 c, guint32 source, gsize begin, gsize end)
{
    const DjNormalChar item = {c, source, (guint32)begin, (guint32)end};
    g_array_append_val(normaliser->out, item);
}

const DjNormalChar *dj_normaliser_run(DjNormaliser *normaliser, const char *text, gssize length, gsize *n_chars)
{
    gsize n = length < 0 ? strlen(text) : (gsize)length;
    const guint8 *bytes = (const guint8 *)text;
    if (n > DJ_TEXT_MAX_BYTES) {
        n = DJ_TEXT_MAX_BYTES;
    }
    g_array_set_size(normaliser->out, 0);

    guint32 segment[SEGMENT_MAX];
    gsize at = 0;
    while (at < n) {
        const gsize begin = at;
        gsize n_segment = 0;
        guint8 class = 0;
        while (at < n && n_segment < SEGMENT_MAX) {
            gsize next = at;
            UChar32 c;
            U8_NEXT_OR_FFFD(bytes, next, n, c);
            const guint8 this_class = get_class(normaliser, (guint32)c);
            if (n_segment == 0) {
                class = this_class;
            } else if (this_class & CLASS_STARTS) {
                break;
            }
            segment[n_segment++] = (guint32)c;
            at = next;
        }
        if (n_segment == 1 && (class & CLASS_SINGLE)) {
            append(normaliser, normaliser->single[segment[0]], segment[0], begin, at);
            continue;
        }
        UChar out[SEGMENT_OUT];
        const int32_t n_out = normalise_segment(normaliser, segment, n_segment, out);
        for (int32_t i = 0; i < n_out;) {
            UChar32 c;
            U16_NEXT(out, i, n_out, c);
            append(normaliser, unify(normaliser, (guint32)c), segment[0], begin, at);
        }
    }
    *n_chars = normaliser->out->len;
    return (const DjNormalChar *)normaliser->out->data;
}

const char *dj_text_library_version(void)
{
    return U_ICU_VERSION;
}
