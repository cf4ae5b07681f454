/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/month.h"
#include "config/calibration_file.h"
#include "config/criteria_file.h"
#include "config/ipc_file.h"
#include "config/lexicon_file.h"
#include "config/rules_file.h"
#include "config/taxonomy_file.h"
#include "config/units.h"
#include "indexer/build.h"
#include "indexer/durable.h"
#include <errno.h>
#include <string.h>

/* ---- configuration ---- */

/* Names and contents of all files of the folders (NULL-terminated), then the text. */
static char *hash_folders(const DjConfigSource *source, const char *const *folders, const char *text, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (; *folders; folders++) {
        g_auto(GStrv) files = dj_config_source_list(source, *folders);
        for (char **file = files; *file; file++) {
            g_autofree char *label = NULL;
            g_autoptr(GBytes) bytes = dj_config_source_read(source, *file, &label, error);
            if (!bytes)
                return NULL;
            gsize length;
            const guchar *data = g_bytes_get_data(bytes, &length);
            g_checksum_update(sum, (const guchar *)*file, (gssize)strlen(*file) + 1);
            g_checksum_update(sum, data, (gssize)length);
        }
    }
    g_checksum_update(sum, (const guchar *)text, -1);
    return g_strdup(g_checksum_get_string(sum));
}

static gboolean hash_parts(DjMonthConfig *config, GError **error)
{
    static const char *const lexicon[] = {"lexicon", NULL}, *const chains[] = {"chains", NULL},
                             *const rules[] = {"rules", NULL},
                             *const weights[] = {"units", "calibration", "quality", NULL};
    g_autofree char *settings = dj_settings_write_result(config->settings);
    return (config->lexicon = hash_folders(config->source, lexicon, "", error)) &&
           (config->chains = hash_folders(config->source, chains, config->settings->taxonomy, error)) &&
           (config->gate = hash_folders(config->source, rules, config->settings->gate, error)) &&
           (config->weights = hash_folders(config->source, weights, settings, error));
}

DjMonthConfig *dj_month_config_new(GBytes *bundle, GError **error)
{
    g_autoptr(DjMonthConfig) config = g_new0(DjMonthConfig, 1);
    config->bundle = g_bytes_ref(bundle);
    config->hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bundle);
    config->source = dj_config_source_from_bundle(bundle, error);
    if (!config->source || !(config->settings = dj_settings_load(config->source, error)) ||
        !(config->taxonomy = dj_taxonomy_file_load(config->source, config->settings->taxonomy, error)) ||
        !(config->rules = dj_rules_file_load(config->source, config->settings->gate, error)) ||
        !(config->units = dj_units_file_load(config->source, error)) ||
        !(config->calibration = dj_calibration_file_load(config->source, error)) ||
        !dj_criteria_file_load(config->source, &config->criteria, error) ||
        !(config->floors = dj_floors_file_load(config->source, config->taxonomy, error)) ||
        !(config->ipc_titles = dj_ipc_file_load(config->source, error)) || !hash_parts(config, error))
        return NULL;
    return g_steal_pointer(&config);
}

void dj_month_config_free(DjMonthConfig *config)
{
    if (!config)
        return;
    g_clear_pointer(&config->criteria, dj_criteria_unref);
    g_clear_pointer(&config->ipc_titles, dj_ipc_titles_free);
    g_clear_pointer(&config->floors, g_array_unref);
    g_clear_pointer(&config->calibration, dj_calibration_free);
    g_clear_pointer(&config->units, dj_units_free);
    g_clear_pointer(&config->rules, dj_rule_set_free);
    g_clear_pointer(&config->taxonomy, dj_taxonomy_free);
    dj_settings_free(config->settings);
    dj_config_source_free(config->source);
    g_clear_pointer(&config->bundle, g_bytes_unref);
    g_free(config->lexicon);
    g_free(config->chains);
    g_free(config->gate);
    g_free(config->weights);
    g_free(config->hash);
    g_free(config);
}

void dj_month_version_free(DjMonthVersion *version)
{
    if (!version)
        return;
    g_free(version->month);
    g_free(version->as_of);
    g_free(version->model);
    g_free(version->build);
    dj_month_config_free(version->config);
    g_free(version);
}

DjMonthMix dj_month_mix_of(const DjMonthVersion *version)
{
    return (DjMonthMix){version, version, version, version, version, version, version, version};
}

static void pin_all(GHashTable *pinned, GHashTable *also)
{
    GHashTableIter needs, patents;
    gpointer need, set, patent;
    g_hash_table_iter_init(&needs, also);
    while (g_hash_table_iter_next(&needs, &need, &set)) {
        g_hash_table_iter_init(&patents, set);
        while (g_hash_table_iter_next(&patents, &patent, NULL))
            dj_pair_table_add(pinned, need, patent);
    }
}

/* ---- corpora ---- */

typedef struct {
    const char *supply;     /* digest of its patents; owned by the runner */
    char *model, *taxonomy; /* hashes: of the model, of the files of the taxonomy */
    char *folder;           /* built for this run; NULL = a generation of the workspace */
    DjModel *opened;
    DjCorpus *corpus;
} Held;

struct DjMonthRunner {
    DjWorkspace *workspace;
    const DjApp *app;
    guint threads;
    char *kernel;
    GPtrArray *held;      /* Held */
    GHashTable *supplies; /* gint64 point -> digest of all patents at it */
    guint n_runs;
    DjTimings *timings;
};

static void held_free(gpointer data)
{
    Held *held = data;
    g_clear_pointer(&held->corpus, dj_corpus_free);
    g_clear_pointer(&held->opened, dj_model_free);
    if (held->folder)
        dj_durable_remove_tree(held->folder);
    g_free(held->folder);
    g_free(held->model);
    g_free(held->taxonomy);
    g_free(held);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Held, held_free)

DjMonthRunner *dj_month_runner_new(DjWorkspace *workspace, const DjApp *app, guint threads, const char *kernel)
{
    DjMonthRunner *runner = g_new0(DjMonthRunner, 1);
    runner->workspace = workspace;
    runner->app = app;
    runner->threads = threads;
    runner->kernel = g_strdup(kernel);
    runner->held = g_ptr_array_new_with_free_func(held_free);
    runner->supplies = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    return runner;
}

void dj_month_runner_free(DjMonthRunner *runner)
{
    if (!runner)
        return;
    g_ptr_array_unref(runner->held);
    g_hash_table_unref(runner->supplies);
    g_free(runner->kernel);
    g_free(runner);
}

void dj_month_runner_time(DjMonthRunner *runner, DjTimings *timings)
{
    runner->timings = timings;
}

const char *dj_month_runner_phase(const DjMonthRunner *runner, const char *phase)
{
    return dj_timings_phase(runner->timings, phase);
}

guint dj_month_runner_count(const DjMonthRunner *runner)
{
    return runner->n_runs;
}

static gboolean tell(const char *phase, guint64 done, guint64 total, gpointer user)
{
    return dj_progress_tell(phase, done, total, user);
}

static gboolean digest_patent(const DjRecord *record, gpointer user)
{
    gsize length;
    g_autofree char *json = dj_record_to_json(record, &length);
    g_checksum_update(user, (const guchar *)record->key, (gssize)strlen(record->key) + 1);
    g_checksum_update(user, (const guchar *)json, (gssize)length + 1);
    return TRUE;
}

/* Most imports bring needs alone: reading the patents of two points is a hundred times cheaper than building twice. */
static const char *supply_at(DjMonthRunner *runner, gint64 point, GError **error)
{
    const char *known = g_hash_table_lookup(runner->supplies, &point);
    if (known)
        return known;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    if (!dj_store_each(runner->workspace->store, DJ_TABLE_PATENT, point, digest_patent, sum, error))
        return NULL;
    char *digest = g_strdup(g_checksum_get_string(sum));
    g_hash_table_insert(runner->supplies, g_memdup2(&point, sizeof point), digest);
    return digest;
}

/* The generation in force serves when it holds the same patents under the same model and taxonomy. */
static gboolean serves(DjMonthRunner *runner, const Held *held, const DjGeneration *generation, GError **error)
{
    if (strcmp(generation->model, held->model) != 0)
        return FALSE;
    g_autoptr(GBytes) bundle = dj_store_get_blob(runner->workspace->store, "settings", generation->settings, NULL);
    g_autoptr(DjMonthConfig) config = bundle ? dj_month_config_new(bundle, NULL) : NULL;
    if (!config || strcmp(config->chains, held->taxonomy) != 0)
        return FALSE; /* settings that are not at hand or of another form: it is built instead */
    const char *supply = supply_at(runner, generation->point, error);
    return supply && strcmp(supply, held->supply) == 0;
}

static gboolean open_in_force(DjMonthRunner *runner, Held *held, GError **error)
{
    DjGeneration generation = {0};
    g_autoptr(GError) why = NULL;
    gboolean found;
    if (!dj_store_current_generation(runner->workspace->store, &generation, &found, error))
        return FALSE;
    if (found && serves(runner, held, &generation, &why)) {
        g_autofree char *folder = dj_generation_folder(runner->workspace->folder, generation.number);
        held->corpus = dj_corpus_open(folder, NULL); /* damaged or gone: it is built instead */
    }
    dj_generation_clear(&generation);
    if (!why)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&why));
    return FALSE;
}

static gboolean build_held(DjMonthRunner *runner, Held *held, const DjMonthConfig *config, gint64 point, GError **error)
{
    held->folder = g_dir_make_tmp("duijie-month-XXXXXX", error);
    if (!held->folder)
        return FALSE;
    DjBuildOptions options = {.model = held->opened,
                              .taxonomy = config->taxonomy,
                              .threads = runner->threads,
                              .flush = config->settings->index_flush,
                              .progress = runner->app->progress ? tell : NULL,
                              .progress_user = runner->app->progress};
    DjBuildResult result;
    if (!dj_build_private(runner->workspace->store, &options, point, held->folder, &result, error))
        return FALSE;
    held->corpus = dj_corpus_open(held->folder, error);
    return held->corpus != NULL;
}

static const Held *hold(DjMonthRunner *runner, const DjMonthMix *mix, GError **error)
{
    const char *supply = supply_at(runner, mix->patent->facts, error);
    if (!supply)
        return NULL;
    for (guint i = 0; i < runner->held->len; i++) {
        const Held *old = runner->held->pdata[i];
        if (strcmp(old->supply, supply) == 0 && strcmp(old->model, mix->model->model) == 0 &&
            strcmp(old->taxonomy, mix->taxonomy->config->chains) == 0)
            return old;
    }
    g_autoptr(Held) held = g_new0(Held, 1);
    held->supply = supply;
    held->model = g_strdup(mix->model->model);
    held->taxonomy = g_strdup(mix->taxonomy->config->chains);
    g_autoptr(GBytes) bytes = dj_store_get_blob(runner->workspace->store, "model", held->model, error);
    if (!bytes || !(held->opened = dj_model_parse(bytes, error)) || !open_in_force(runner, held, error) ||
        (!held->corpus && !build_held(runner, held, mix->taxonomy->config, mix->patent->facts, error)))
        return NULL;
    g_ptr_array_add(runner->held, held);
    return g_steal_pointer(&held);
}

/* ---- runs ---- */

static void sign(const DjMonthMix *mix, const Held *held, DjResultSet *result)
{
    DjProvenance *from = &result->provenance;
    from->version = g_strdup(DUIJIE_VERSION);
    from->now = g_strdup(mix->gate->as_of);
    from->point = mix->patent->facts;
    from->model = g_strdup(held->model);
    from->settings = g_strdup(mix->weights->config->hash);
    from->taxonomy = g_strdup(held->corpus->taxonomy);
    from->rules = g_strdup_printf("%s %s", mix->gate->config->rules->id, mix->gate->config->rules->version);
}

static DjResultSet *run(DjMonthRunner *runner, const DjMonthMix *mix, const DjMonthNeeds *needs, GError **error)
{
    const char *phase = dj_month_runner_phase(runner, "open or build");
    const Held *held = hold(runner, mix, error);
    dj_month_runner_phase(runner, phase);
    if (!held)
        return NULL;
    const DjMonthConfig *weights = mix->weights->config;
    g_autoptr(DjLexicon) lexicon =
        dj_lexicon_file_load(mix->lexicon->config->source, mix->taxonomy->config->taxonomy, error);
    if (!lexicon)
        return NULL;
    g_autoptr(DjDecided) decided = dj_decided_read(runner->workspace->store, mix->decision->decision, error);
    if (!decided)
        return NULL;
    if (needs->also)
        pin_all(decided->wishes.pinned, needs->also);
    DjMonthFacts facts = dj_month_facts_of(runner->workspace, mix);
    facts.identities = decided->identities;
    DjRecordSource records = dj_month_records(&facts);
    DjMatchOptions options = {
        .taxonomy = mix->taxonomy->config->taxonomy,
        .rules = mix->gate->config->rules,
        .units = weights->units,
        .calibration = weights->calibration,
        .criteria = weights->criteria,
        .ipc_titles = weights->ipc_titles,
        .scoring = weights->settings->scoring,
        .wishes = &decided->wishes,
        .now = mix->gate->day,
        .published = !mix->gate->working,
        .adequate = weights->settings->adequate,
        .top = needs->top,
        .only = needs->only,
        .by_need = TRUE,
        .explain = needs->explain,
        .identities = decided->identities,
        .group = weights->settings->group,
        .threads = runner->threads,
        .kernel = runner->kernel,
        .memory_limit = (gsize)weights->settings->kernel_memory * 1024 * 1024,
        .cancel = dj_app_cancel,
        .progress = runner->app->progress ? tell : NULL,
        .progress_user = runner->app->progress,
    };
    dj_match_options_tie(&options, held->opened, lexicon);
    g_autoptr(DjResultSet) result = dj_match(held->corpus, &records, &options, error);
    if (!result)
        return NULL;
    sign(mix, held, result);
    return g_steal_pointer(&result);
}

DjResultSet *dj_month_run(DjMonthRunner *runner, const DjMonthMix *mix, gboolean explain, guint more, GHashTable *also,
                          GError **error)
{
    DjMonthNeeds all = {.also = also, .top = mix->weights->config->settings->top + more, .explain = explain};
    runner->n_runs++;
    return run(runner, mix, &all, error);
}

DjResultSet *dj_month_run_needs(DjMonthRunner *runner, const DjMonthVersion *version, const DjMonthNeeds *needs,
                                GError **error)
{
    DjMonthMix mix = dj_month_mix_of(version);
    return run(runner, &mix, needs, error);
}
