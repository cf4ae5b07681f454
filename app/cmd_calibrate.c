/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/session.h"
#include "config/calibration_file.h"
#include "engine/model/outcome.h"
#include "engine/store/decision.h"

#include <glib/gstdio.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRIOR_WEIGHT 20 /* decisions that each knot of the shipped curve is worth */
#define N_BINS       5

/* Does the decision say whether the pairing was worth a meeting? After a meeting its rating is the last word: something
 * gained or possible is worth it, little interest is not, and a meeting that was not held says nothing. */
static gboolean judge(const DjDecision *decision, gboolean *good)
{
    *good = decision->kind == DJ_DECISION_ACCEPT || decision->kind == DJ_DECISION_PIN;
    if (decision->kind != DJ_DECISION_OUTCOME)
        return *good || decision->kind == DJ_DECISION_REJECT; /* bans and pushes say nothing of the fit */
    DjOutcome outcome;
    DjRating rating = dj_outcome_from_fact(decision->data, &outcome) ? dj_outcome_rating(&outcome) : DJ_RATING_NONE;
    dj_outcome_clear(&outcome);
    *good = rating == DJ_RATING_INFORMATIVE || rating == DJ_RATING_POSSIBLE;
    return *good || rating == DJ_RATING_NO_INTEREST;
}

/* The last word on each pairing counts. */
static gboolean take(const DjDecision *decision, gpointer user)
{
    GHashTable *latest = user;
    char *pair = g_strconcat(decision->need, "\n", decision->patent, NULL);
    json_t *data = json_loads(decision->data, 0, NULL);
    const json_t *points = json_object_get(data, "points");
    gboolean good = FALSE;
    if (decision->kind == DJ_DECISION_CLEAR) {
        g_hash_table_remove(latest, pair);
        g_free(pair);
    } else if (judge(decision, &good) && json_is_integer(points)) {
        DjLabelled *label = g_new(DjLabelled, 1);
        *label = (DjLabelled){json_integer_value(points), good};
        g_hash_table_replace(latest, pair, label);
    } else {
        g_free(pair);
    }
    json_decref(data);
    return TRUE;
}

static gint compare_labels(gconstpointer a, gconstpointer b)
{
    const DjLabelled *x = a, *y = b;
    return x->points != y->points ? (x->points > y->points ? 1 : -1) : x->good - y->good;
}

static GArray *read_labels(DjStore *store, const char *as_of, GError **error)
{
    g_autoptr(GHashTable) latest = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (!dj_store_each_decision(store, as_of, take, latest, error))
        return NULL;
    GArray *labels = g_array_new(FALSE, FALSE, sizeof(DjLabelled));
    GHashTableIter iter;
    gpointer label;
    g_hash_table_iter_init(&iter, latest);
    while (g_hash_table_iter_next(&iter, NULL, &label))
        g_array_append_vals(labels, label, 1);
    g_array_sort(labels, compare_labels); /* the table's order is no order */
    return labels;
}

static void print_table(const char *title, const DjCalibration *calibration, const GArray *labels)
{
    DjReliability bins[N_BINS];
    guint n =
        dj_calibration_reliability(calibration, (const DjLabelled *)(gpointer)labels->data, labels->len, N_BINS, bins);
    printf("%s\n  decisions  predicted  accepted\n", title);
    for (guint i = 0; i < n; i++)
        printf("  %9u  %8.1f%%  %7.1f%%\n", bins[i].n, bins[i].predicted / 10.0, bins[i].observed / 10.0);
}

static gboolean write_curve(const DjSession *session, const DjCalibration *calibration, GError **error)
{
    g_autofree char *path = g_build_filename(session->workspace->folder, "config", DJ_CALIBRATION_FILE, NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *date = g_strndup(session->app->now, strlen("YYYY-MM-DD"));
    g_autofree char *text = dj_calibration_file_text(calibration, date);
    if (g_mkdir_with_parents(folder, 0755) != 0) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s cannot be made", folder);
        return FALSE;
    }
    if (!g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644,
                                  error))
        return FALSE;
    printf("curve: %s\n", path);
    return TRUE;
}

int dj_cmd_calibrate(DjApp *app, int argc, char **argv, GError **error)
{
    gboolean dry_run = FALSE;
    const GOptionEntry entries[] = {{"dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "only print the tables", NULL},
                                    G_OPTION_ENTRY_NULL};
    if (!dj_app_parse(app, NULL,
                      "Bends the curve from points to the probability that a pairing is worth a meeting to the\n"
                      "decisions of this workspace (accepted and pinned against rejected, ratings after meetings).\n"
                      "The shipped curve is the prior: few decisions move it little, none leave it as it is.",
                      entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc != 1) {
        dj_app_usage(app, error, "no argument is wanted");
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_WRITE, error);
    g_autofree char *shipped_folder = session ? dj_app_config_folder(app, error) : NULL;
    g_autoptr(DjConfigSource) source = shipped_folder ? dj_config_source_new(shipped_folder, NULL, error) : NULL;
    g_autoptr(DjCalibration) shipped = source ? dj_calibration_file_load(source, error) : NULL;
    g_autoptr(GArray) labels = shipped ? read_labels(session->workspace->store, app->now, error) : NULL;
    if (!labels)
        return DJ_EXIT_FAILED;
    printf("%u decisions that tell of the fit\nshipped curve from: %s\n", labels->len, shipped->source);
    if (shipped->limits)
        printf("limits: %s\n", shipped->limits);
    if (labels->len == 0)
        return DJ_EXIT_DONE;
    g_autofree char *origin =
        g_strdup_printf("%u decisions up to %.10s over: %s", labels->len, app->now, shipped->source);
    g_autoptr(DjCalibration) fitted =
        dj_calibration_fit(shipped, PRIOR_WEIGHT, (const DjLabelled *)(gpointer)labels->data, labels->len, origin);
    print_table("shipped curve", shipped, labels);
    print_table("fitted curve (on the decisions that it was fitted to)", fitted, labels);
    return dry_run || write_curve(session, fitted, error) ? DJ_EXIT_DONE : DJ_EXIT_FAILED;
}
