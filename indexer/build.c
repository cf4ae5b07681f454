/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building a generation. The inverted index is written first and the term matrix is compiled from its postlists, so
 * that both say the same. The folder is made under a name of its own, synced, and becomes the generation in force by
 * one row in the store: a crash at any point leaves the previous one. */
#include "indexer/build.h"
#include "engine/match/group.h"
#include "engine/search/search.h"
#include "indexer/compile.h"
#include "indexer/durable.h"
#include "indexer/feed.h"
#include "indexer/sums.h"
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define REPORT_EVERY 256
#define FEED_BATCH   1024 /* documents that wait for the index: some 15 MB */

typedef struct {
    const DjBuildOptions *options;
    DjBuildResult *result;
    DjSupplySide side;
    DjIndexWriter *index;
    DjFeed *feed;
    DjDocument *document;
    DjNormaliser *normaliser;
    DjGrouper *grouper;
    GArray *terms;    /* DjIndexTerm of one document */
    GString *filters; /* their bytes */
    guint64 total;
    GError *error;
} Build;

static gboolean cancelled(GError **error)
{
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
    return FALSE;
}

gboolean dj_build_tell(const DjBuildOptions *options, const char *phase, guint64 done, guint64 total, GError **error)
{
    if (options->progress && !options->progress(phase, done, total, options->progress_user))
        return cancelled(error);
    return TRUE;
}

/* ---- one document into the index ---- */

/* Remembers offsets; resolve_filters turns them into pointers when the bytes have stopped moving. */
static void add_filter(Build *build, const char *prefix, const char *value)
{
    if (!value || !*value)
        return;
    DjIndexTerm term = {.bytes = GSIZE_TO_POINTER(build->filters->len), .wdf = 0};
    g_string_append(build->filters, prefix);
    g_string_append(build->filters, value);
    term.length = (guint32)(build->filters->len - GPOINTER_TO_SIZE(term.bytes));
    g_array_append_val(build->terms, term);
}

/* Whole yuan with leading zeros, so that terms order as amounts do; '?' where no fixed amount is written. */
static void add_fee(Build *build, const DjRecord *record)
{
    const char *fee = dj_record_get(record, DJ_PATENT_FEE_AMOUNT);
    guint64 yuan;
    g_autofree char *whole = fee ? g_strndup(fee, strcspn(fee, ".")) : NULL;
    gboolean fixed = whole && g_ascii_string_to_unsigned(whole, 10, 0, DJ_SEARCH_MAX_FEE, &yuan, NULL);
    g_autofree char *text = fixed ? g_strdup_printf("%0*" G_GUINT64_FORMAT, DJ_SEARCH_FEE_DIGITS, yuan) : g_strdup("?");
    add_filter(build, "XF:", text);
}

static void add_filters(Build *build, const DjRecord *record, const DjMembership *members, guint n_members)
{
    guint first = build->terms->len;
    for (guint i = 0; i < n_members; i++)
        add_filter(build, "XC:", dj_taxonomy_chain(build->options->taxonomy, members[i].chain).id);
    g_auto(GStrv) codes = dj_record_list(record, DJ_PATENT_IPC);
    for (char **code = codes; *code; code++) {
        DjIpc ipc;
        if (!dj_ipc_parse(*code, &ipc))
            continue;
        add_filter(build, "XI:", ipc.subclass);
        ipc.subgroup = -1;
        g_autofree char *group = dj_ipc_format(&ipc);
        if (ipc.group >= 0)
            add_filter(build, "XG:", group);
    }
    g_auto(GStrv) owners = dj_record_list(record, DJ_PATENT_OWNERS);
    for (char **owner = owners; *owner; owner++) {
        g_autofree char *folded = dj_org_name_fold(*owner);
        add_filter(build, "XO:", folded);
    }
    add_filter(build, "XK:", dj_record_get(record, DJ_PATENT_KIND));
    add_filter(build, "XR:", dj_record_get(record, DJ_PATENT_REGION));
    add_filter(build, "XM:", dj_record_get(record, DJ_PATENT_MATURITY));
    g_auto(GStrv) modes = dj_record_list(record, DJ_PATENT_TRANSFER_MODES);
    for (char **mode = modes; *mode; mode++)
        add_filter(build, "XW:", *mode);
    if (!*modes)
        add_filter(build, "XW:", "?");
    add_fee(build, record);
    for (guint i = first; i < build->terms->len; i++) {
        DjIndexTerm *term = &g_array_index(build->terms, DjIndexTerm, i);
        term->bytes = build->filters->str + GPOINTER_TO_SIZE(term->bytes);
    }
}

static gboolean add_record(const DjRecord *record, gpointer user)
{
    Build *build = user;
    guint32 number = build->side.n_docs++;
    DjMembership members[DJ_MAX_MEMBERSHIPS];
    guint n_members = dj_taxonomy_classify(build->options->taxonomy, build->normaliser, record, members);
    dj_document_fill(build->document, record, &build->options->model->scoring);
    gsize n_terms;
    const DjDocTerm *terms = dj_document_terms(build->document, &n_terms);
    g_array_set_size(build->terms, 0);
    g_string_truncate(build->filters, 0);
    for (gsize i = 0; i < n_terms; i++) {
        DjIndexTerm term = {terms[i].key, terms[i].length, terms[i].count};
        g_array_append_val(build->terms, term);
    }
    add_filters(build, record, members, n_members);
    guint32 length[DJ_N_LEX_UNITS];
    for (int unit = 0; unit < DJ_N_LEX_UNITS; unit++)
        length[unit] = dj_document_length(build->document, (DjLexUnit)unit);
    if (!dj_feed_add(build->feed, number, (const DjIndexTerm *)(gpointer)build->terms->data, build->terms->len, length,
                     &build->error))
        return FALSE;

    dj_grouper_add(build->grouper, record);
    g_string_append(build->side.keys, record->key);
    guint64 end = build->side.keys->len;
    g_array_append_val(build->side.key_offset, end);
    for (guint i = 0; i < n_members; i++) {
        g_array_append_val(build->side.member_chain, members[i].chain);
        g_array_append_val(build->side.member_weight, members[i].weight);
    }
    end = build->side.member_chain->len;
    g_array_append_val(build->side.member_ptr, end);
    if (build->options->model->semantic) {
        gint8 vector[DJ_SEMANTIC_DIM];
        gsize n_words;
        const DjTerm *words = dj_document_words(build->document, &n_words);
        dj_model_embed_words(build->options->model, words, n_words, NULL, vector);
        g_array_append_vals(build->side.vectors, vector, 1);
    }
    return number % REPORT_EVERY != 0 || dj_build_tell(build->options, "index", number, build->total, &build->error);
}

/* ---- the whole ---- */

static gboolean index_records(Build *build, DjStore *store, const char *folder, gint64 point, GError **error)
{
    g_autofree char *index_folder = g_build_filename(folder, DJ_GENERATION_INDEX, NULL);
    gint64 count;
    if (!dj_store_count(store, DJ_TABLE_PATENT, point, &count, error))
        return FALSE;
    build->total = (guint64)count;
    build->index = dj_index_writer_new(index_folder, build->options->flush, error);
    if (!build->index)
        return FALSE;
    build->feed = dj_feed_new(build->index, FEED_BATCH);
    if (!dj_store_each(store, DJ_TABLE_PATENT, point, add_record, build, error))
        return FALSE;
    if (!build->error)
        dj_feed_finish(build->feed, &build->error);
    if (build->error) {
        g_propagate_error(error, g_steal_pointer(&build->error));
        return FALSE;
    }
    if (!dj_build_tell(build->options, "commit", build->total, build->total, error) ||
        !dj_index_writer_commit(build->index, error))
        return FALSE;
    g_clear_pointer(&build->feed, dj_feed_free);
    g_clear_pointer(&build->index, dj_index_writer_free);
    build->side.group = dj_grouper_finish(build->grouper);
    return TRUE;
}

char *dj_generation_folder(const char *workspace, gint64 number)
{
    g_autofree char *name = g_strdup_printf("gen-%" G_GINT64_FORMAT, number);
    return g_build_filename(workspace, name, NULL);
}

gboolean dj_generation_verify(const char *folder, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(DjCorpus) corpus = dj_corpus_open(folder, &why);
    if (corpus && dj_corpus_verify(corpus, &why) && dj_sums_verify(folder, DJ_GENERATION_INDEX, &why))
        return TRUE;
    const gboolean advised = strstr(why->message, "duijie index") != NULL;
    g_set_error(error, why->domain, why->code, "%s%s", why->message, advised ? "" : ": run `duijie index --rebuild`");
    return FALSE;
}

/* Nothing to do when the generation in force holds the same facts under the same model and settings and is whole. */
static gboolean is_current(const DjBuildOptions *options, const DjGeneration *current, gint64 point)
{
    if (options->rebuild || current->point != point || g_strcmp0(current->model, options->model->hash) != 0 ||
        g_strcmp0(current->settings, options->settings_hash) != 0)
        return FALSE;
    g_autofree char *folder = dj_generation_folder(options->workspace, current->number);
    return dj_generation_verify(folder, NULL);
}

static gboolean build_and_publish(Build *build, DjStore *store, gint64 point, GError **error)
{
    const DjBuildOptions *options = build->options;
    gint64 number;
    if (!dj_store_next_generation(store, &number, error))
        return FALSE;
    g_autofree char *folder = dj_generation_folder(options->workspace, number);
    g_autofree char *content_hash = NULL;
    dj_durable_remove_tree(folder); /* left over by a crash: no published generation has this number */
    if (g_mkdir(folder, 0755) != 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "create %s: %s", folder, g_strerror(errno));
        return FALSE;
    }
    DjGeneration generation = {
        .number = number,
        .point = point,
        .model = options->model->hash,
        .settings = (char *)options->settings_hash,
        .recorded_at = (char *)options->now,
    };
    /* Xapian wrote its files without syncing each commit; one sync before publishing makes them durable. */
    gboolean ok = index_records(build, store, folder, point, error) &&
                  dj_compile_generation(&build->side, folder, point, build->result, &content_hash, error) &&
                  dj_sums_write(folder, DJ_GENERATION_INDEX, error) && dj_durable_sync_tree(folder, error) &&
                  dj_durable_sync_file(options->workspace, error);
    if (ok) {
        generation.content_hash = content_hash;
        ok = dj_store_publish_generation(store, &generation, error);
    }
    if (!ok)
        dj_durable_remove_tree(folder);
    build->result->generation = number;
    return ok;
}

/* folder NULL: a generation of its own, published. */
static gboolean with_build(DjStore *store, const DjBuildOptions *options, gint64 point, const char *folder,
                           DjBuildResult *result, GError **error)
{
    guint64 zero = 0;
    Build build = {.options = options, .result = result, .side = {.options = options}};
    build.document = dj_document_new(error);
    build.normaliser = build.document ? dj_normaliser_new(DJ_NORMAL_FOLD, error) : NULL;
    build.grouper = build.normaliser ? dj_grouper_new(error) : NULL;
    gboolean ok = build.grouper != NULL;
    if (ok) {
        g_autofree char *content_hash = NULL;
        build.terms = g_array_new(FALSE, FALSE, sizeof(DjIndexTerm));
        build.filters = g_string_new(NULL);
        build.side.keys = g_string_new(NULL);
        build.side.key_offset = g_array_new(FALSE, FALSE, sizeof(guint64));
        build.side.member_ptr = g_array_new(FALSE, FALSE, sizeof(guint64));
        build.side.member_chain = g_array_new(FALSE, FALSE, sizeof(guint16));
        build.side.member_weight = g_array_new(FALSE, FALSE, sizeof(guint8));
        build.side.vectors = g_array_new(FALSE, FALSE, DJ_SEMANTIC_DIM);
        g_array_append_val(build.side.key_offset, zero);
        g_array_append_val(build.side.member_ptr, zero);
        ok = folder ? index_records(&build, store, folder, point, error) &&
                          dj_compile_generation(&build.side, folder, point, result, &content_hash, error)
                    : build_and_publish(&build, store, point, error);
        result->n_docs = build.side.n_docs;
        dj_feed_free(build.feed);
        dj_index_writer_free(build.index);
        g_array_unref(build.terms);
        g_string_free(build.filters, TRUE);
        g_string_free(build.side.keys, TRUE);
        g_array_unref(build.side.key_offset);
        g_array_unref(build.side.member_ptr);
        g_array_unref(build.side.member_chain);
        g_array_unref(build.side.member_weight);
        g_array_unref(build.side.vectors);
        g_free(build.side.group);
        g_clear_error(&build.error);
    }
    dj_grouper_free(build.grouper);
    dj_normaliser_free(build.normaliser);
    dj_document_free(build.document);
    return ok;
}

gboolean dj_build(DjStore *store, const DjBuildOptions *options, DjBuildResult *result, GError **error)
{
    *result = (DjBuildResult){0};
    gint64 point;
    gboolean found;
    DjGeneration current = {0};
    if (!dj_store_point_now(store, &point, error) || !dj_store_current_generation(store, &current, &found, error))
        return FALSE;
    if (found && is_current(options, &current, point)) {
        result->unchanged = TRUE;
        result->generation = current.number;
        dj_generation_clear(&current);
        return TRUE;
    }
    dj_generation_clear(&current);

    return with_build(store, options, point, NULL, result, error);
}

gboolean dj_build_private(DjStore *store, const DjBuildOptions *options, gint64 point, const char *folder,
                          DjBuildResult *result, GError **error)
{
    *result = (DjBuildResult){0};
    return with_build(store, options, point, folder, result, error);
}

gboolean dj_build_clean(const char *workspace, DjStore *store, GError **error)
{
    DjGeneration current = {0};
    gboolean found;
    if (!dj_store_current_generation(store, &current, &found, error))
        return FALSE;
    gint64 newest = found ? current.number : 0;
    dj_generation_clear(&current);
    g_autoptr(GDir) dir = g_dir_open(workspace, 0, error);
    if (!dir)
        return FALSE;
    const char *name;
    while ((name = g_dir_read_name(dir))) {
        char *end;
        if (!g_str_has_prefix(name, "gen-"))
            continue;
        gint64 number = g_ascii_strtoll(name + 4, &end, 10);
        if (*end || number < 1 || number == newest || number == newest - 1)
            continue;
        g_autofree char *path = g_build_filename(workspace, name, NULL);
        /* Readers hold a shared lock on the folder; one in use stays until the next clean-up. */
        int fd = g_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
        if (fd < 0)
            continue;
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            dj_durable_remove_tree(path);
        close(fd);
    }
    return TRUE;
}
