/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session.h"
#include "app/identities.h"

#include "config/calibration_file.h"
#include "config/criteria_file.h"
#include "config/ipc_file.h"
#include "config/lexicon_file.h"
#include "config/rules_file.h"
#include "config/suggest.h"
#include "config/taxonomy_file.h"
#include "config/units.h"
#include "engine/model/ident.h"
#include "indexer/build.h"
#include <string.h>

static gboolean read_configuration(DjSession *session, GError **error)
{
    g_autofree char *folder = dj_app_config_folder(session->app, error);
    if (!folder)
        return FALSE;
    session->source = dj_config_source_new(folder, session->workspace->folder, error);
    if (!session->source)
        return FALSE;
    session->settings = dj_settings_load(session->source, error);
    if (!session->settings)
        return FALSE;
    session->taxonomy = dj_taxonomy_file_load(session->source, session->settings->taxonomy, error);
    if (!session->taxonomy)
        return FALSE;
    session->rules = dj_rules_file_load(session->source, session->settings->gate, error);
    if (!session->rules)
        return FALSE;
    session->lexicon = dj_lexicon_file_load(session->source, session->taxonomy, error);
    if (!session->lexicon)
        return FALSE;
    session->units = dj_units_file_load(session->source, error);
    if (!session->units)
        return FALSE;
    session->calibration = dj_calibration_file_load(session->source, error);
    if (!session->calibration)
        return FALSE;
    if (!dj_criteria_file_load(session->source, &session->criteria, error))
        return FALSE;
    session->ipc_titles = dj_ipc_file_load(session->source, error);
    if (!session->ipc_titles)
        return FALSE;
    session->bundle = dj_settings_bundle(session->settings, session->source, error);
    if (!session->bundle)
        return FALSE;
    session->settings_hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, session->bundle);
    return TRUE;
}

DjSession *dj_session_open(const DjApp *app, DjWorkspaceMode mode, GError **error)
{
    g_autoptr(DjSession) session = g_new0(DjSession, 1);
    session->app = app;
    session->workspace = dj_workspace_open(app, mode, error);
    if (!session->workspace || !read_configuration(session, error))
        return NULL;
    return g_steal_pointer(&session);
}

void dj_session_close(DjSession *session)
{
    if (!session)
        return;
    g_clear_pointer(&session->identities, g_array_unref);
    g_clear_pointer(&session->corpus, dj_corpus_free);
    g_clear_pointer(&session->model, dj_model_free);
    dj_generation_clear(&session->generation);
    g_clear_pointer(&session->criteria, dj_criteria_unref);
    g_clear_pointer(&session->ipc_titles, dj_ipc_titles_free);
    g_clear_pointer(&session->calibration, dj_calibration_free);
    g_clear_pointer(&session->units, dj_units_free);
    g_clear_pointer(&session->lexicon, dj_lexicon_free);
    g_clear_pointer(&session->rules, dj_rule_set_free);
    g_clear_pointer(&session->taxonomy, dj_taxonomy_free);
    g_clear_pointer(&session->bundle, g_bytes_unref);
    g_free(session->settings_hash);
    dj_settings_free(session->settings);
    dj_config_source_free(session->source);
    dj_workspace_close(session->workspace);
    g_free(session);
}

static gboolean open_generation(DjSession *session, GError **error)
{
    g_autofree char *folder = dj_generation_folder(session->workspace->folder, session->generation.number);
    session->corpus = dj_corpus_open(folder, error);
    /* Before any use: damage would show as other scores and nothing else. */
    return session->corpus && dj_corpus_verify(session->corpus, error);
}

gboolean dj_session_load_model(DjSession *session, const char *hash, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) bytes = dj_store_get_blob(session->workspace->store, "model", hash, &why);
    session->model = bytes ? dj_model_parse(bytes, &why) : NULL;
    if (!session->model)
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED,
                    "model %.12s: %s; `duijie train` learns a new one, `duijie index` then uses it", hash,
                    why->message);
    return session->model != NULL;
}

gboolean dj_session_load_corpus(DjSession *session, GError **error)
{
    gboolean found = FALSE;
    if (!dj_store_current_generation(session->workspace->store, &session->generation, &found, error))
        return FALSE;
    if (!found) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED,
                    "there is no index yet: import patents, then run `duijie index`");
        return FALSE;
    }
    if (!open_generation(session, error))
        return FALSE;
    g_autofree char *taxonomy =
        g_strdup_printf("%s %s", dj_taxonomy_id(session->taxonomy), dj_taxonomy_version(session->taxonomy));
    if (strcmp(taxonomy, session->corpus->taxonomy) != 0) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED,
                    "the taxonomy in force is %s, the index was built with %s: run `duijie index`", taxonomy,
                    session->corpus->taxonomy);
        return FALSE;
    }
    if (!dj_session_load_model(session, session->generation.model, error))
        return FALSE;
    g_clear_pointer(&session->identities, g_array_unref);
    session->identities = dj_identities_read(session->workspace->store, G_MAXINT64, error);
    return session->identities && dj_store_point_now(session->workspace->store, &session->point, error);
}

gboolean dj_session_keep_settings(DjSession *session, GError **error)
{
    g_autofree char *hash = NULL;
    return dj_store_put_blob(session->workspace->store, "settings", session->bundle, session->app->now, &hash, error);
}

guint dj_session_threads(const DjSession *session, int option)
{
    if (option > 0)
        return (guint)option;
    return session->settings->threads > 0 ? session->settings->threads : g_get_num_processors();
}

static gboolean tell(const char *phase, guint64 done, guint64 total, gpointer user)
{
    return dj_progress_tell(phase, done, total, user);
}

void dj_session_match_options(const DjSession *session, int threads, const char *kernel, DjMatchOptions *options)
{
    const char *name = kernel ? kernel : session->settings->kernel;
    *options = (DjMatchOptions){
        .taxonomy = session->taxonomy,
        .rules = session->rules,
        .units = session->units,
        .calibration = session->calibration,
        .criteria = session->criteria,
        .ipc_titles = session->ipc_titles,
        .scoring = session->settings->scoring,
        .now = session->app->today,
        .adequate = session->settings->adequate,
        .top = session->settings->top,
        .by_need = TRUE,
        .explain = TRUE,
        .identities = session->identities,
        .group = session->settings->group,
        .threads = dj_session_threads(session, threads),
        .kernel = strcmp(name, "auto") == 0 ? NULL : name,
        .memory_limit = (gsize)session->settings->kernel_memory * 1024 * 1024,
        .cancel = dj_app_cancel,
        .progress = tell,
        .progress_user = session->app->progress,
    };
    dj_match_options_tie(options, session->model, session->lexicon);
}

static gboolean each_record(gpointer user, DjTable table, DjRecordVisit visit, gpointer visit_user, GError **error)
{
    DjSession *session = user;
    gint64 point = table == DJ_TABLE_PATENT ? session->corpus->point : session->point;
    return dj_store_each(session->workspace->store, table, point, visit, visit_user, error);
}

static DjRecord *get_record(gpointer user, DjTable table, const char *key, GError **error)
{
    DjSession *session = user;
    gint64 point = table == DJ_TABLE_PATENT ? session->corpus->point : session->point;
    g_autoptr(DjRecord) record = dj_record_new(table);
    gboolean found = FALSE;
    if (!dj_store_get(session->workspace->store, table, key, point, record, &found, error) || !found)
        return NULL;
    return g_steal_pointer(&record);
}

DjRecordSource dj_session_records(DjSession *session)
{
    return (DjRecordSource){.each = each_record, .get = get_record, .user = session};
}

static void set_text(char **slot, char *text)
{
    g_free(*slot);
    *slot = text;
}

void dj_session_sign(const DjSession *session, DjResultSet *result)
{
    DjProvenance *from = &result->provenance;
    set_text(&from->version, g_strdup(DUIJIE_VERSION));
    set_text(&from->workspace, g_strdup(session->workspace->name));
    set_text(&from->now, dj_day_format(session->app->today));
    from->generation = session->generation.number;
    set_text(&from->model, g_strdup(session->generation.model));
    set_text(&from->settings, g_strdup(session->settings_hash));
    set_text(&from->taxonomy, g_strdup(session->corpus->taxonomy));
    set_text(&from->rules, g_strdup_printf("%s %s", session->rules->id, session->rules->version));
}

gboolean dj_session_check_kernel(const DjApp *app, const char *name, GError **error)
{
    const DjKernelVariant *variant = NULL;
    DjKernelStatus status = dj_kernel_find(name, &variant);
    if (status == DJ_KERNEL_OK)
        return TRUE;
    g_autofree char *known = g_strjoinv(", ", (char **)dj_kernel_names());
    if (status == DJ_KERNEL_UNAVAILABLE) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "kernel %s: %s", name, dj_kernel_status_text(status));
        return FALSE;
    }
    const char *near = dj_suggest(name, dj_kernel_names());
    return dj_app_usage(app, error, "there is no kernel \"%s\"%s%s%s (known: auto, %s)", name,
                        near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "", known);
}

gboolean dj_session_find_pair(const DjSession *session, char **words, char **patent, char **need, GError **error)
{
    for (int i = 0; i < 2; i++) {
        DjTable table;
        g_autofree char *key = NULL;
        if (!dj_workspace_find_record(session->workspace, words[i], &table, &key, error))
            return FALSE;
        char **slot = table == DJ_TABLE_PATENT ? patent : table == DJ_TABLE_NEED ? need : NULL;
        if (!slot || *slot)
            return dj_app_usage(session->app, error, "one patent and one need are wanted; %s is one of the %s", key,
                                dj_table_name(table));
        *slot = g_steal_pointer(&key);
    }
    return TRUE;
}
