/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/event_feedback.h"

#include "app/event_publish.h"
#include "app/worth.h"
#include "engine/model/outcome.h"
#include "engine/plan/event_plan_json.h"
#include "engine/report/event_feedback.h"
#include "engine/store/decision.h"
#include "indexer/feedback.h"
#include "indexer/rejects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MESSAGES = 20 };

typedef struct {
    DjApp *app;
    const DjEventFeedbackOptions *options;
    char *id;            /* of the event */
    GPtrArray *meetings; /* DjEventMeeting */
    GHashTable *by_ids;  /* "demand\nsupply" -> index + 1 */
    DjOutcome **known;   /* per meeting: the last answer, NULL without one */
    guint n_new, n_changed, n_same;
} Job;

static void job_clear(Job *job)
{
    for (guint m = 0; job->known && m < job->meetings->len; m++)
        dj_outcome_free(job->known[m]);
    g_free(job->known);
    g_clear_pointer(&job->by_ids, g_hash_table_unref);
    g_clear_pointer(&job->meetings, g_ptr_array_unref);
    g_free(job->id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

static const DjEventMeeting *meeting_at(const Job *job, guint m)
{
    return g_ptr_array_index(job->meetings, m);
}

static char *plan_text(const Job *job, GError **error)
{
    g_autofree char *path = g_build_filename(job->options->event, "plan.json", NULL);
    char *text = NULL;
    if (!g_file_test(job->options->event, G_FILE_TEST_IS_DIR))
        return dj_app_event_published(job->app, job->options->event, error);
    return g_file_get_contents(path, &text, NULL, error) ? text : NULL;
}

static gboolean load_plan(Job *job, GError **error)
{
    g_autofree char *text = plan_text(job, error);
    job->id = text ? dj_event_plan_read_id(text, error) : NULL;
    job->meetings = job->id ? dj_event_plan_read_meetings(text, NULL, error) : NULL;
    if (!job->meetings)
        return FALSE;
    job->known = g_new0(DjOutcome *, job->meetings->len + 1);
    job->by_ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint m = 0; m < job->meetings->len; m++)
        g_hash_table_insert(job->by_ids,
                            g_strdup_printf("%s\n%s", meeting_at(job, m)->who[0], meeting_at(job, m)->who[1]),
                            GUINT_TO_POINTER(m + 1));
    return TRUE;
}

/* ---- facts ---- */

static void take_fact(Job *job, const json_t *data)
{
    const char *event = json_string_value(json_object_get(data, "event"));
    const char *demand = json_string_value(json_object_get(data, "demand"));
    const char *supply = json_string_value(json_object_get(data, "supply"));
    char *answer = json_dumps(json_object_get(data, "answer"), 0);
    DjOutcome outcome;
    if (demand && supply && answer && g_strcmp0(event, job->id) == 0 && dj_outcome_from_json(answer, &outcome)) {
        g_autofree char *key = g_strdup_printf("%s\n%s", demand, supply);
        guint m = GPOINTER_TO_UINT(g_hash_table_lookup(job->by_ids, key));
        if (m > 0) {
            dj_outcome_free(job->known[m - 1]);
            job->known[m - 1] = g_memdup2(&outcome, sizeof outcome);
        } else {
            dj_outcome_clear(&outcome); /* of a meeting that a later version of the plan dropped */
        }
    }
    free(answer);
}

static gboolean visit(const DjDecision *decision, gpointer user)
{
    if (decision->kind != DJ_DECISION_OUTCOME)
        return TRUE;
    json_t *data = json_loads(decision->data, 0, NULL);
    take_fact(user, data);
    json_decref(data);
    return TRUE;
}

static gboolean is_record(DjStore *store, DjTable table, const char *key)
{
    gboolean found = FALSE;
    return key && dj_store_has(store, table, key, &found, NULL) && found;
}

/* The fact's JSON text. Free it. */
static char *fact_data(const Job *job, DjSession *session, guint m, const DjOutcome *outcome, GError **error)
{
    const DjEventMeeting *meeting = meeting_at(job, m);
    DjStore *store = session->workspace->store;
    json_t *worth = NULL;
    if (is_record(store, DJ_TABLE_NEED, meeting->need_key) && is_record(store, DJ_TABLE_PATENT, meeting->patent_key) &&
        !dj_session_worth(session, meeting->patent_key, meeting->need_key, &worth, error))
        return NULL;
    g_autofree char *answer = dj_outcome_to_json(outcome);
    json_t *root = json_pack("{s:s, s:s, s:s, s:o}", "event", job->id, "demand", meeting->who[0], "supply",
                             meeting->who[1], "answer", json_loads(answer, 0, NULL));
    if (worth)
        json_object_update(root, worth);
    char *text = json_dumps(root, JSON_COMPACT);
    char *data = g_strdup(text);
    free(text);
    json_decref(root);
    json_decref(worth);
    return data;
}

/* All new answers in one transaction. What they were worth is looked up before it, so that it stays short. */
static gboolean record(Job *job, DjSession *session, DjFeedback *feedback, GError **error)
{
    DjStore *store = session->workspace->store;
    g_autofree char *who = g_utf8_make_valid(job->options->who ? job->options->who : g_get_user_name(), -1);
    g_autoptr(GPtrArray) data = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) of = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint m = 0; m < job->meetings->len; m++) {
        DjOutcome *now = feedback->outcomes->pdata[m];
        if (!now)
            continue;
        g_autofree char *before = job->known[m] ? dj_outcome_to_json(job->known[m]) : g_strdup("");
        g_autofree char *after = dj_outcome_to_json(now);
        if (strcmp(before, after) == 0) {
            job->n_same++;
            continue;
        }
        char *text = fact_data(job, session, m, now, error);
        if (!text)
            return FALSE;
        *(*before ? &job->n_changed : &job->n_new) += 1;
        g_ptr_array_add(data, text);
        g_array_append_val(of, m);
        dj_outcome_free(job->known[m]);
        job->known[m] = g_steal_pointer(&feedback->outcomes->pdata[m]);
    }
    if (of->len == 0)
        return TRUE;
    if (!dj_store_begin(store, error))
        return FALSE;
    for (guint k = 0; k < of->len; k++) {
        const DjEventMeeting *meeting = meeting_at(job, g_array_index(of, guint, k));
        const DjDecision decision = {.kind = DJ_DECISION_OUTCOME,
                                     .need = meeting->need_key ? meeting->need_key : "",
                                     .patent = meeting->patent_key ? meeting->patent_key : "",
                                     .who = who,
                                     .recorded_at = job->app->now,
                                     .note = "", /* what was said is confidential and stays in data */
                                     .data = data->pdata[k]};
        if (!dj_store_add_decision(store, &decision, NULL, error)) {
            dj_store_rollback(store);
            return FALSE;
        }
    }
    return dj_store_commit(store, error);
}

/* ---- counts ---- */

typedef gboolean (*Wanted)(const DjOutcome *outcome, guint value);

static guint count(const Job *job, Wanted wanted, guint value)
{
    guint n = 0;
    for (guint m = 0; m < job->meetings->len; m++)
        n += job->known[m] && wanted(job->known[m], value);
    return n;
}

/* "  可能合作 12", and with --ids the meetings behind it. */
static void figure(const Job *job, const char *name, Wanted wanted, guint value)
{
    guint n = count(job, wanted, value);
    printf("  %s %u", name, n);
    for (guint m = 0; m < job->meetings->len && n > 0 && job->options->ids; m++)
        if (job->known[m] && wanted(job->known[m], value))
            printf(" %s×%s", meeting_at(job, m)->who[0], meeting_at(job, m)->who[1]);
    printf("\n");
}

static gboolean is_answered(const DjOutcome *outcome, guint unused)
{
    (void)outcome;
    (void)unused;
    return TRUE;
}

static gboolean is_kept(const DjOutcome *outcome, guint kept)
{
    return outcome->kept == (gboolean)kept;
}

static gboolean is_rated_by_demand(const DjOutcome *outcome, guint rating)
{
    return outcome->kept && outcome->rating[0] == (DjRating)rating;
}

static gboolean is_rated_by_supply(const DjOutcome *outcome, guint rating)
{
    return outcome->kept && outcome->rating[1] == (DjRating)rating;
}

static gboolean is_declined(const DjOutcome *outcome, guint reason)
{
    DjRating rating = dj_outcome_rating(outcome);
    gboolean no = rating == DJ_RATING_NO_INTEREST || rating == DJ_RATING_INFORMATIVE;
    return outcome->decline == (DjDecline)reason && (no || reason != DJ_DECLINE_NONE);
}

static gboolean has_next_step(const DjOutcome *outcome, guint unused)
{
    (void)unused;
    return outcome->next_step != NULL;
}

static void print_ratings(const Job *job, DjFeedbackColumn column, Wanted wanted)
{
    printf("%s\n", dj_feedback_columns[column]);
    for (guint r = DJ_RATING_NO_INTEREST; r < DJ_N_RATINGS; r++)
        figure(job, dj_rating_label((DjRating)r), wanted, r);
    figure(job, "没有填", wanted, DJ_RATING_NONE);
}

static void print_summary(const Job *job)
{
    guint answered = count(job, is_answered, 0);
    printf("%s: %u meetings, %u answered, %u not\n", job->id, job->meetings->len, answered,
           job->meetings->len - answered);
    printf("%s\n", dj_feedback_columns[DJ_FEEDBACK_KEPT]);
    figure(job, "是", is_kept, TRUE);
    figure(job, "否", is_kept, FALSE);
    print_ratings(job, DJ_FEEDBACK_DEMAND_RATING, is_rated_by_demand);
    print_ratings(job, DJ_FEEDBACK_SUPPLY_RATING, is_rated_by_supply);
    printf("%s\n", dj_feedback_columns[DJ_FEEDBACK_REASON]);
    for (guint r = 1; r < DJ_N_DECLINES; r++)
        figure(job, dj_decline_label((DjDecline)r), is_declined, r);
    figure(job, "没有填", is_declined, DJ_DECLINE_NONE);
    printf("%s\n", dj_feedback_columns[DJ_FEEDBACK_NEXT_STEP]);
    figure(job, "已写", has_next_step, 0);
}

static void print_reading(const Job *job, const DjFeedback *feedback)
{
    printf("%s: %u rows", job->options->file, feedback->n_rows);
    if (job->options->dry_run)
        printf(", %u answered", feedback->n_rows - feedback->n_blank - feedback->n_rejected);
    else
        printf(", %u recorded, %u corrected, %u unchanged", job->n_new, job->n_changed, job->n_same);
    printf(", %u not filled in, %u rejected\n", feedback->n_blank, feedback->n_rejected);
    for (guint k = 0; k < MIN(feedback->messages->len, SHOWN_MESSAGES); k++)
        printf("    %s\n", (const char *)feedback->messages->pdata[k]);
    if (feedback->messages->len > SHOWN_MESSAGES)
        printf("    … and %u more\n", feedback->messages->len - SHOWN_MESSAGES);
    for (guint k = 0; k < feedback->reject_files->len; k++)
        printf("  rejected rows, to be mended and given again: %s\n", (const char *)feedback->reject_files->pdata[k]);
    if (job->options->dry_run)
        printf("dry run: nothing was recorded\n");
}

static DjFeedback *read_file(const Job *job, const char *workspace, GError **error)
{
    g_autofree char *base = g_path_get_basename(job->options->file);
    g_autofree char *name = g_strconcat("feedback-", base, NULL);
    g_autofree char *rejects = job->options->rejects ? g_strdup(job->options->rejects)
                               : workspace           ? g_build_filename(workspace, "rejects", name, NULL)
                                                     : NULL;
    const DjFeedbackOptions options = {.path = job->options->file,
                                       .event = job->id,
                                       .meetings = job->meetings,
                                       .rejects_folder = job->options->dry_run ? NULL : rejects,
                                       .day = job->app->today};
    DjFeedback *feedback = dj_feedback_read(&options, error);
    if (feedback && feedback->n_rejected == 0 && options.rejects_folder)
        dj_rejects_forget(options.rejects_folder);
    return feedback;
}

static int dry_run(Job *job, GError **error)
{
    g_autoptr(DjFeedback) feedback = read_file(job, NULL, error);
    if (!feedback)
        return DJ_EXIT_FAILED;
    print_reading(job, feedback);
    for (guint m = 0; m < job->meetings->len; m++)
        job->known[m] = g_steal_pointer(&feedback->outcomes->pdata[m]);
    print_summary(job);
    return feedback->n_rejected > 0 ? DJ_EXIT_REJECTED : DJ_EXIT_DONE;
}

int dj_app_event_feedback(DjApp *app, const DjEventFeedbackOptions *options, GError **error)
{
    g_auto(Job) job = {.app = app, .options = options};
    if (!load_plan(&job, error))
        return DJ_EXIT_FAILED;
    if (options->dry_run && options->file)
        return dry_run(&job, error);
    g_autoptr(DjSession) session = dj_session_open(app, options->file ? DJ_WORKSPACE_WRITE : DJ_WORKSPACE_READ, error);
    if (!session || !dj_store_each_decision(session->workspace->store, NULL, visit, &job, error))
        return DJ_EXIT_FAILED;
    g_autoptr(DjFeedback) feedback = NULL;
    if (options->file) {
        feedback = read_file(&job, session->workspace->folder, error);
        if (!feedback || !record(&job, session, feedback, error))
            return DJ_EXIT_FAILED;
        print_reading(&job, feedback);
    }
    print_summary(&job);
    return feedback && feedback->n_rejected > 0 ? DJ_EXIT_REJECTED : DJ_EXIT_DONE;
}
