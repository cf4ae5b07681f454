/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON arrays and JSON Lines as rows; what is broken is named and does not spoil the rest. */
#include "indexer/json.h"
#include <criterion/criterion.h>
#include <string.h>

/* All objects as "{name=value;…}", "!" where one cannot be used; the error at the end where there is one. */
static char *dump(const char *text, const DjReaderOptions *options)
{
    static const DjReaderOptions none = {0};
    g_autoptr(GError) error = NULL;
    GString *out = g_string_new(NULL);
    DjJson *json =
        dj_json_open(dj_source_open_text(dj_source_open_bytes(text, strlen(text))), options ? options : &none);
    DjRow row;
    gboolean more = TRUE;
    while (more && dj_json_next(json, &row, &more, &error) && more) {
        g_string_append_c(out, '{');
        for (gsize i = 0; i < row.n_cells; i++)
            if (row.cells[i].text)
                g_string_append_printf(out, "%s=%s%s;", (char *)dj_json_names(json)->pdata[i], row.cells[i].text,
                                       row.cells[i].list ? "*" : "");
        g_string_append(out, row.problem ? "!}" : "}");
    }
    if (error)
        g_string_append(out, error->message);
    dj_json_close(json);
    return g_string_free(out, FALSE);
}

static void expect(const char *text, const char *rows)
{
    g_autofree char *got = dump(text, NULL);
    cr_assert_str_eq(got, rows);
}

Test(json, arrays_and_lines)
{
    expect("[{\"a\":\"1\"},{\"b\":\"2\",\"a\":\"3\"}]", "{a=1;}{a=3;b=2;}");
    expect("{\"a\":\"1\"}\n{\"a\":\"2\"}\r\n\n", "{a=1;}{a=2;}");
    expect(" [ ] ", "");
    expect("\xEF\xBB\xBF[{\"a\":\"}]\\\"{\"}]", "{a=}]\"{;}");
}

Test(json, values_become_cells)
{
    expect("{\"s\":\"x\",\"i\":12,\"r\":0.1,\"t\":true,\"n\":null,\"l\":[\"甲\",2,null,\"乙\"],\"o\":{\"k\":[1]},\"m\":"
           "[[1]]}",
           "{s=x;i=12;r=0.1;t=true;l=甲\n2\n乙*;o={\"k\":[1]};m=[[1]];}");
}

Test(json, a_broken_object_does_not_spoil_the_rest)
{
    expect("{\"a\":\"1\"}\n{\"a\":1,\"a\":2}\n{\"a\":\"3\"}\n", "{a=1;}{!}{a=3;}");
    expect("{\"a\":\"1\"}\nnot json\n{\"a\":\"3\"}", "{a=1;}{!}{a=3;}");
    expect("[{\"a\":tru},{\"a\":\"2\"}]", "{!}{a=2;}");
    expect("{\"a\":\"x\\u0000y\"}\n{\"a\":\"2\"}", "{!}{a=2;}");
}

Test(json, an_open_line_does_not_swallow_the_next)
{
    expect("{\"a\":\"1\"}\n{\"a\":\"open\n{\"a\":\"3\"}\n{\"a\":{\n", "{a=1;}{!}{a=3;}{!}");
    expect("{\n  \"a\": \"1\"\n}\n{\n  \"a\": \"2\"\n}\n", "{a=1;}{a=2;}");
}

Test(json, what_cannot_be_continued_is_an_error)
{
    expect("[{\"a\":\"1\"},", "{a=1;}object 2: the array is not closed; the file is cut off");
    expect("[{\"a\":\"1\"},{\"a\":\"2", "{a=1;}object 2: not closed; the file is cut off");
    expect("[{\"a\":\"1\"},7]", "{a=1;}object 2: an object was expected");
    expect("[{\"a\":\"1\"}]{\"a\":\"2\"}", "{a=1;}object 2: text after the end of the array");
}

Test(json, limits_name_the_object)
{
    g_autofree char *long_text = g_strnfill(300, 'x');
    g_autofree char *text = g_strdup_printf("{\"a\":\"1\"}\n{\"a\":\"%s\"}", long_text);
    DjReaderOptions options = {.max_row_bytes = 100};
    g_autofree char *got = dump(text, &options);
    cr_assert_str_eq(got, "{a=1;}object 2: longer than 100 bytes");
    options = (DjReaderOptions){.max_columns = 2};
    g_autofree char *many = dump("{\"a\":1}{\"b\":1}{\"c\":1}", &options);
    cr_assert_str_eq(many, "{a=1;}{b=1;}object 3: more than 2 different names in the file");
    g_autofree char *deep = g_strnfill(1000, '[');
    g_autofree char *shut = g_strnfill(1000, ']');
    g_autofree char *nested = g_strdup_printf("{\"a\":%s%s}{\"b\":\"2\"}", deep, shut);
    expect(nested, "{!}{b=2;}");
}

Test(json, truncations_and_random_bytes_do_no_harm)
{
    const char *text = "[{\"a\":\"甲\\n\",\"l\":[1,2]},{\"b\":{\"c\":null}}]\n";
    for (gsize n = 0; n <= strlen(text); n++) {
        g_autofree char *cut = g_strndup(text, n);
        g_free(dump(cut, NULL));
    }
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    static const char alphabet[] = "{}[]\":,\\ \nabu0019\xE4\xB8\xAD\xFF";
    for (int round = 0; round < 5000; round++) {
        char bytes[65];
        gsize n = (gsize)g_rand_int_range(rand, 0, 64);
        for (gsize i = 0; i < n; i++)
            bytes[i] = alphabet[g_rand_int_range(rand, 0, sizeof alphabet - 1)];
        bytes[n] = '\0';
        g_free(dump(bytes, NULL));
    }
}
