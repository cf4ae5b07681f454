/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is packed comes back with its hash; what was changed, renamed or pointed elsewhere does not come back at all. */
#include "fixture.h"
#include "indexer/archive.h"
#include "tests/folder.h"
#include <zip.h>

#define KIND  "duijie backup"
#define TITLE KIND " of ws"
#define NOW   "2026-11-01T09:00:00"

typedef struct {
    char *folder, *one, *two, *archive, *out;
} Pack;

static Pack pack_new(void)
{
    Pack p = {.folder = g_dir_make_tmp("duijie-archive-XXXXXX", NULL)};
    p.one = g_build_filename(p.folder, "one", NULL);
    p.two = g_build_filename(p.folder, "two", NULL);
    p.archive = g_build_filename(p.folder, "a.zip", NULL);
    p.out = g_build_filename(p.folder, "out", NULL);
    g_file_set_contents(p.one, "一", -1, NULL);
    g_autofree char *much = g_strnfill(300000, 'x'); /* more than one block */
    g_file_set_contents(p.two, much, -1, NULL);
    g_mkdir(p.out, 0755);
    return p;
}

static void pack_free(Pack *p)
{
    folder_remove(p->folder);
    g_free(p->folder);
    g_free(p->one);
    g_free(p->two);
    g_free(p->archive);
    g_free(p->out);
}

static void write_it(const Pack *p)
{
    GError *error = NULL;
    const DjArchiveFile files[] = {{"duijie.db", p->one}, {"config/rules/two.yaml", p->two}};
    must(dj_archive_write(p->archive, TITLE, files, 2, NOW, NULL, NULL, &error), error);
}

static gboolean any_name(const char *name)
{
    return *name != '\0';
}

/* Extracting fails, says `why`, and nothing of the archive's is left outside `out`. */
static void expect_refused(const Pack *p, const char *why)
{
    GError *error = NULL;
    cr_assert_not(dj_archive_extract(p->archive, KIND, any_name, p->out, NULL, NULL, &error));
    cr_assert_not_null(strstr(error->message, why), "%s", error->message);
    cr_assert_not_null(strstr(error->message, p->archive), "the archive is named: %s", error->message);
    g_clear_error(&error);
    g_autofree char *escaped = g_build_filename(p->folder, "escaped", NULL);
    cr_assert_not(g_file_test(escaped, G_FILE_TEST_EXISTS));
}

Test(archive, what_is_packed_comes_back)
{
    Pack p = pack_new();
    GError *error = NULL;
    write_it(&p);
    must(dj_archive_extract(p.archive, KIND, any_name, p.out, NULL, NULL, &error), error);
    g_autofree char *one = g_build_filename(p.out, "duijie.db", NULL), *text = NULL;
    g_autofree char *two = g_build_filename(p.out, "config", "rules", "two.yaml", NULL), *much = NULL;
    gsize length;
    cr_assert(g_file_get_contents(one, &text, NULL, NULL));
    cr_assert_str_eq(text, "一");
    cr_assert(g_file_get_contents(two, &much, &length, NULL));
    cr_assert_eq(length, 300000);
    pack_free(&p);
}

Test(archive, the_same_files_give_the_same_bytes_in_any_time_zone)
{
    Pack p = pack_new();
    char *first = NULL, *second = NULL;
    gsize n_first, n_second;
    g_setenv("TZ", "UTC", TRUE);
    write_it(&p);
    cr_assert(g_file_get_contents(p.archive, &first, &n_first, NULL));
    g_setenv("TZ", "Asia/Shanghai", TRUE);
    write_it(&p);
    cr_assert(g_file_get_contents(p.archive, &second, &n_second, NULL));
    cr_assert_eq(n_first, n_second);
    cr_assert_arr_eq(first, second, n_first);
    g_free(first);
    g_free(second);
    pack_free(&p);
}

Test(archive, only_an_archive_of_its_kind_is_replaced)
{
    Pack p = pack_new();
    GError *error = NULL;
    const DjArchiveFile file = {"duijie.db", p.one};
    g_file_set_contents(p.archive, "a list of patents", -1, NULL);
    cr_assert_not(dj_archive_write(p.archive, TITLE, &file, 1, NOW, NULL, NULL, &error));
    cr_assert(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_EXIST));
    g_clear_error(&error);
    g_autofree char *text = NULL;
    cr_assert(g_file_get_contents(p.archive, &text, NULL, NULL));
    cr_assert_str_eq(text, "a list of patents");
    pack_free(&p);
}

static gboolean stop(const char *phase, guint64 done, guint64 total, gpointer user)
{
    (void)done;
    (void)total;
    return strcmp(phase, user) != 0;
}

Test(archive, cancelling_leaves_the_earlier_archive_and_nothing_else)
{
    Pack p = pack_new();
    write_it(&p);
    g_autofree char *before = NULL;
    gsize n_before;
    cr_assert(g_file_get_contents(p.archive, &before, &n_before, NULL));
    char *const phases[] = {"hash", "pack", "read back"};
    for (gsize i = 0; i < G_N_ELEMENTS(phases); i++) {
        GError *error = NULL;
        const DjArchiveFile file = {"duijie.db", p.two};
        cr_assert_not(dj_archive_write(p.archive, TITLE, &file, 1, NOW, stop, phases[i], &error), "%s", phases[i]);
        cr_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED), "%s: %s", phases[i], error->message);
        g_clear_error(&error);
        g_autofree char *after = NULL;
        gsize n_after;
        cr_assert(g_file_get_contents(p.archive, &after, &n_after, NULL));
        cr_assert_eq(n_before, n_after);
        cr_assert_arr_eq(before, after, n_before);
        g_autofree char *part = g_build_filename(p.folder, ".a.zip.part", NULL);
        cr_assert_not(g_file_test(part, G_FILE_TEST_EXISTS));
    }
    pack_free(&p);
}

/* ---- archives that somebody else made ---- */

static void add_text(zip_t *zip, const char *name, const char *text)
{
    cr_assert_geq(zip_file_add(zip, name, zip_source_buffer(zip, text, strlen(text), 0), ZIP_FL_ENC_UTF_8), 0);
}

/* One entry `name` with the text "x" and a manifest that says `said`, "" = the truth. */
static void forge(const Pack *p, const char *title, const char *said, const char *name)
{
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "x", -1);
    g_autofree char *manifest =
        *said ? g_strdup_printf("%s\n%s\n", title, said) : g_strdup_printf("%s\n%s  %s\n", title, hash, name);
    zip_t *zip = zip_open(p->archive, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    add_text(zip, "MANIFEST", manifest);
    add_text(zip, name, "x");
    cr_assert_eq(zip_close(zip), 0);
}

Test(archive, forged_and_damaged_archives_are_refused)
{
    Pack p = pack_new();
    GError *error = NULL;
    forge(&p, TITLE, "", "fine");
    must(dj_archive_extract(p.archive, KIND, any_name, p.out, NULL, NULL, &error), error);
    static const char *const outside[] = {"../escaped", "/tmp/escaped", "a/../../escaped", "a\\..\\escaped", "a//b"};
    for (gsize i = 0; i < G_N_ELEMENTS(outside); i++) {
        forge(&p, TITLE, "", outside[i]);
        expect_refused(&p, "cannot hold");
    }
    forge(&p, "something else", "", "fine");
    expect_refused(&p, "no such file of duijie");
    forge(&p, TITLE, "0000  fine", "fine");
    expect_refused(&p, "cannot be read");
    g_autofree char *wrong = g_strnfill(64, '0'), *line = g_strconcat(wrong, "  fine2", NULL);
    forge(&p, TITLE, line, "fine2");
    expect_refused(&p, "does not have its hash");
    forge(&p, TITLE, "\n", "fine3");
    expect_refused(&p, "holds other files");
    g_file_set_contents(p.archive, "PK\003\004 not really", -1, NULL);
    expect_refused(&p, "not a readable ZIP");
    pack_free(&p);
}

Test(archive, every_flipped_byte_is_noticed_or_harmless)
{
    Pack p = pack_new();
    write_it(&p);
    char *bytes = NULL;
    gsize n;
    guint refused = 0;
    cr_assert(g_file_get_contents(p.archive, &bytes, &n, NULL));
    for (gsize at = 0; at < n; at++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *folder = g_strdup_printf("%s/flip", p.folder);
        g_autofree char *name = g_build_filename(folder, "duijie.db", NULL), *text = NULL;
        bytes[at] ^= 0x10;
        cr_assert(g_file_set_contents(p.archive, bytes, (gssize)n, NULL));
        bytes[at] ^= 0x10;
        g_mkdir(folder, 0755);
        if (!dj_archive_extract(p.archive, KIND, any_name, folder, NULL, NULL, &error))
            refused++;
        else {
            cr_assert(g_file_get_contents(name, &text, NULL, NULL));
            cr_assert_str_eq(text, "一", "byte %zu changes what comes back", at);
        }
        folder_remove(folder);
    }
    cr_assert_gt(refused, n / 3, "most bytes matter");
    g_free(bytes);
    pack_free(&p);
}
