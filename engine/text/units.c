/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Factors stay fractions of 64-bit integers beside a power of ten: per hour is 1/3600, which no decimal can hold, and a
 * need of "3.6 m3/h" must equal a supply of "0.001 m3/s" exactly. Comparison multiplies crosswise in 128 bits.
 */
#include "engine/text/units.h"

#include <gio/gio.h>
#include <string.h>

#define MAX_SYMBOL_BYTES 32
#define MAX_EXPONENT     60

struct DjUnits {
    GPtrArray *bases;   /* names, owned */
    GHashTable *exact;  /* symbol -> Entry */
    GHashTable *folded; /* ASCII lower case of a symbol -> Entry of `exact` */
    gsize longest;      /* bytes of the longest symbol */
};

typedef struct {
    DjMeasure measure;
    char *not_before; /* or NULL */
} Entry;

static const struct {
    char letter[4];
    int exponent;
} PREFIXES[] = {{"T", 12}, {"G", 9},  {"M", 6},  {"k", 3},  {"h", 2},   {"d", -1},
                {"c", -2}, {"m", -3}, {"μ", -6}, {"n", -9}, {"p", -12}, {"f", -15}};

/* ---- decimals ---- */

static DjDecimal make_normal(gint64 mantissa, gint32 exponent)
{
    while (mantissa != 0 && mantissa % 10 == 0) {
        mantissa /= 10;
        exponent++;
    }
    return (DjDecimal){mantissa, mantissa == 0 ? 0 : exponent};
}

gboolean dj_decimal_parse(const char *text, DjDecimal *out)
{
    const gboolean negative = *text == '-';
    gint64 mantissa = 0, written = 0;
    gint32 exponent = 0;
    gboolean digits = FALSE, point = FALSE;
    if (*text == '-' || *text == '+') {
        text++;
    }
    for (; g_ascii_isdigit(*text) || (*text == '.' && !point); text++) {
        if (*text == '.') {
            point = TRUE;
            continue;
        }
        if (mantissa > (G_MAXINT64 - 9) / 10) {
            return FALSE;
        }
        mantissa = 10 * mantissa + (*text - '0');
        exponent -= point;
        digits = TRUE;
    }
    if (!digits) {
        return FALSE;
    }
    if (*text == 'e' || *text == 'E') {
        char *end;
        if (!g_ascii_isdigit(text[1]) && !((text[1] == '-' || text[1] == '+') && g_ascii_isdigit(text[2]))) {
            return FALSE;
        }
        written = g_ascii_strtoll(text + 1, &end, 10);
        text = end;
    }
    if (*text != '\0' || written > MAX_EXPONENT || written < -MAX_EXPONENT || exponent < -MAX_EXPONENT) {
        return FALSE;
    }
    *out = make_normal(negative ? -mantissa : mantissa, exponent + (gint32)written);
    return TRUE;
}

/* ---- building ---- */

static void entry_free(gpointer data)
{
    Entry *entry = data;
    g_free(entry->not_before);
    g_free(entry);
}

DjUnits *dj_units_new(void)
{
    DjUnits *units = g_new0(DjUnits, 1);
    units->bases = g_ptr_array_new_with_free_func(g_free);
    units->exact = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free);
    units->folded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return units;
}

void dj_units_free(DjUnits *units)
{
    if (units) {
        g_ptr_array_free(units->bases, TRUE);
        g_hash_table_destroy(units->folded);
        g_hash_table_destroy(units->exact);
        g_free(units);
    }
}

static gboolean fail(GError **error, const DjUnitSpec *spec, const char *what, const char *detail)
{
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "unit %s: %s: %s", spec->symbol, what, detail);
    return FALSE;
}

/* "0.01" or "1/60" into a positive fraction with a power of ten. */
static gboolean parse_factor(const char *text, DjMeasure *measure)
{
    g_auto(GStrv) parts = g_strsplit(text, "/", 2);
    DjDecimal num, den = {1, 0};
    if (!parts[0] || !dj_decimal_parse(parts[0], &num) || (parts[1] && !dj_decimal_parse(parts[1], &den)) ||
        num.mantissa <= 0 || den.mantissa <= 0) {
        return FALSE;
    }
    measure->num = num.mantissa;
    measure->den = den.mantissa;
    measure->exponent = num.exponent - den.exponent;
    return TRUE;
}

static gboolean parse_dimension(DjUnits *units, const DjUnitSpec *spec, DjMeasure *measure, GError **error)
{
    g_auto(GStrv) parts = g_strsplit_set(spec->dimension, " ", -1);
    for (guint i = 0; parts[i]; i++) {
        char *caret = strchr(parts[i], '^');
        gint64 exponent = 1;
        guint base = 0;
        if (parts[i][0] == '\0') {
            continue;
        }
        if (caret) {
            char *end;
            exponent = g_ascii_strtoll(caret + 1, &end, 10);
            if (end == caret + 1 || *end != '\0' || exponent < -9 || exponent > 9) {
                return fail(error, spec, "bad exponent in dimension", parts[i]);
            }
            *caret = '\0';
        }
        while (base < units->bases->len && strcmp(units->bases->pdata[base], parts[i]) != 0) {
            base++;
        }
        if (base == DJ_UNITS_MAX_BASES) {
            return fail(error, spec, "too many bases", parts[i]);
        }
        if (base == units->bases->len) {
            g_ptr_array_add(units->bases, g_strdup(parts[i]));
        }
        measure->exponents[base] = (gint8)(measure->exponents[base] + exponent);
    }
    return TRUE;
}

static gboolean add_name(DjUnits *units, const DjUnitSpec *spec, const char *name, const DjMeasure *measure,
                         GError **error)
{
    if (*name == '\0' || strlen(name) > MAX_SYMBOL_BYTES) {
        return fail(error, spec, "name is empty or too long", name);
    }
    if (g_hash_table_contains(units->exact, name)) {
        return fail(error, spec, "name is taken", name);
    }
    units->longest = MAX(units->longest, strlen(name));
    Entry *entry = g_new(Entry, 1);
    *entry = (Entry){*measure, g_strdup(spec->not_before)};
    g_hash_table_insert(units->exact, g_strdup(name), entry);
    g_autofree char *folded = g_ascii_strdown(name, -1);
    if (g_utf8_strlen(name, -1) > 1 && !g_hash_table_contains(units->folded, folded)) {
        g_hash_table_insert(units->folded, g_steal_pointer(&folded), entry);
    }
    return TRUE;
}

gboolean dj_units_add(DjUnits *units, const DjUnitSpec *spec, GError **error)
{
    DjMeasure measure = {.num = 1, .den = 1};
    if (!parse_factor(spec->factor, &measure)) {
        return fail(error, spec, "bad factor", spec->factor);
    }
    if (spec->offset && !dj_decimal_parse(spec->offset, &measure.offset)) {
        return fail(error, spec, "bad offset", spec->offset);
    }
    if (!parse_dimension(units, spec, &measure, error) || !add_name(units, spec, spec->symbol, &measure, error)) {
        return FALSE;
    }
    for (guint i = 0; spec->aliases && spec->aliases[i]; i++) {
        if (!add_name(units, spec, spec->aliases[i], &measure, error)) {
            return FALSE;
        }
    }
    measure.offset = (DjDecimal){0, 0};
    for (const char *p = spec->prefixes; p && *p; p = g_utf8_next_char(p)) {
        const gsize length = (gsize)(g_utf8_next_char(p) - p);
        guint i = 0;
        while (i < G_N_ELEMENTS(PREFIXES) &&
               !(strlen(PREFIXES[i].letter) == length && memcmp(PREFIXES[i].letter, p, length) == 0)) {
            i++;
        }
        if (i == G_N_ELEMENTS(PREFIXES)) {
            return fail(error, spec, "unknown prefix", p);
        }
        DjMeasure prefixed = measure;
        prefixed.exponent += PREFIXES[i].exponent;
        g_autofree char *name = g_strconcat(PREFIXES[i].letter, spec->symbol, NULL);
        if (!add_name(units, spec, name, &prefixed, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- reading ---- */

static gboolean is_letter(char c)
{
    return g_ascii_isalpha(c);
}

static gboolean may_stand_here(const Entry *entry, const char *after, gsize length)
{
    for (const char *p = entry->not_before; p && *p; p = g_utf8_next_char(p)) {
        const gsize n = (gsize)(g_utf8_next_char(p) - p);
        if (length >= n && memcmp(after, p, n) == 0) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Longest symbol at text. A Latin symbol must not be the beginning of a longer Latin word: "mm" yes, "mmx" no. */
static gsize read_symbol(const DjUnits *units, const char *text, gsize length, const DjMeasure **measure)
{
    char key[MAX_SYMBOL_BYTES + 1], folded[MAX_SYMBOL_BYTES + 1];
    const gsize longest = MIN(length, units->longest);
    for (gsize i = 0; i < longest; i++) {
        key[i] = text[i];
        folded[i] = g_ascii_tolower(text[i]);
    }
    for (gsize n = longest; n > 0; n--) {
        if ((n < length && (text[n] & 0xc0) == 0x80) || (n < length && is_letter(text[n - 1]) && is_letter(text[n]))) {
            continue;
        }
        key[n] = folded[n] = '\0';
        const Entry *entry = g_hash_table_lookup(units->exact, key);
        if (!entry) {
            entry = g_hash_table_lookup(units->folded, folded);
        }
        if (entry && may_stand_here(entry, text + n, length - n)) {
            *measure = &entry->measure;
            return n;
        }
    }
    return 0;
}

static gsize get_product_sign(const char *text, gsize length)
{
    static const char *const signs[] = {"·", "*", "⋅", "•", "."};
    for (guint i = 0; i < G_N_ELEMENTS(signs); i++) {
        const gsize n = strlen(signs[i]);
        if (length > n && memcmp(text, signs[i], n) == 0) {
            return n;
        }
    }
    return 0;
}

/*
 * "3", "^3", "-1", "^-1" after a symbol; *exponent stays 1 when there is none. Without a caret, "-3" is an exponent
 * only when nothing follows that would make it the other end of a range: "2m-3m".
 */
static gsize read_exponent(const char *text, gsize length, int *exponent)
{
    const gboolean caret = length > 0 && text[0] == '^';
    gsize n = caret;
    const gboolean negative = n < length && text[n] == '-';
    n += negative;
    if (n >= length || text[n] < '1' || text[n] > '9' || (n + 1 < length && g_ascii_isdigit(text[n + 1]))) {
        return 0;
    }
    const char next = n + 1 < length ? text[n + 1] : '\0';
    if (!caret && negative && next != '\0' && !strchr(" )/,;*", next) &&
        get_product_sign(text + n + 1, length - n - 1) == 0) {
        return 0;
    }
    if (!caret && !negative && (text[n] > '3' || next == '.')) {
        return 0;
    }
    *exponent = negative ? '0' - text[n] : text[n] - '0';
    return n + 1;
}

/* *into *= unit^power. FALSE when a number does not fit. */
static gboolean multiply(DjMeasure *into, const DjMeasure *unit, int power)
{
    const int times = ABS(power);
    for (int i = 0; i < DJ_UNITS_MAX_BASES; i++) {
        const int exponent = into->exponents[i] + power * unit->exponents[i];
        if (exponent < -100 || exponent > 100) {
            return FALSE;
        }
        into->exponents[i] = (gint8)exponent;
    }
    for (int i = 0; i < times; i++) {
        gint64 *num = power > 0 ? &into->num : &into->den, *den = power > 0 ? &into->den : &into->num;
        if (__builtin_mul_overflow(*num, unit->num, num) || __builtin_mul_overflow(*den, unit->den, den)) {
            return FALSE;
        }
    }
    into->exponent += power * unit->exponent;
    return TRUE;
}

typedef struct {
    const DjUnits *units;
    const char *text;
    gsize length;
    gsize at;
    guint n_symbols;
} Reader;

/* One symbol with its exponent, on the given side of the fraction. */
static gboolean read_factor(Reader *reader, int side, DjMeasure *measure)
{
    const DjMeasure *unit;
    int exponent = 1;
    const gsize n = read_symbol(reader->units, reader->text + reader->at, reader->length - reader->at, &unit);
    if (n == 0) {
        return FALSE;
    }
    const gsize end = reader->at + n;
    const gsize n_exponent = read_exponent(reader->text + end, reader->length - end, &exponent);
    DjMeasure product = *measure;
    if (!multiply(&product, unit, side * exponent)) {
        return FALSE;
    }
    product.offset = reader->n_symbols == 0 && n_exponent == 0 ? unit->offset : (DjDecimal){0, 0};
    *measure = product;
    reader->at = end + n_exponent;
    reader->n_symbols++;
    return TRUE;
}

/* Symbols joined by a product sign, all on one side: "N·m" or what stands after a slash, "m·K" in W/m·K. */
static gboolean read_product(Reader *reader, int side, DjMeasure *measure)
{
    if (!read_factor(reader, side, measure)) {
        return FALSE;
    }
    for (;;) {
        const gsize before = reader->at;
        const gsize n = get_product_sign(reader->text + reader->at, reader->length - reader->at);
        reader->at += n;
        if (n == 0 || !read_factor(reader, side, measure)) {
            reader->at = before;
            return TRUE;
        }
    }
}

/* "(m·K)" */
static gboolean read_group(Reader *reader, int side, DjMeasure *measure)
{
    const gsize before = reader->at;
    DjMeasure product = *measure;
    if (reader->at < reader->length && reader->text[reader->at] == '(') {
        reader->at++;
        if (read_product(reader, side, &product) && reader->at < reader->length && reader->text[reader->at] == ')') {
            reader->at++;
            *measure = product;
            return TRUE;
        }
        reader->at = before;
    }
    return read_product(reader, side, measure);
}

gsize dj_units_read(const DjUnits *units, const char *text, gsize length, DjMeasure *measure)
{
    Reader reader = {units, text, length, 0, 0};
    *measure = (DjMeasure){.num = 1, .den = 1};
    if (!read_product(&reader, 1, measure)) {
        return 0;
    }
    while (reader.at + 1 < length && text[reader.at] == '/') {
        const gsize slash = reader.at++;
        if (!read_group(&reader, -1, measure)) {
            reader.at = slash;
            /* "30kW/60kW" is a list; "元/台" is a unit whose rest is not known. */
            measure->open = !g_ascii_isdigit(text[slash + 1]) && (guint8)text[slash + 1] > ' ';
            break;
        }
    }
    return reader.at;
}

/* ---- comparing ---- */

gboolean dj_measures_equal(const DjMeasure *a, const DjMeasure *b)
{
    return memcmp(a->exponents, b->exponents, sizeof a->exponents) == 0 && a->num == b->num && a->den == b->den &&
           a->exponent == b->exponent && a->offset.mantissa == b->offset.mantissa &&
           a->offset.exponent == b->offset.exponent && a->open == b->open;
}

gboolean dj_measures_agree(const DjMeasure *a, const DjMeasure *b)
{
    return !a->open && !b->open && memcmp(a->exponents, b->exponents, sizeof a->exponents) == 0;
}

typedef __int128 Wide;

/* *value *= 10^n for n >= 0 */
static gboolean scale(Wide *value, gint32 n)
{
    for (; n > 0 && *value != 0; n--) {
        if (__builtin_mul_overflow(*value, (Wide)10, value)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean add_offset(DjDecimal *value, const DjMeasure *measure)
{
    Wide a = value->mantissa, b = measure->offset.mantissa;
    const gint32 exponent = MIN(value->exponent, measure->offset.exponent);
    if (b == 0) {
        return TRUE;
    }
    if (!scale(&a, value->exponent - exponent) || !scale(&b, measure->offset.exponent - exponent) ||
        a + b > G_MAXINT64 || a + b < G_MININT64) {
        return FALSE;
    }
    *value = make_normal((gint64)(a + b), exponent);
    return TRUE;
}

gboolean dj_units_compare(DjDecimal a, const DjMeasure *in_a, DjDecimal b, const DjMeasure *in_b, int *order)
{
    if (!dj_measures_agree(in_a, in_b) || !add_offset(&a, in_a) || !add_offset(&b, in_b)) {
        return FALSE;
    }
    Wide left = a.mantissa, right = b.mantissa;
    const gint32 exponent_a = a.exponent + in_a->exponent, exponent_b = b.exponent + in_b->exponent;
    if (__builtin_mul_overflow(left, (Wide)in_a->num, &left) || __builtin_mul_overflow(left, (Wide)in_b->den, &left) ||
        __builtin_mul_overflow(right, (Wide)in_b->num, &right) ||
        __builtin_mul_overflow(right, (Wide)in_a->den, &right) || !scale(&left, exponent_a - exponent_b) ||
        !scale(&right, exponent_b - exponent_a)) {
        return FALSE;
    }
    *order = (left > right) - (left < right);
    return TRUE;
}
