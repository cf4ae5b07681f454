/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/judged.h"
#include "app/app.h"

#include <math.h>
#include <string.h>

static void judgment_clear(gpointer data)
{
    DjJudgment *judgment = data;
    g_free(judgment->need);
    g_free(judgment->supply);
}

static gboolean wrong_line(GError **error, const char *path, guint line, const char *what, const char *value)
{
    g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s: line %u: %s: \"%s\"", path, line, what, value);
    return FALSE;
}

/* Columns of a line, split at tabs, or at blanks where there is no tab; runs of blanks are one. */
static char **split_line(const char *line)
{
    if (strchr(line, '\t'))
        return g_strsplit(line, "\t", -1);
    g_autoptr(GStrvBuilder) columns = g_strv_builder_new();
    g_auto(GStrv) parts = g_strsplit(line, " ", -1);
    for (char **part = parts; *part; part++)
        if (**part)
            g_strv_builder_add(columns, *part);
    return g_strv_builder_end(columns);
}

typedef struct {
    GArray *judgments;
    gboolean grades; /* 0 to 3 instead of levels 1 to 4 */
} Reading;

static gboolean read_judgment(const char *path, guint number, char **columns, guint n, Reading *reading, GError **error)
{
    gboolean trec = n == 4;
    const char *level = columns[trec ? 3 : 2];
    char *end;
    reading->grades = reading->grades || trec;
    gint64 value = g_ascii_strtoll(level, &end, 10) + (reading->grades ? 1 : 0);
    if (end == level || *end) { /* the header of a table has words here */
        reading->grades = strcmp(level, "grade") == 0;
        return (number == 1 && !trec) || wrong_line(error, path, number, "not a level", level);
    }
    if (value < 1 || value > 4)
        return wrong_line(error, path, number, reading->grades ? "grade must be 0 to 3" : "level must be 1 to 4",
                          level);
    DjJudgment judgment = {g_strdup(columns[0]), g_strdup(columns[trec ? 2 : 1]), (int)value};
    g_array_append_val(reading->judgments, judgment);
    return TRUE;
}

/* Calls each(line number, columns, n) for every line that is not empty. */
typedef gboolean (*LineVisit)(const char *path, guint number, char **columns, guint n, gpointer user, GError **error);

static gboolean each_line(const char *path, LineVisit visit, gpointer user, GError **error)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, error))
        return FALSE;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        g_strchomp(lines[i]);
        const char *line = i == 0 && g_str_has_prefix(lines[i], "\xEF\xBB\xBF") ? lines[i] + 3 : lines[i];
        if (*line == '\0')
            continue;
        g_auto(GStrv) columns = split_line(line);
        if (!visit(path, i + 1, columns, g_strv_length(columns), user, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean take_judgment(const char *path, guint number, char **columns, guint n, gpointer user, GError **error)
{
    if (n != 3 && n != 4)
        return wrong_line(error, path, number, "expected need, supply and level", columns[0]);
    return read_judgment(path, number, columns, n, user, error);
}

GArray *dj_judgments_read(const char *path, GError **error)
{
    g_autoptr(GArray) judgments = g_array_new(FALSE, FALSE, sizeof(DjJudgment));
    g_array_set_clear_func(judgments, judgment_clear);
    Reading reading = {judgments, FALSE};
    if (!each_line(path, take_judgment, &reading, error))
        return NULL;
    if (judgments->len == 0) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s: no judgments in it", path);
        return NULL;
    }
    return g_steal_pointer(&judgments);
}

/* ---- runs ---- */

typedef struct {
    double score;
    guint rank; /* 1 = best */
} Placed;

struct DjRun {
    GHashTable *needs; /* need -> GHashTable of supply -> Placed */
};

void dj_run_free(DjRun *run)
{
    if (!run)
        return;
    g_hash_table_unref(run->needs);
    g_free(run);
}

static gboolean take_placed(const char *path, guint number, char **columns, guint n, gpointer user, GError **error)
{
    DjRun *run = user;
    if (n != 6)
        return wrong_line(error, path, number, "a run has six columns: need Q0 supply rank score tag", columns[0]);
    char *end_rank, *end_score;
    gint64 rank = g_ascii_strtoll(columns[3], &end_rank, 10);
    double score = g_ascii_strtod(columns[4], &end_score);
    if (*end_rank || rank < 1 || rank > G_MAXUINT32)
        return wrong_line(error, path, number, "not a rank", columns[3]);
    if (*end_score || end_score == columns[4] || !isfinite(score))
        return wrong_line(error, path, number, "not a score", columns[4]);
    GHashTable *list = g_hash_table_lookup(run->needs, columns[0]);
    if (!list) {
        list = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_hash_table_insert(run->needs, g_strdup(columns[0]), list);
    }
    Placed *placed = g_new(Placed, 1);
    *placed = (Placed){score, (guint)rank};
    g_hash_table_replace(list, g_strdup(columns[2]), placed);
    return TRUE;
}

DjRun *dj_run_read(const char *path, GError **error)
{
    g_autoptr(DjRun) run = g_new0(DjRun, 1);
    run->needs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
    return each_line(path, take_placed, run, error) ? g_steal_pointer(&run) : NULL;
}

static gint compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void measure(const DjRun *run, const char *need, const GArray *judgments, DjEvaluation *evaluation)
{
    GHashTable *list = g_hash_table_lookup(run->needs, need);
    g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(DjJudged));
    guint n_relevant = 0, n_found = 0;
    for (guint i = 0; i < judgments->len; i++) {
        const DjJudgment *judgment = &g_array_index(judgments, DjJudgment, i);
        if (strcmp(judgment->need, need) != 0)
            continue;
        const Placed *placed = list ? g_hash_table_lookup(list, judgment->supply) : NULL;
        DjJudged item = {placed ? placed->score : -INFINITY, (guint8)judgment->level};
        g_array_append_val(items, item);
        if (judgment->level >= DJ_EVALUATION_RELEVANT) {
            n_relevant++;
            n_found += placed && placed->rank <= DJ_EVALUATION_RECALL_DEPTH;
        }
    }
    DjJudged *judged = (DjJudged *)(gpointer)items->data;
    double ndcg = dj_metrics_get_ndcg(judged, items->len, DJ_EVALUATION_NDCG_DEPTH),
           auc = dj_metrics_get_auc(judged, items->len);
    double recall = n_relevant > 0 ? (double)n_found / n_relevant : NAN;
    dj_evaluation_add(evaluation, need, ndcg, recall, auc);
}

void dj_run_evaluate(const DjRun *run, const GArray *judgments, const GPtrArray *needs, DjEvaluation *evaluation)
{
    dj_evaluation_init(evaluation);
    g_autoptr(GPtrArray) wanted = g_ptr_array_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; needs && i < needs->len; i++)
        g_ptr_array_add(wanted, needs->pdata[i]);
    for (guint i = 0; !needs && i < judgments->len; i++)
        if (g_hash_table_add(seen, g_array_index(judgments, DjJudgment, i).need))
            g_ptr_array_add(wanted, g_array_index(judgments, DjJudgment, i).need);
    g_ptr_array_sort(wanted, compare_texts);
    for (guint i = 0; i < wanted->len; i++)
        measure(run, wanted->pdata[i], judgments, evaluation);
    dj_evaluation_summarise(evaluation);
}
