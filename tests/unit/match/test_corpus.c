/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a generation whose matrix this code cannot read: what is said, and that building goes on from there. */
#include "fixture.h"
#include <criterion/criterion.h>
#include <string.h>

enum { VERSION_AT = 8 }; /* of the header of a matrix, behind its magic */

static void put_matrix(const char *folder, const char *bytes, gsize size)
{
    g_autofree char *path = g_build_filename(folder, "matrix", NULL);
    cr_assert(g_file_set_contents(path, bytes, (gssize)size, NULL));
}

static char *open_error(const char *folder)
{
    g_autoptr(GError) error = NULL;
    DjCorpus *corpus = dj_corpus_open(folder, &error);
    cr_assert_null(corpus);
    return g_strdup(error->message);
}

Test(corpus, a_matrix_of_another_version_is_told_from_a_damaged_one)
{
    Ground ground;
    DjBuildResult result;
    ground_make(&ground, 8, 3, 2, 30, 1);
    g_autofree char *folder = dj_generation_folder(ground.folder, 1);
    g_autofree char *path = g_build_filename(folder, "matrix", NULL), *bytes = NULL;
    gsize size;
    cr_assert(g_file_get_contents(path, &bytes, &size, NULL));

    put_matrix(folder, bytes, size - 64);
    g_autofree char *cut = open_error(folder);
    cr_assert_not_null(strstr(cut, "gen-1 is damaged (matrix is truncated): run `duijie index --rebuild`"), "%s", cut);

    bytes[VERSION_AT]++;
    put_matrix(folder, bytes, size);
    g_autofree char *other = open_error(folder);
    cr_assert_not_null(strstr(other, "gen-1 was built by another version of duijie: run `duijie index`"), "%s", other);

    ground_build(&ground, &result); /* which opens what it built */
    cr_assert_eq(result.generation, 2);
    ground_free(&ground);
}
