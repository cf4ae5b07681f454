/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/pack.h"
#include <string.h>

#define HEADER_SIZE  64
#define ENTRY_SIZE   48
#define NAME_SIZE    24
#define ALIGNMENT    64
#define MAX_SECTIONS 1024

G_DEFINE_QUARK(dj - pack - error - quark, dj_pack_error)

typedef struct {
    char name[NAME_SIZE];
    guint64 offset, length, checksum;
} Entry;
G_STATIC_ASSERT(sizeof(Entry) == ENTRY_SIZE);

struct DjPackWriter {
    char kind[16];
    GArray *entries;   /* Entry, offset relative to the first section until finish */
    GByteArray *bytes; /* sections, aligned */
};

/* FNV-1a over 8-byte words, then the rest: finds damage, guards against nothing else. */
static guint64 checksum(const guint8 *data, gsize length)
{
    guint64 hash = G_GUINT64_CONSTANT(0xcbf29ce484222325) ^ length;
    gsize i = 0;
    for (; i + 8 <= length; i += 8) {
        guint64 word;
        memcpy(&word, data + i, 8);
        hash = (hash ^ GUINT64_FROM_LE(word)) * G_GUINT64_CONSTANT(0x100000001b3);
        hash ^= hash >> 29;
    }
    for (; i < length; i++)
        hash = (hash ^ data[i]) * G_GUINT64_CONSTANT(0x100000001b3);
    return hash ^ (hash >> 32);
}

static guint64 string_hash(const char *bytes, gsize length)
{
    return checksum((const guint8 *)bytes, length);
}

DjPackWriter *dj_pack_writer_new(const char *kind)
{
    DjPackWriter *writer = g_new0(DjPackWriter, 1);
    g_strlcpy(writer->kind, kind, sizeof writer->kind);
    writer->entries = g_array_new(FALSE, TRUE, sizeof(Entry));
    writer->bytes = g_byte_array_new();
    return writer;
}

static void pad(GByteArray *bytes)
{
    static const guint8 zeros[ALIGNMENT];
    guint rest = bytes->len % ALIGNMENT;
    if (rest)
        g_byte_array_append(bytes, zeros, ALIGNMENT - rest);
}

void dj_pack_writer_add(DjPackWriter *writer, const char *name, gconstpointer data, gsize length)
{
    Entry entry = {.offset = writer->bytes->len, .length = length, .checksum = checksum(data, length)};
    g_strlcpy(entry.name, name, sizeof entry.name);
    g_array_append_val(writer->entries, entry);
    if (length)
        g_byte_array_append(writer->bytes, data, (guint)length);
    pad(writer->bytes);
}

GBytes *dj_pack_writer_finish(DjPackWriter *writer)
{
    guint n = writer->entries->len;
    gsize table_end = HEADER_SIZE + (gsize)n * ENTRY_SIZE;
    gsize first = (table_end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    gsize total = first + writer->bytes->len;
    guint8 *out = g_malloc0(total);
    for (guint i = 0; i < n; i++) {
        Entry entry = g_array_index(writer->entries, Entry, i);
        entry.offset = GUINT64_TO_LE(entry.offset + first);
        entry.length = GUINT64_TO_LE(entry.length);
        entry.checksum = GUINT64_TO_LE(entry.checksum);
        memcpy(out + HEADER_SIZE + (gsize)i * ENTRY_SIZE, &entry, ENTRY_SIZE);
    }
    if (writer->bytes->len > 0) /* the data of an empty array is NULL */
        memcpy(out + first, writer->bytes->data, writer->bytes->len);
    guint64 numbers[3] = {GUINT64_TO_LE(total), GUINT64_TO_LE(n),
                          GUINT64_TO_LE(checksum(out + HEADER_SIZE, (gsize)n * ENTRY_SIZE))};
    memcpy(out, "DJPACK01", 8);
    memcpy(out + 8, writer->kind, sizeof writer->kind);
    memcpy(out + 24, numbers, sizeof numbers);
    g_array_unref(writer->entries);
    g_byte_array_unref(writer->bytes);
    g_free(writer);
    return g_bytes_new_take(out, total);
}

static gboolean damaged(GError **error, const char *what)
{
    g_set_error(error, DJ_PACK_ERROR, DJ_PACK_ERROR_DAMAGED, "%s", what);
    return FALSE;
}

static void get_entry(const DjPack *pack, gsize i, Entry *entry)
{
    memcpy(entry, pack->base + HEADER_SIZE + i * ENTRY_SIZE, ENTRY_SIZE);
    entry->offset = GUINT64_FROM_LE(entry->offset);
    entry->length = GUINT64_FROM_LE(entry->length);
    entry->checksum = GUINT64_FROM_LE(entry->checksum);
    entry->name[NAME_SIZE - 1] = '\0';
}

gboolean dj_pack_open(DjPack *pack, GBytes *bytes, const char *kind, GError **error)
{
    gsize size;
    const guint8 *base = g_bytes_get_data(bytes, &size);
    guint64 numbers[3];
    char want[16] = {0};
    g_strlcpy(want, kind, sizeof want);
    if (size < HEADER_SIZE || memcmp(base, "DJPACK01", 8) != 0)
        return damaged(error, "not a pack");
    if (memcmp(base + 8, want, sizeof want) != 0)
        return damaged(error, "pack of another kind");
    memcpy(numbers, base + 24, sizeof numbers);
    guint64 total = GUINT64_FROM_LE(numbers[0]), n = GUINT64_FROM_LE(numbers[1]);
    if (total != size)
        return damaged(error, "pack is truncated");
    if (n > MAX_SECTIONS || HEADER_SIZE + n * ENTRY_SIZE > size)
        return damaged(error, "pack has a wrong section table");
    if (checksum(base + HEADER_SIZE, n * ENTRY_SIZE) != GUINT64_FROM_LE(numbers[2]))
        return damaged(error, "section table has a wrong checksum");
    DjPack made = {.base = base, .size = size, .n_sections = n};
    for (gsize i = 0; i < n; i++) {
        Entry entry;
        get_entry(&made, i, &entry);
        if (entry.offset % ALIGNMENT || entry.offset > size || entry.length > size - entry.offset)
            return damaged(error, "section lies outside the pack");
    }
    made.bytes = g_bytes_ref(bytes);
    *pack = made;
    return TRUE;
}

void dj_pack_close(DjPack *pack)
{
    g_clear_pointer(&pack->bytes, g_bytes_unref);
    memset(pack, 0, sizeof *pack);
}

gconstpointer dj_pack_section(const DjPack *pack, const char *name, gsize unit, gsize *n_units, GError **error)
{
    for (gsize i = 0; i < pack->n_sections; i++) {
        Entry entry;
        get_entry(pack, i, &entry);
        if (strcmp(entry.name, name) != 0)
            continue;
        if (entry.length % unit)
            break;
        *n_units = entry.length / unit;
        return pack->base + entry.offset;
    }
    g_set_error(error, DJ_PACK_ERROR, DJ_PACK_ERROR_DAMAGED, "section %s is missing or has a wrong length", name);
    return NULL;
}

gboolean dj_pack_verify(const DjPack *pack, GError **error)
{
    for (gsize i = 0; i < pack->n_sections; i++) {
        Entry entry;
        get_entry(pack, i, &entry);
        if (checksum(pack->base + entry.offset, entry.length) != entry.checksum) {
            g_set_error(error, DJ_PACK_ERROR, DJ_PACK_ERROR_DAMAGED, "section %s has a wrong checksum", entry.name);
            return FALSE;
        }
    }
    return TRUE;
}

void dj_pack_writer_add_strings(DjPackWriter *writer, const char *name, const guint64 *offset, const char *text,
                                guint32 n)
{
    guint32 slots = 16;
    while (slots < 2 * (guint64)n)
        slots *= 2;
    g_autofree guint32 *map = g_new(guint32, slots);
    memset(map, 0xff, (gsize)slots * sizeof *map);
    for (guint32 i = 0; i < n; i++) {
        guint32 at = (guint32)string_hash(text + offset[i], offset[i + 1] - offset[i]) & (slots - 1);
        while (map[at] != DJ_STRINGS_NONE)
            at = (at + 1) & (slots - 1);
        map[at] = i;
    }
    g_autofree char *off = g_strconcat(name, ".off", NULL), *txt = g_strconcat(name, ".txt", NULL),
                    *idx = g_strconcat(name, ".map", NULL);
    dj_pack_writer_add(writer, off, offset, ((gsize)n + 1) * sizeof *offset);
    dj_pack_writer_add(writer, txt, text, offset[n]);
    dj_pack_writer_add(writer, idx, map, (gsize)slots * sizeof *map);
}

gboolean dj_pack_strings(const DjPack *pack, const char *name, DjStrings *out, GError **error)
{
    g_autofree char *off = g_strconcat(name, ".off", NULL), *txt = g_strconcat(name, ".txt", NULL),
                    *idx = g_strconcat(name, ".map", NULL);
    gsize n_offsets, n_text, n_slots;
    const guint64 *offset = dj_pack_section(pack, off, sizeof *offset, &n_offsets, error);
    const char *text = offset ? dj_pack_section(pack, txt, 1, &n_text, error) : NULL;
    const guint32 *map = text ? dj_pack_section(pack, idx, sizeof *map, &n_slots, error) : NULL;
    if (!map)
        return FALSE;
    if (n_offsets == 0 || n_offsets > G_MAXUINT32 || n_slots == 0 || n_slots > G_MAXUINT32 || (n_slots & (n_slots - 1)))
        return damaged(error, "string table has a wrong shape");
    guint32 n = (guint32)(n_offsets - 1);
    if (offset[0] != 0 || offset[n] != n_text)
        return damaged(error, "string table has wrong offsets");
    for (guint32 i = 0; i < n; i++)
        if (offset[i] > offset[i + 1])
            return damaged(error, "string table has wrong offsets");
    *out = (DjStrings){.n = n, .offset = offset, .text = text, .map = map, .mask = (guint32)n_slots - 1};
    return TRUE;
}

guint32 dj_strings_find(const DjStrings *strings, const char *bytes, gsize length)
{
    guint32 at = (guint32)string_hash(bytes, length) & strings->mask;
    for (guint32 probes = 0; probes <= strings->mask; probes++, at = (at + 1) & strings->mask) {
        guint32 i = strings->map[at];
        if (i >= strings->n) /* empty, or damaged */
            return DJ_STRINGS_NONE;
        gsize have;
        const char *text = dj_strings_get(strings, i, &have);
        if (have == length && memcmp(text, bytes, length) == 0)
            return i;
    }
    return DJ_STRINGS_NONE;
}
