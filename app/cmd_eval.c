/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/judged.h"
#include "app/session.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define RUN_DEPTH 1000

static void write_hit(const char *need, const char *supply, guint rank, gint64 total, gpointer user)
{
    fprintf(user, "%s Q0 %s %u %" G_GINT64_FORMAT " duijie\n", need, supply, rank, total);
}

static json_t *real_or_null(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

static void add_summary(json_t *root, const char *name, DjSummary summary)
{
    g_autofree char *se = g_strconcat(name, "_se", NULL);
    json_object_set_new(root, name, real_or_null(summary.mean));
    json_object_set_new(root, se, real_or_null(summary.se));
}

static void print_json(const DjEvaluation *evaluation, gboolean per_need)
{
    json_t *root = json_object();
    add_summary(root, "ndcg10", evaluation->ndcg10_mean);
    add_summary(root, "recall100", evaluation->recall100_mean);
    add_summary(root, "auc", evaluation->auc_mean);
    json_object_set_new(root, "needs", json_integer(evaluation->needs->len));
    json_object_set_new(root, "unknown_needs", json_integer(evaluation->n_unknown_needs));
    json_object_set_new(root, "unknown_supply", json_integer(evaluation->n_unknown_supply));
    json_t *each = per_need ? json_array() : NULL;
    for (guint i = 0; each && i < evaluation->needs->len; i++) {
        json_t *row = json_object();
        json_object_set_new(row, "need", json_string(evaluation->needs->pdata[i]));
        json_object_set_new(row, "ndcg10", real_or_null(g_array_index(evaluation->ndcg10, double, i)));
        json_object_set_new(row, "recall100", real_or_null(g_array_index(evaluation->recall100, double, i)));
        json_object_set_new(row, "auc", real_or_null(g_array_index(evaluation->auc, double, i)));
        json_array_append_new(each, row);
    }
    if (each)
        json_object_set_new(root, "per_need", each);
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    puts(text);
    free(text);
    json_decref(root);
}

static void print_row(const char *name, DjSummary summary)
{
    printf("%-12s %.4f  +- %.4f  over %u needs\n", name, summary.mean, summary.se, summary.count);
}

static void print_text(const DjEvaluation *evaluation, gboolean per_need)
{
    for (guint i = 0; per_need && i < evaluation->needs->len; i++)
        printf("%-40s %7.4f %7.4f %7.4f\n", (const char *)evaluation->needs->pdata[i],
               g_array_index(evaluation->ndcg10, double, i), g_array_index(evaluation->recall100, double, i),
               g_array_index(evaluation->auc, double, i));
    printf("%u judged needs\n", evaluation->needs->len);
    print_row("nDCG@10", evaluation->ndcg10_mean);
    print_row("recall@100", evaluation->recall100_mean);
    print_row("AUC", evaluation->auc_mean);
    if (evaluation->n_unknown_needs > 0)
        printf("%u judged needs are not in the workspace\n", evaluation->n_unknown_needs);
    if (evaluation->n_unknown_supply > 0)
        printf("%u judgments name patents that are not in the index\n", evaluation->n_unknown_supply);
}

static void print_difference(const char *name, const GArray *here, const GArray *there)
{
    DjSummary d =
        dj_metrics_compare((const double *)(gpointer)there->data, (const double *)(gpointer)here->data, here->len);
    printf("%-12s %+.4f  +- %.4f  over %u needs\n", name, d.mean, d.se, d.count);
}

/* Paired differences, positive when this run is better. */
static gboolean compare(const DjEvaluation *here, const GArray *judgments, const char *path, GError **error)
{
    g_autoptr(DjRun) other = dj_run_read(path, error);
    if (!other)
        return FALSE;
    DjEvaluation there;
    dj_run_evaluate(other, judgments, here->needs, &there);
    printf("\nagainst %s, paired:\n", path);
    print_difference("nDCG@10", here->ndcg10, there.ndcg10);
    print_difference("recall@100", here->recall100, there.recall100);
    print_difference("AUC", here->auc, there.auc);
    dj_evaluation_clear(&there);
    return TRUE;
}

static gboolean evaluate_workspace(DjApp *app, const GArray *judgments, const char *run_out, DjEvaluation *evaluation,
                                   GError **error)
{
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_READ, error);
    if (!session || !dj_session_load_corpus(session, error))
        return FALSE;
    DjMatchOptions options;
    dj_session_match_options(session, 1, NULL, &options);
    options.group = FALSE; /* every judged patent has a rank of its own */
    DjRecordSource records = dj_session_records(session);
    FILE *out = run_out ? g_fopen(run_out, "w") : NULL;
    if (run_out && !out) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s: %s", run_out, g_strerror(errno));
        return FALSE;
    }
    gboolean ok = dj_evaluate(session->corpus, &records, &options, judgments, RUN_DEPTH, out ? write_hit : NULL, out,
                              evaluation, error);
    if (out && fclose(out) != 0 && ok) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s: %s", run_out, g_strerror(errno));
        dj_evaluation_clear(evaluation);
        ok = FALSE;
    }
    return ok;
}

int dj_cmd_eval(DjApp *app, int argc, char **argv, GError **error)
{
    g_autofree char *run_out = NULL, *run_in = NULL, *against = NULL;
    gboolean as_json = FALSE, per_need = FALSE;
    const GOptionEntry entries[] = {
        {"json", 'j', 0, G_OPTION_ARG_NONE, &as_json, "print one JSON object", NULL},
        {"per-need", 0, 0, G_OPTION_ARG_NONE, &per_need, "also print every need", NULL},
        {"run-out", 0, 0, G_OPTION_ARG_FILENAME, &run_out, "write the best 1,000 of every need as a TREC run", "FILE"},
        {"run", 0, 0, G_OPTION_ARG_FILENAME, &run_in, "measure this TREC run instead of the workspace", "FILE"},
        {"against", 0, 0, G_OPTION_ARG_FILENAME, &against, "compare with this TREC run, need by need", "FILE"},
        G_OPTION_ENTRY_NULL};
    if (!dj_app_parse(
            app, "QRELS",
            "Measures the ranking against graded judgments: nDCG@10 over judged patents, recall@100 over all,\n"
            "and pair AUC, each with its standard error. Gates, chains and grouping are ignored. QRELS has the\n"
            "columns need, supply and level 1 to 4 with a header line, or is in TREC form.",
            entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc != 2) {
        dj_app_usage(app, error, "name one file of judgments");
        return DJ_EXIT_USAGE;
    }
    g_autoptr(GArray) judgments = dj_judgments_read(argv[1], error);
    if (!judgments)
        return DJ_EXIT_FAILED;
    DjEvaluation evaluation;
    if (run_in) {
        g_autoptr(DjRun) run = dj_run_read(run_in, error);
        if (!run)
            return DJ_EXIT_FAILED;
        dj_run_evaluate(run, judgments, NULL, &evaluation);
    } else if (!evaluate_workspace(app, judgments, run_out, &evaluation, error)) {
        return DJ_EXIT_FAILED;
    }
    if (as_json)
        print_json(&evaluation, per_need);
    else
        print_text(&evaluation, per_need);
    gboolean ok = !against || as_json || compare(&evaluation, judgments, against, error);
    dj_evaluation_clear(&evaluation);
    return ok ? DJ_EXIT_DONE : DJ_EXIT_FAILED;
}
