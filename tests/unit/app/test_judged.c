/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Judgments and runs as people write them, and what is said when they are wrong. */
#include "app/judged.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *write_file(const char *text)
{
    char *path = NULL;
    int fd = g_file_open_tmp("duijie-judged-XXXXXX", &path, NULL);
    cr_assert_geq(fd, 0);
    g_close(fd, NULL);
    cr_assert(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static char *levels(const char *text)
{
    g_autofree char *path = write_file(text);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) judgments = dj_judgments_read(path, &error);
    g_unlink(path);
    if (!judgments)
        return g_strdup(strstr(error->message, "line") ? strstr(error->message, "line") : error->message);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < judgments->len; i++) {
        const DjJudgment *judgment = &g_array_index(judgments, DjJudgment, i);
        g_string_append_printf(out, "%s %s %d;", judgment->need, judgment->supply, judgment->level);
    }
    return g_string_free(out, FALSE);
}

Test(judged, tables_and_trec_files_are_read_and_errors_name_the_line)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"rid\tdid\tlevel_max\nN1\tP1\t4\nN2\tP 2\t1\n", "N1 P1 4;N2 P 2 1;"},
        {"\xEF\xBB\xBFneed\tsupply\tgrade\r\nN1\tP1\t0\r\n\r\nN1\tP2\t3\r\n", "N1 P1 1;N1 P2 4;"},
        {"N1 0 P1 3\nN1  0  P2 0\n", "N1 P1 4;N1 P2 1;"},
        {"need\tsupply\tlevel\nN1\tP1\t5\n", "line 2: level must be 1 to 4: \"5\""},
        {"N1 0 P1 4\n", "line 1: grade must be 0 to 3: \"4\""},
        {"need\tsupply\tlevel\nN1\tP1\n", "line 2: expected need, supply and level: \"N1\""},
        {"need\tsupply\tlevel\nN1\tP1\tgood\n", "line 2: not a level: \"good\""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = levels(cases[i].text);
        cr_expect_str_eq(got, cases[i].expected, "case %zu: %s", i, got);
    }
}

Test(judged, a_run_is_measured_and_what_it_lacks_comes_last)
{
    g_autofree char *qrels = write_file("n\ts\tlevel\nA\tx\t4\nA\ty\t1\nB\tx\t1\nB\tz\t3\n");
    g_autofree char *path = write_file("A Q0 x 1 9.5 t\nA Q0 y 2 3 t\nB Q0 x 101 1 t\n");
    g_autoptr(GArray) judgments = dj_judgments_read(qrels, NULL);
    g_autoptr(DjRun) run = dj_run_read(path, NULL);
    cr_assert(judgments != NULL && run != NULL);
    DjEvaluation evaluation;
    dj_run_evaluate(run, judgments, NULL, &evaluation);
    cr_assert_eq(evaluation.needs->len, 2);
    cr_expect_float_eq(g_array_index(evaluation.ndcg10, double, 0), 1.0, 1e-12);
    cr_expect_float_eq(g_array_index(evaluation.auc, double, 0), 1.0, 1e-12);
    cr_expect_float_eq(g_array_index(evaluation.recall100, double, 0), 1.0, 1e-12);
    cr_expect_float_eq(g_array_index(evaluation.auc, double, 1), 0.0, 1e-12);
    cr_expect_float_eq(g_array_index(evaluation.recall100, double, 1), 0.0, 1e-12);
    dj_evaluation_clear(&evaluation);
    g_unlink(qrels);
    g_unlink(path);
}

Test(judged, a_wrong_run_is_refused)
{
    static const char *const wrong[] = {"A Q0 x 1 9.5\n", "A Q0 x 0 9.5 t\n", "A Q0 x 1 nan t\n", "A Q0 x one 1 t\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *path = write_file(wrong[i]);
        g_autoptr(GError) error = NULL;
        cr_expect_null(dj_run_read(path, &error));
        cr_expect(error && strstr(error->message, "line 1"));
        g_unlink(path);
    }
}
