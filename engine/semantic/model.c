/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A model comes from a database that people copy around, so parsing trusts nothing: sizes are checked before anything
 * is allocated by them, and the vocabulary's order is checked because the binary search depends on it.
 */
#include "engine/semantic/model-private.h"

#include <gio/gio.h>
#include <string.h>

static const guint8 MAGIC[8] = {'D', 'J', 'S', 'E', 'M', 0, 0, 2};
#define HEADER_SIZE (sizeof MAGIC + 5 * sizeof(guint32))

DjSemanticModel *dj_semantic_new(guint32 n_words, guint32 n_chars, gsize text_size)
{
    const gsize n_ids = (gsize)n_words + n_chars;
    DjSemanticModel *model = g_new0(DjSemanticModel, 1);
    model->references = 1;
    model->n_words = n_words;
    model->n_chars = n_chars;
    /* One byte more than needed, so that an empty model has arrays too. */
    model->text = g_try_malloc0(text_size + 1);
    model->text_offsets = g_try_new0(guint32, (gsize)n_words + 1);
    model->chars = g_try_new0(guint32, (gsize)n_chars + 1);
    model->vectors = g_try_malloc0(n_ids * DJ_SEMANTIC_DIM + 1);
    model->strength = g_try_new0(guint32, n_ids + 1);
    model->need_weight = g_try_new0(guint16, n_ids + 1);
    if (!model->text || !model->text_offsets || !model->chars || !model->vectors || !model->strength ||
        !model->need_weight) {
        dj_semantic_unref(model);
        return NULL;
    }
    return model;
}

DjSemanticModel *dj_semantic_ref(DjSemanticModel *model)
{
    g_atomic_int_inc(&model->references);
    return model;
}

void dj_semantic_unref(DjSemanticModel *model)
{
    if (model && g_atomic_int_dec_and_test(&model->references)) {
        g_free(model->text);
        g_free(model->text_offsets);
        g_free(model->chars);
        g_free(model->vectors);
        g_free(model->strength);
        g_free(model->need_weight);
        g_free(model);
    }
}

guint32 dj_semantic_get_n_words(const DjSemanticModel *model)
{
    return model->n_words;
}

DjSemanticWord dj_semantic_get_word(const DjSemanticModel *model, guint32 word)
{
    const guint32 begin = model->text_offsets[word];
    return (DjSemanticWord){model->text + begin, model->text_offsets[word + 1] - begin};
}

static int compare_words(DjSemanticWord a, DjSemanticWord b)
{
    const int order = memcmp(a.bytes, b.bytes, MIN(a.length, b.length));
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

guint32 dj_semantic_find_word(const DjSemanticModel *model, const char *bytes, gsize length)
{
    if (length > G_MAXUINT32) {
        return DJ_SEMANTIC_NO_WORD;
    }
    const DjSemanticWord wanted = {bytes, (guint32)length};
    guint32 low = 0, high = model->n_words;
    while (low < high) {
        const guint32 middle = low + (high - low) / 2;
        const int order = compare_words(wanted, dj_semantic_get_word(model, middle));
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return DJ_SEMANTIC_NO_WORD;
}

static guint32 find_char(const DjSemanticModel *model, guint32 c)
{
    guint32 low = 0, high = model->n_chars;
    while (low < high) {
        const guint32 middle = low + (high - low) / 2;
        if (model->chars[middle] == c) {
            return model->n_words + middle;
        }
        if (c < model->chars[middle]) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return DJ_SEMANTIC_NO_WORD;
}

guint dj_semantic_look_up(const DjSemanticModel *model, const char *bytes, gsize length,
                          guint32 ids[DJ_SEMANTIC_MAX_PARTS])
{
    guint n = 0;
    ids[0] = dj_semantic_find_word(model, bytes, length);
    if (ids[0] != DJ_SEMANTIC_NO_WORD) {
        return 1;
    }
    for (const char *p = bytes; p < bytes + length && n < DJ_SEMANTIC_MAX_PARTS;) {
        const gunichar c = g_utf8_get_char_validated(p, bytes + length - p);
        if (c == (gunichar)-1 || c == (gunichar)-2) {
            break;
        }
        ids[n] = find_char(model, c);
        n += ids[n] != DJ_SEMANTIC_NO_WORD;
        p = g_utf8_next_char(p);
    }
    return n;
}

const gint8 *dj_semantic_get_vector(const DjSemanticModel *model, guint32 word)
{
    return model->vectors + (gsize)word * DJ_SEMANTIC_DIM;
}

guint16 dj_semantic_get_need_weight(const DjSemanticModel *model, guint32 word)
{
    return model->need_weight[word];
}

guint32 dj_semantic_get_log_tf(const DjSemanticModel *model, guint32 tf)
{
    return model->log_tf[MIN(tf, DJ_SEMANTIC_MAX_TF)];
}

static void put_u32(GByteArray *out, guint32 value)
{
    const guint32 little = GUINT32_TO_LE(value);
    g_byte_array_append(out, (const guint8 *)&little, sizeof little);
}

GBytes *dj_semantic_serialize(const DjSemanticModel *model)
{
    GByteArray *out = g_byte_array_new();
    const guint32 text_size = model->text_offsets[model->n_words], n_ids = model->n_words + model->n_chars;
    g_byte_array_append(out, MAGIC, sizeof MAGIC);
    put_u32(out, DJ_SEMANTIC_DIM);
    put_u32(out, model->n_words);
    put_u32(out, model->n_chars);
    put_u32(out, text_size);
    put_u32(out, model->n_common);
    for (guint32 i = 0; i <= model->n_words; i++) {
        put_u32(out, model->text_offsets[i]);
    }
    g_byte_array_append(out, (const guint8 *)model->text, text_size);
    for (guint32 i = 0; i < model->n_chars; i++) {
        put_u32(out, model->chars[i]);
    }
    for (guint32 i = 0; i < n_ids; i++) {
        g_byte_array_append(out, (const guint8 *)dj_semantic_get_vector(model, i), DJ_SEMANTIC_DIM);
    }
    for (guint32 i = 0; i < n_ids; i++) {
        put_u32(out, model->strength[i]);
    }
    for (guint32 i = 0; i < n_ids; i++) {
        const guint16 little = GUINT16_TO_LE(model->need_weight[i]);
        g_byte_array_append(out, (const guint8 *)&little, sizeof little);
    }
    for (guint32 i = 1; i <= DJ_SEMANTIC_MAX_TF; i++) {
        put_u32(out, model->log_tf[i]);
    }
    for (guint32 c = 0; c < model->n_common; c++) {
        for (guint32 i = 0; i < DJ_SEMANTIC_DIM; i++) {
            put_u32(out, (guint32)model->common[c][i]);
        }
    }
    return g_byte_array_free_to_bytes(out);
}

/* A reader that is only used after the total size was found right, so it needs no checks of its own. */
static guint32 take_u32(const guint8 **at)
{
    guint32 little;
    memcpy(&little, *at, sizeof little);
    *at += sizeof little;
    return GUINT32_FROM_LE(little);
}

static gboolean fail(GError **error, const char *what)
{
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "semantic model: %s", what);
    return FALSE;
}

static gboolean check(const DjSemanticModel *model, guint32 text_size, GError **error)
{
    const guint32 *offsets = model->text_offsets;
    if (offsets[0] != 0 || offsets[model->n_words] != text_size) {
        return fail(error, "the word offsets do not span the words");
    }
    for (guint32 i = 0; i < model->n_words; i++) {
        if (offsets[i] >= offsets[i + 1] || offsets[i + 1] > text_size) {
            return fail(error, "the word offsets do not ascend");
        }
        if (i > 0 && compare_words(dj_semantic_get_word(model, i - 1), dj_semantic_get_word(model, i)) >= 0) {
            return fail(error, "the words are not in order");
        }
    }
    for (guint32 i = 1; i < model->n_chars; i++) {
        if (model->chars[i - 1] >= model->chars[i]) {
            return fail(error, "the characters are not in order");
        }
    }
    const gsize n_ids = (gsize)model->n_words + model->n_chars;
    for (gsize i = 0; i < n_ids; i++) {
        if (model->strength[i] >= 1u << DJ_SEMANTIC_STRENGTH_BITS) {
            return fail(error, "a word is stronger than allowed");
        }
    }
    for (gsize i = 0; i < n_ids * DJ_SEMANTIC_DIM; i++) {
        if (model->vectors[i] == G_MININT8) {
            return fail(error, "a vector holds -128");
        }
    }
    for (guint32 i = 1; i <= DJ_SEMANTIC_MAX_TF; i++) {
        if (model->log_tf[i] <= model->log_tf[i - 1] || model->log_tf[i] >= 16u << 16) {
            return fail(error, "the table of 1 + ln(tf) does not ascend within 0..16");
        }
    }
    for (guint32 c = 0; c < model->n_common; c++) {
        for (guint32 i = 0; i < DJ_SEMANTIC_DIM; i++) {
            if (model->common[c][i] > 1 << 30 || model->common[c][i] < -(1 << 30)) {
                return fail(error, "a common direction is longer than 1");
            }
        }
    }
    return TRUE;
}

DjSemanticModel *dj_semantic_parse(GBytes *bytes, GError **error)
{
    gsize size;
    const guint8 *at = g_bytes_get_data(bytes, &size);
    if (size < HEADER_SIZE || memcmp(at, MAGIC, sizeof MAGIC) != 0) {
        fail(error, "not a semantic model of this version");
        return NULL;
    }
    at += sizeof MAGIC;
    const guint32 dim = take_u32(&at), n_words = take_u32(&at), n_chars = take_u32(&at), text_size = take_u32(&at),
                  n_common = take_u32(&at);
    if (dim != DJ_SEMANTIC_DIM || n_common > DJ_SEMANTIC_MAX_COMMON || n_words > G_MAXINT32 || n_chars > 0x110000) {
        fail(error, "dimensions that this version does not know");
        return NULL;
    }
    const guint64 n_ids = (guint64)n_words + n_chars;
    const guint64 expected = HEADER_SIZE + ((guint64)n_words + 1) * 4 + text_size + (guint64)n_chars * 4 +
                             n_ids * (DJ_SEMANTIC_DIM + 4 + 2) + DJ_SEMANTIC_MAX_TF * 4 +
                             (guint64)n_common * DJ_SEMANTIC_DIM * 4;
    if (size != expected) {
        fail(error, "its size does not agree with its counts");
        return NULL;
    }
    g_autoptr(DjSemanticModel) model = dj_semantic_new(n_words, n_chars, text_size);
    if (!model) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "semantic model: no memory for %u words", n_words);
        return NULL;
    }
    model->n_common = n_common;
    for (guint32 i = 0; i <= n_words; i++) {
        model->text_offsets[i] = take_u32(&at);
    }
    memcpy(model->text, at, text_size);
    at += text_size;
    for (guint32 i = 0; i < n_chars; i++) {
        model->chars[i] = take_u32(&at);
    }
    memcpy(model->vectors, at, n_ids * DJ_SEMANTIC_DIM);
    at += n_ids * DJ_SEMANTIC_DIM;
    for (guint32 i = 0; i < n_ids; i++) {
        model->strength[i] = take_u32(&at);
    }
    for (guint32 i = 0; i < n_ids; i++, at += 2) {
        model->need_weight[i] = (guint16)(at[0] | at[1] << 8);
    }
    for (guint32 i = 1; i <= DJ_SEMANTIC_MAX_TF; i++) {
        model->log_tf[i] = take_u32(&at);
    }
    for (guint32 c = 0; c < n_common; c++) {
        for (guint32 i = 0; i < DJ_SEMANTIC_DIM; i++) {
            model->common[c][i] = (gint32)take_u32(&at);
        }
    }
    return check(model, text_size, error) ? g_steal_pointer(&model) : NULL;
}
