/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/serving.h"

#include "app/web/request.h"
#include "indexer/build.h"
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Of pages of the store, per desk: a page of all pairings reads half of it once, and would leave it in memory. */
enum { CACHE_KIB = 2048 };

/* A generation's thread opens it, waits until it is over, and frees it: what it consists of is then in a part of the
 * heap of its own, which empties as a whole. Beside each other in one part, each new generation would settle in the
 * gaps of the one before it, and the pages that they share would stay. */
typedef enum { LIFE_OPENING, LIFE_OPEN, LIFE_OVER } Life;

struct DjServing {
    gint refs;
    GThread *thread;
    GMutex life_mutex; /* of life and failure */
    GCond turn;
    Life life;
    GError *failure; /* to open */

    /* the thread's */
    DjApp app; /* session points to it */
    DjSession *session;
    DjMatchOptions options;
    DjAsker *asker;
    DjFacetTable *facets;
    DjSuggestWords *words;
    DjRoutes *routes;
    DjFeeGuidance guidance;
    GMutex fees_mutex; /* of fees, which are counted when first asked for */
    GArray *fees;
    char *store_path;
    GMutex mutex;
    GPtrArray *idle; /* DjDesk; as many as ever worked at once */
};

static void desk_free(gpointer data)
{
    DjDesk *desk = data;
    g_clear_pointer(&desk->index, dj_index_free);
    g_clear_pointer(&desk->analyzer, dj_analyzer_free);
    dj_store_close(desk->store);
    g_free(desk);
}

static void close_all(DjServing *serving)
{
    g_clear_pointer(&serving->idle, g_ptr_array_unref);
    dj_asker_free(serving->asker);
    dj_facet_table_free(serving->facets);
    dj_suggest_words_free(serving->words);
    dj_routes_free(serving->routes);
    g_clear_pointer(&serving->fees, g_array_unref);
    dj_session_close(serving->session);
    g_free(serving->store_path);
    g_free(serving->app.workspace);
    g_free(serving->app.config);
    g_free(serving->app.now);
}

static DjIndex *open_index(const DjServing *serving, GError **error)
{
    g_autofree char *path = g_build_filename(serving->session->corpus->folder, DJ_GENERATION_INDEX, NULL);
    return dj_index_open(path, error);
}

static gboolean read_facets(DjServing *serving, GError **error)
{
    g_autoptr(DjIndex) index = open_index(serving, error);
    serving->facets = index ? dj_facet_table_new(index, serving->session, error) : NULL;
    return serving->facets != NULL;
}

static gboolean open_all(DjServing *serving, GError **error)
{
    serving->session = dj_session_open(&serving->app, DJ_WORKSPACE_READ, error);
    if (!serving->session || !dj_store_limit_cache(serving->session->workspace->store, CACHE_KIB, error) ||
        !dj_session_load_corpus(serving->session, error) ||
        !dj_generation_verify(serving->session->corpus->folder, error))
        return FALSE;
    serving->store_path = g_build_filename(serving->session->workspace->folder, "duijie.db", NULL);
    dj_session_match_options(serving->session, 1, NULL, &serving->options);
    serving->options.progress = NULL;
    DjRecordSource records = dj_session_records(serving->session);
    serving->asker = dj_asker_new(serving->session->corpus, &records, &serving->options, error);
    serving->routes = serving->asker ? dj_routes_file_load(serving->session->source, error) : NULL;
    serving->words = serving->routes ? dj_suggest_words_new(&records, serving->session->lexicon, error) : NULL;
    return serving->words && dj_fees_file_load(serving->session->source, &serving->guidance, error) &&
           read_facets(serving, error);
}

static gpointer live(gpointer data)
{
    DjServing *serving = data;
    GError *failure = NULL;
    open_all(serving, &failure);
    g_mutex_lock(&serving->life_mutex);
    serving->life = LIFE_OPEN;
    serving->failure = failure;
    g_cond_broadcast(&serving->turn);
    while (serving->life != LIFE_OVER)
        g_cond_wait(&serving->turn, &serving->life_mutex);
    g_mutex_unlock(&serving->life_mutex);
    close_all(serving);
    return NULL;
}

static void serving_free(DjServing *serving)
{
    g_mutex_lock(&serving->life_mutex);
    serving->life = LIFE_OVER;
    g_cond_broadcast(&serving->turn);
    g_mutex_unlock(&serving->life_mutex);
    if (serving->thread)
        g_thread_join(serving->thread);
    else
        close_all(serving);
    g_clear_error(&serving->failure);
    g_cond_clear(&serving->turn);
    g_mutex_clear(&serving->life_mutex);
    g_mutex_clear(&serving->fees_mutex);
    g_mutex_clear(&serving->mutex);
    g_free(serving);
#ifdef __GLIBC__
    malloc_trim(0); /* the C library would keep the pages */
#endif
}

DjServing *dj_serving_new(const DjApp *app, GError **error)
{
    g_autoptr(DjServing) serving = g_new0(DjServing, 1);
    serving->refs = 1;
    g_mutex_init(&serving->mutex);
    g_mutex_init(&serving->fees_mutex);
    g_mutex_init(&serving->life_mutex);
    g_cond_init(&serving->turn);
    serving->app = (DjApp){.workspace = g_strdup(app->workspace),
                           .config = g_strdup(app->config),
                           .now = g_strdup(app->now),
                           .today = app->today,
                           .quiet = TRUE,
                           .command = app->command};
    serving->idle = g_ptr_array_new_with_free_func(desk_free);
    serving->thread = g_thread_try_new("generation", live, serving, error);
    if (!serving->thread)
        return NULL;
    g_mutex_lock(&serving->life_mutex);
    while (serving->life == LIFE_OPENING)
        g_cond_wait(&serving->turn, &serving->life_mutex);
    const gboolean open = !serving->failure;
    if (!open)
        g_propagate_error(error, g_steal_pointer(&serving->failure));
    g_mutex_unlock(&serving->life_mutex);
    return open ? g_steal_pointer(&serving) : NULL;
}

DjServing *dj_serving_ref(DjServing *serving)
{
    g_atomic_int_inc(&serving->refs);
    return serving;
}

void dj_serving_unref(DjServing *serving)
{
    if (serving && g_atomic_int_dec_and_test(&serving->refs))
        serving_free(serving);
}

const DjSession *dj_serving_session(const DjServing *serving)
{
    return serving->session;
}

DjAsker *dj_serving_asker(DjServing *serving)
{
    return serving->asker;
}

const DjFacetTable *dj_serving_facets(const DjServing *serving)
{
    return serving->facets;
}

const DjSuggestWords *dj_serving_suggest_words(const DjServing *serving)
{
    return serving->words;
}

const DjRoutes *dj_serving_routes(const DjServing *serving)
{
    return serving->routes;
}

int dj_serving_today(const DjServing *serving)
{
    return serving->app.today;
}

DjDesk *dj_desk_take(DjServing *serving, GError **error)
{
    g_mutex_lock(&serving->mutex);
    DjDesk *desk = serving->idle->len > 0 ? g_ptr_array_steal_index_fast(serving->idle, serving->idle->len - 1) : NULL;
    g_mutex_unlock(&serving->mutex);
    if (!desk) {
        g_autoptr(DjStore) store = dj_store_open(serving->store_path, DJ_STORE_READ, error);
        if (!store || !dj_store_limit_cache(store, CACHE_KIB, error))
            return NULL;
        desk = g_new0(DjDesk, 1);
        desk->store = g_steal_pointer(&store);
    }
    desk->serving = dj_serving_ref(serving);
    return desk;
}

void dj_desk_give_back(DjDesk *desk)
{
    if (!desk)
        return;
    DjServing *serving = desk->serving;
    desk->serving = NULL;
    g_mutex_lock(&serving->mutex);
    g_ptr_array_add(serving->idle, desk);
    g_mutex_unlock(&serving->mutex);
    dj_serving_unref(serving);
}

static gint64 point_of(const DjDesk *desk, DjTable table)
{
    return table == DJ_TABLE_PATENT ? desk->serving->session->corpus->point : DJ_POINT_NOW;
}

static gboolean each(gpointer user, DjTable table, DjRecordVisit visit, gpointer visit_user, GError **error)
{
    DjDesk *desk = user;
    return dj_store_each(desk->store, table, point_of(desk, table), visit, visit_user, error);
}

static DjRecord *get(gpointer user, DjTable table, const char *key, GError **error)
{
    DjDesk *desk = user;
    g_autoptr(DjRecord) record = dj_record_new(table);
    gboolean found = FALSE;
    if (!dj_store_get(desk->store, table, key, point_of(desk, table), record, &found, error) || !found)
        return NULL;
    return g_steal_pointer(&record);
}

DjRecordSource dj_desk_records(DjDesk *desk)
{
    return (DjRecordSource){.each = each, .get = get, .user = desk};
}

DjRecord *dj_desk_record(DjDesk *desk, DjTable table, const char *key, GError **error)
{
    g_autoptr(GError) failed = NULL;
    DjRecord *record = get(desk, table, key, &failed);
    if (failed)
        g_propagate_error(error, g_steal_pointer(&failed));
    else if (!record)
        dj_web_fail(error, 404, "没有这条记录");
    return record;
}

DjIndex *dj_desk_index(DjDesk *desk, GError **error)
{
    if (!desk->index)
        desk->index = open_index(desk->serving, error);
    return desk->index;
}

DjAnalyzer *dj_desk_analyzer(DjDesk *desk, GError **error)
{
    if (!desk->analyzer)
        desk->analyzer = dj_analyzer_new(error);
    return desk->analyzer;
}

const GArray *dj_desk_fees(DjDesk *desk, GError **error)
{
    DjServing *serving = desk->serving;
    DjRecordSource records = dj_desk_records(desk);
    g_mutex_lock(&serving->fees_mutex);
    if (!serving->fees)
        serving->fees = dj_fees_summarise(serving->session, &records, &serving->guidance, error);
    g_mutex_unlock(&serving->fees_mutex);
    return serving->fees;
}

const DjFeeGuidance *dj_serving_fee_guidance(const DjServing *serving)
{
    return &serving->guidance;
}
