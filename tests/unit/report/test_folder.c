/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An output folder is replaced whole, and nothing of anybody else's is ever deleted. */
#include "engine/report/folder.h"
#include "engine/report/list_run.h"
#include "engine/report/lists.h"
#include "fixture.h"
#include "tests/folder.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char *base, *lists, *index;
    DjResultSet *set;
    GError *error;
} Case;

static Case new_case(void)
{
    Case c = {.base = g_dir_make_tmp("duijie-folder-XXXXXX", NULL), .set = fixture_set()};
    c.lists = g_build_filename(c.base, "out", "清单", NULL);
    c.index = g_build_filename(c.lists, "index.html", NULL);
    return c;
}

static void end_case(Case *c)
{
    folder_remove(c->base);
    g_clear_error(&c->error);
    dj_result_set_free(c->set);
    g_free(c->index);
    g_free(c->lists);
    g_free(c->base);
}

static gboolean write_to(Case *c)
{
    g_clear_error(&c->error);
    return dj_lists_write(c->set, DJ_AUDIENCE_PUBLIC, c->lists, NULL, &c->error);
}

static guint n_entries(const char *path)
{
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    while (dir && g_dir_read_name(dir))
        n++;
    return n;
}

Test(folder, is_made_with_its_parents_and_replaced_whole)
{
    Case c = new_case();
    cr_assert(write_to(&c), "%s", c.error ? c.error->message : "");
    guint before = n_entries(c.lists);
    /* a second run with fewer chains leaves nothing of the first */
    g_ptr_array_set_size(c.set->pairings, 2);
    g_ptr_array_set_size(c.set->chains, 1);
    cr_assert(write_to(&c), "%s", c.error ? c.error->message : "");
    cr_expect_eq(n_entries(c.lists), before - 4);
    g_autofree char *parent = g_path_get_dirname(c.lists);
    cr_expect_eq(n_entries(parent), 1, "no temporary folder is left");
    struct stat info;
    cr_assert_eq(stat(c.lists, &info), 0);
    cr_expect_eq(info.st_mode & 0400, 0400);
    end_case(&c);
}

Test(folder, is_published_without_what_a_library_left_behind)
{
    Case c = new_case();
    g_auto(DjFolder) folder = {0};
    cr_assert(dj_folder_begin(&folder, c.lists, &c.error), "%s", c.error ? c.error->message : "");
    g_autofree char *list = dj_folder_path(&folder, "list"), *left = dj_folder_path(&folder, "tmp.3aX1b2");
    cr_assert(g_file_set_contents(list, "1", -1, NULL) && g_file_set_contents(left, "2", -1, NULL));
    dj_folder_note(&folder, "list", "0123456789012345678901234567890123456789012345678901234567890123");
    cr_assert(dj_folder_publish(&folder, &c.error), "%s", c.error ? c.error->message : "");
    cr_expect_eq(n_entries(c.lists), 2, "the list and the manifest");
    cr_assert(write_to(&c), "the folder is ours: %s", c.error ? c.error->message : "");
    end_case(&c);
}

Test(folder, with_a_file_of_somebody_else_is_refused)
{
    Case c = new_case();
    cr_assert(write_to(&c));
    g_autofree char *notes = g_build_filename(c.lists, "批注.txt", NULL);
    cr_assert(g_file_set_contents(notes, "mine", -1, NULL));
    g_autofree char *old = NULL, *new = NULL;
    cr_assert(g_file_get_contents(c.index, &old, NULL, NULL));
    c.set->min_score = 50;
    cr_assert_not(write_to(&c));
    cr_expect(g_error_matches(c.error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_FOLDER));
    cr_expect_not_null(strstr(c.error->message, "批注.txt"));
    cr_assert(g_file_get_contents(c.index, &new, NULL, NULL));
    cr_expect_str_eq(old, new);
    cr_expect(g_file_test(notes, G_FILE_TEST_EXISTS));
    end_case(&c);
}

Test(folder, empty_is_taken_and_a_file_in_its_place_is_refused)
{
    Case c = new_case();
    cr_assert_eq(g_mkdir_with_parents(c.lists, 0777), 0);
    cr_assert(write_to(&c), "%s", c.error ? c.error->message : "");
    Case d = new_case();
    g_autofree char *parent = g_path_get_dirname(d.lists);
    cr_assert_eq(g_mkdir_with_parents(parent, 0777), 0);
    cr_assert(g_file_set_contents(d.lists, "a file", -1, NULL));
    cr_assert_not(write_to(&d));
    cr_expect(g_error_matches(d.error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_FOLDER));
    end_case(&c);
    end_case(&d);
}

Test(folder, behind_a_link_is_replaced_and_the_link_stays)
{
    Case c = new_case();
    g_autofree char *real = g_build_filename(c.base, "real", NULL), *parent = g_path_get_dirname(c.lists);
    cr_assert_eq(g_mkdir_with_parents(parent, 0777), 0);
    cr_assert_eq(g_mkdir(real, 0777), 0);
    cr_assert_eq(symlink(real, c.lists), 0);
    for (int i = 0; i < 2; i++)
        cr_assert(write_to(&c), "%s", c.error ? c.error->message : "");
    cr_expect(g_file_test(c.lists, G_FILE_TEST_IS_SYMLINK));
    g_autofree char *index = g_build_filename(real, "index.html", NULL);
    cr_expect(g_file_test(index, G_FILE_TEST_IS_REGULAR));
    cr_assert_eq(g_unlink(c.lists), 0);
    end_case(&c);
}

Test(folder, a_forged_manifest_deletes_nothing_outside)
{
    Case c = new_case();
    cr_assert_eq(g_mkdir_with_parents(c.lists, 0777), 0);
    g_autofree char *victim = g_build_filename(c.base, "victim", NULL);
    cr_assert(g_file_set_contents(victim, "keep", -1, NULL));
    g_autofree char *manifest = g_build_filename(c.lists, ".duijie-lists", NULL);
    g_autofree char *zeros = g_strnfill(64, '0'), *line = g_strconcat(zeros, "  ../../victim\n", NULL);
    cr_assert(g_file_set_contents(manifest, line, -1, NULL));
    cr_assert(write_to(&c), "%s", c.error ? c.error->message : "");
    cr_expect(g_file_test(victim, G_FILE_TEST_EXISTS));
    end_case(&c);
}

Test(folder, a_failed_run_leaves_the_old_lists)
{
    Case c = new_case();
    cr_assert(write_to(&c));
    g_autofree char *old = NULL, *new = NULL;
    cr_assert(g_file_get_contents(c.index, &old, NULL, NULL));
    g_hash_table_remove_all(c.set->patents);
    cr_assert_not(write_to(&c));
    cr_assert(g_file_get_contents(c.index, &new, NULL, NULL));
    cr_expect_str_eq(old, new);
    g_autofree char *parent = g_path_get_dirname(c.lists);
    cr_expect_eq(n_entries(parent), 1);
    end_case(&c);
}
