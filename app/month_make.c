/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/month_make.h"
#include "app/month_cover.h"
#include "app/month_diff.h"
#include "engine/model/ident.h"
#include <string.h>

const char *const dj_month_change_names[5] = {"new", "kept", "up", "down", "gone"};

void dj_month_summary_clear(DjMonthSummary *summary)
{
    g_clear_pointer(&summary->floors, g_ptr_array_unref);
}

static json_t *version_json(const DjMonthVersion *version)
{
    const DjMonthConfig *config = version->config;
    g_autofree char *taxonomy =
        g_strdup_printf("%s %s", dj_taxonomy_id(config->taxonomy), dj_taxonomy_version(config->taxonomy));
    g_autofree char *rules = g_strdup_printf("%s %s", config->rules->id, config->rules->version);
    json_t *object =
        json_pack("{s:s, s:s, s:b, s:{s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:s}}", "month", version->month, "as_of",
                  version->as_of, "working", version->working, "versions", "facts", (json_int_t)version->facts,
                  "decisions", (json_int_t)version->decision, "model", version->model, "settings", config->hash,
                  "taxonomy", taxonomy, "rules", rules, "lexicon", config->lexicon, "program", DUIJIE_VERSION);
    if (version->build)
        json_object_set_new(json_object_get(object, "versions"), "build", json_string(version->build));
    return object;
}

static void summarise(DjMonthSummary *summary, const DjMonthRunner *runner, const DjResultSet *set,
                      const DjMonthCover *cover, const GPtrArray *changes)
{
    *summary = (DjMonthSummary){.n_pairings = set->pairings->len,
                                .n_needs = g_hash_table_size(set->needs),
                                .n_patents = g_hash_table_size(set->patents),
                                .n_owed = cover->n_owed,
                                .n_covered = cover->n_covered,
                                .n_pages = cover->sheets->len,
                                .n_pushes = cover->pushes->len,
                                .n_missing = cover->choice.n_missing,
                                .n_rounds = cover->choice.n_rounds,
                                .points = cover->choice.points,
                                .gap = cover->choice.bound - cover->choice.value,
                                .n_runs = dj_month_runner_count(runner)};
    for (guint i = 0; i < cover->sheets->len; i++)
        summary->n_enterprise_pages += !((const DjMonthSheet *)cover->sheets->pdata[i])->institution;
    for (guint i = 0; i < changes->len; i++)
        for (gsize c = 0; c < G_N_ELEMENTS(dj_month_change_names); c++)
            summary->n_changes[c] +=
                strcmp(((const DjChange *)changes->pdata[i])->change, dj_month_change_names[c]) == 0;
}

gboolean dj_month_make(DjMonthRunner *runner, DjWorkspace *workspace, const DjMonthVersion *now,
                       const DjMonthVersion *before, DjAudience audience, const char *folder, DjMonthSummary *summary,
                       GError **error)
{
    DjMonthMix mix = dj_month_mix_of(now);
    dj_month_runner_phase(runner, "match the month");
    g_autoptr(DjResultSet) set = dj_month_run(runner, &mix, TRUE, 0, NULL, error);
    if (!set)
        return FALSE;
    g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func((GDestroyNotify)dj_change_free);
    if (before) {
        DjMonthMix old = dj_month_mix_of(before);
        dj_month_runner_phase(runner, "match the one before");
        g_autoptr(DjResultSet) set_before = dj_month_run(runner, &old, FALSE, 0, NULL, error);
        dj_month_runner_phase(runner, "look for causes");
        if (!set_before || !dj_month_diff(runner, before, now, set_before, set, changes, error))
            return FALSE;
    } else {
        dj_month_diff_first(set, changes);
    }
    g_auto(DjMonthCover) cover = {0};
    dj_month_runner_phase(runner, "choose the pages");
    if (!dj_month_cover(runner, workspace, now, set, &cover, error))
        return FALSE;
    json_t *manifest = version_json(now);
    json_object_set_new(manifest, "audience", json_string(dj_audience_name(audience)));
    json_object_set_new(manifest, "previous", before ? version_json(before) : json_null());
    json_object_set_new(manifest, "certificate",
                        json_pack("{s:I, s:I, s:I, s:I, s:i, s:i, s:i}", "points", (json_int_t)cover.choice.points,
                                  "value", (json_int_t)cover.choice.value, "bound", (json_int_t)cover.choice.bound,
                                  "gap", (json_int_t)(cover.choice.bound - cover.choice.value), "missing",
                                  (int)cover.choice.n_missing, "candidates", (int)cover.choice.n_candidates, "deepened",
                                  (int)cover.choice.n_rounds));
    static const char *const also[] = {DJ_MONTH_COVERAGE_PAGE, "coverage.csv", "diff.csv", NULL};
    DjMonthReport report = {.month = now->month,
                            .lists = {.xlsx_rows = now->config->settings->rows_per_file, .also = also},
                            .floor = now->config->settings->cover_floor,
                            .sheets = cover.sheets,
                            .coverage = cover.coverage,
                            .floors = cover.choice.floors,
                            .changes = changes,
                            .pushes = cover.pushes,
                            .settings = now->config->bundle,
                            .before = before ? before->config->bundle : NULL,
                            .manifest = manifest};
    dj_month_runner_phase(runner, "write the folder");
    gboolean ok = dj_month_write(set, audience, &report, folder, error);
    dj_month_runner_phase(runner, NULL);
    json_decref(manifest);
    summarise(summary, runner, set, &cover, changes);
    summary->floors = g_steal_pointer(&cover.choice.floors);
    return ok;
}

/* ---- reading ---- */

static gboolean bad_manifest(const char *what, GError **error)
{
    g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, DJ_MONTH_MANIFEST ": %s", what);
    return FALSE;
}

json_t *dj_month_manifest_read(const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, DJ_MONTH_MANIFEST, NULL), *text = NULL;
    gsize length;
    if (!g_file_get_contents(path, &text, &length, error))
        return NULL;
    json_error_t where;
    json_t *manifest = json_loadb(text, length, JSON_REJECT_DUPLICATES, &where);
    if (!manifest)
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s: line %d: %s", path, where.line, where.text);
    return manifest;
}

static GBytes *find_bundle(const char *file, const char *hash, DjStore *store, GError **error)
{
    char *text = NULL;
    gsize length;
    if (file && g_file_get_contents(file, &text, &length, NULL)) {
        g_autoptr(GBytes) bytes = g_bytes_new_take(text, length);
        g_autofree char *found = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
        if (strcmp(found, hash) == 0)
            return g_steal_pointer(&bytes);
    }
    return dj_store_get_blob(store, "settings", hash, error);
}

DjMonthVersion *dj_month_version_read(const json_t *object, const char *bundle_file, DjStore *store, GError **error)
{
    const char *month, *as_of, *model, *settings, *program, *build = NULL;
    json_int_t facts, decisions;
    int working;
    g_autoptr(DjMonthVersion) version = g_new0(DjMonthVersion, 1);
    if (json_unpack((json_t *)object, "{s:s, s:s, s:b, s:{s:I, s:I, s:s, s:s, s:s, s?s}}", "month", &month, "as_of",
                    &as_of, "working", &working, "versions", "facts", &facts, "decisions", &decisions, "model", &model,
                    "settings", &settings, "program", &program, "build", &build) != 0 ||
        !dj_day_parse(as_of, &version->day)) {
        bad_manifest("a member is missing or of the wrong type", error);
        return NULL;
    }
    g_autoptr(GBytes) bundle = find_bundle(bundle_file, settings, store, error);
    if (!bundle) {
        g_prefix_error(error, "settings %.12s: ", settings);
        return NULL;
    }
    version->month = g_strdup(month);
    version->as_of = g_strdup(as_of);
    version->working = working;
    version->facts = facts;
    version->decision = decisions;
    version->model = g_strdup(model);
    version->build = g_strdup(build);
    version->config = dj_month_config_new(bundle, error);
    return version->config ? g_steal_pointer(&version) : NULL;
}
