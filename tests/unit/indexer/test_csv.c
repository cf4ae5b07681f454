/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV and TSV: quoting, line ends, encodings, limits, and that where a file is cut into reads makes no difference. */
#include "indexer/csv.h"
#include <criterion/criterion.h>
#include <string.h>

/* A source that hands out a few bytes at a time. */
typedef struct {
    DjSource base;
    DjSource *inner;
    gsize step;
} Slow;

static gssize read_slowly(DjSource *source, char *buffer, gsize n, GError **error)
{
    Slow *slow = (Slow *)source;
    return dj_source_read(slow->inner, buffer, MIN(n, slow->step), error);
}

static void close_slow(DjSource *source)
{
    dj_source_close(((Slow *)source)->inner);
    g_free(source);
}

static DjSource *slow_source(const char *bytes, gsize length, gsize step)
{
    Slow *slow = g_new0(Slow, 1);
    slow->base.read = read_slowly;
    slow->base.close = close_slow;
    slow->inner = dj_source_open_bytes(bytes, length);
    slow->step = step;
    return &slow->base;
}

/* All rows, as "[a|b][c|d]"; the error instead where there is one. */
static char *dump(const char *bytes, gsize length, gsize step, const DjReaderOptions *options)
{
    static const DjReaderOptions none = {0};
    g_autoptr(GError) error = NULL;
    GString *out = g_string_new(NULL);
    DjCsv *csv = dj_csv_open(dj_source_open_text(slow_source(bytes, length, step)), options ? options : &none, &error);
    gboolean more = csv != NULL;
    DjRow row;
    while (more && dj_csv_next(csv, &row, &more, &error) && more) {
        g_string_append_c(out, '[');
        for (gsize i = 0; i < row.n_cells; i++) {
            cr_assert(row.problem || strlen(row.cells[i].text) == row.cells[i].length);
            g_string_append_printf(out, "%s%s", i ? "|" : "", row.cells[i].text);
        }
        g_string_append(out, row.problem ? "!]" : "]");
    }
    if (error)
        g_string_append(out, error->message);
    dj_csv_close(csv);
    return g_string_free(out, FALSE);
}

static void expect_bytes(const char *bytes, gsize length, const char *rows)
{
    for (gsize step = 1; step < 70; step += step < 8 ? 1 : 13) {
        g_autofree char *got = dump(bytes, length, step, NULL);
        cr_assert_str_eq(got, rows, "reading %d bytes at a time: %s", (int)step, got);
    }
}

static void expect(const char *text, const char *rows)
{
    expect_bytes(text, strlen(text), rows);
}

Test(csv, plain_and_quoted_cells)
{
    expect("a,b\nc,d\n", "[a|b][c|d]");
    expect("a,b\nc,d", "[a|b][c|d]");
    expect("a,\"b,c\"\n", "[a|b,c]");
    expect("\"a\"\"b\",\"\"\n", "[a\"b|]");
    expect("\"two\nlines\",x\n", "[two\nlines|x]");
    expect("a,b,\n", "[a|b|]");
    expect(",,\n", "[]");
    expect("", "");
    expect("\n\na,b\n", "[][][a|b]");
}

Test(csv, every_line_end)
{
    expect("a,b\r\nc,d\r\n", "[a|b][c|d]");
    expect("a,b\rc,d\r", "[a|b][c|d]");
    expect("a,b\r\nc,d\re,f\ng,h", "[a|b][c|d][e|f][g|h]");
    expect("\"a\r\nb\",c\r\n", "[a\r\nb|c]");
}

Test(csv, delimiters_are_told_from_the_first_line)
{
    expect("a\tb,c\td\n1\t2,3\t4\n", "[a|b,c|d][1|2,3|4]");
    expect("a;b\n1,5;2\n", "[a|b][1,5|2]");
    expect("\"a;b;c\",d\n", "[a;b;c|d]");
    expect("标题\na,b\n", "[标题][a|b]");
}

Test(csv, a_stray_quote_swallows_nothing)
{
    expect("a,b\n\"十三五\"规划,x\nc,d\n", "[a|b][\"十三五\"规划|x][c|d]");
    expect("a,b\n5\" 管,x\nc,d\n", "[a|b][5\" 管|x][c|d]");
    expect("a,b\n\"open,x\nc,d\n", "[a|b][\"open|x][c|d]");
    expect("a,b\n\"open,x\nc,d\ne,\"f\"\n", "[a|b][\"open|x][c|d][e|f]");
    expect("a,b\n\"really\ntwo\",x\n", "[a|b][really\ntwo|x]");
}

Test(csv, byte_order_marks_go)
{
    expect("\xEF\xBB\xBF名称,值\n", "[名称|值]");
    expect_bytes("\xFF\xFE\x0D\x54\t\0\x3C\x50\n\0", 10, "[名|值]"); /* UTF-16, as Excel writes Unicode text */
}

Test(csv, gb18030_is_found_wherever_it_begins)
{
    gsize length;
    g_autofree char *gb =
        g_convert("企业名称,需求\n示例公司,防爆“电池”①、𠀀\n", -1, "GB18030", "UTF-8", NULL, &length, NULL);
    expect_bytes(gb, length, "[企业名称|需求][示例公司|防爆“电池”①、𠀀]");
    /* The first characters are also valid UTF-8. */
    g_autofree char *luck = g_convert("a,联通\n", -1, "GB18030", "UTF-8", NULL, &length, NULL);
    expect_bytes(luck, length, "[a|联通]");
    /* 200 KB of ASCII first. */
    g_autoptr(GString) long_text = g_string_new("a,b\n");
    while (long_text->len < 200000)
        g_string_append(long_text, "1,2\n");
    gsize ascii = long_text->len;
    g_string_append_len(long_text, gb, (gssize)strlen(gb));
    g_autofree char *got = dump(long_text->str, long_text->len, 4096, NULL);
    cr_assert_not_null(strstr(got + ascii, "示例公司"));
}

Test(csv, text_that_is_utf8_stays_utf8)
{
    expect("é,ü\nÀ,ß\n", "[é|ü][À|ß]");
    expect("名称,é\n", "[名称|é]");
}

Test(csv, bytes_without_meaning_spoil_only_their_row)
{
    expect("名称,b\nx\xFFy,1\n好,2\n", "[名称|b][x\xFFy|1!][好|2]");
    g_autofree char *nul = dump("a,b\nx\0y,1\n", 10, 3, NULL);
    cr_assert_str_eq(nul, "[a|b][x|1!]", "the rest of the cell is behind a NUL: the row is not taken");
}

Test(csv, limits_name_the_row)
{
    DjReaderOptions options = {.max_row_bytes = 100};
    g_autoptr(GString) text = g_string_new("a,b\n");
    for (int i = 0; i < 200; i++)
        g_string_append_c(text, 'x');
    g_autofree char *got = dump(text->str, text->len, 7, &options);
    cr_assert_str_eq(got, "[a|b]row 2: longer than 100 bytes");
    options = (DjReaderOptions){.max_columns = 3};
    g_autofree char *wide = dump("a,b\n1,2,3,4\n", 12, 7, &options);
    cr_assert_str_eq(wide, "[a|b]row 2: 4 cells, more than 3");
}

Test(csv, random_bytes_never_do_harm)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    static const char alphabet[] = ",,\"\"\n\r\ta;\xD6\xD0\xE4\xB8\xAD\xFF x";
    for (int round = 0; round < 3000; round++) {
        char bytes[64];
        gsize n = (gsize)g_rand_int_range(rand, 0, sizeof bytes);
        for (gsize i = 0; i < n; i++)
            bytes[i] = alphabet[g_rand_int_range(rand, 0, sizeof alphabet - 1)];
        g_autofree char *whole = dump(bytes, n, 64, NULL);
        g_autofree char *pieces = dump(bytes, n, 1 + (gsize)round % 5, NULL);
        cr_assert_str_eq(whole, pieces, "the size of the reads made a difference");
    }
}
