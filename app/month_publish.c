/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The published manifests form a chain: the blob of kind "month" stored last names, in "published_after", the one
 * before. */
#include "app/month_publish.h"
#include "app/month_make.h"
#include "engine/store/decision.h"
#include <string.h>

static gboolean fail(const char *folder, const char *what, const char *detail, GError **error)
{
    g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "publish %s: %s%s%s", folder, what, detail ? ": " : "",
                detail ? detail : "");
    return FALSE;
}

static gboolean check_files(const char *folder, const json_t *manifest, GError **error)
{
    const json_t *files = json_object_get(manifest, "files"), *entry;
    size_t i;
    if (json_array_size(files) == 0)
        return fail(folder, "its manifest names no files", NULL, error);
    json_array_foreach(files, i, entry)
    {
        const char *name = json_string_value(json_object_get(entry, "path"));
        const char *sum = json_string_value(json_object_get(entry, "sha256"));
        g_autoptr(GMappedFile) map = NULL;
        g_autofree char *path = name && !strchr(name, '/') ? g_build_filename(folder, name, NULL) : NULL;
        if (!path || !sum)
            return fail(folder, "its manifest is damaged", NULL, error);
        if (!(map = g_mapped_file_new(path, FALSE, error)))
            return FALSE;
        g_autofree char *found = g_compute_checksum_for_data(
            G_CHECKSUM_SHA256, (const guchar *)g_mapped_file_get_contents(map), g_mapped_file_get_length(map));
        if (strcmp(found, sum) != 0)
            return fail(folder, "was changed after it was made", name, error);
    }
    return TRUE;
}

struct DjMonthPushes {
    GHashTable *done;   /* "need\npatent\ndigest" */
    GHashTable *months; /* month -> DjMonthRecorded */
};

void dj_month_pushes_free(DjMonthPushes *pushes)
{
    g_hash_table_unref(pushes->done);
    g_hash_table_unref(pushes->months);
    g_free(pushes);
}

static void count_push(DjMonthPushes *pushes, const char *month, const char *recorded_at)
{
    DjMonthRecorded *of = g_hash_table_lookup(pushes->months, month);
    if (!of) {
        of = g_new0(DjMonthRecorded, 1);
        g_hash_table_insert(pushes->months, g_strdup(month), of);
    }
    of->n++;
    g_strlcpy(of->last, recorded_at, sizeof of->last);
}

static gboolean note_push(const DjDecision *decision, gpointer user)
{
    DjMonthPushes *pushes = user;
    if (decision->kind != DJ_DECISION_PUSH)
        return TRUE;
    json_t *data = json_loads(decision->data, 0, NULL);
    const char *digest = json_string_value(json_object_get(data, "digest")),
               *month = json_string_value(json_object_get(data, "month"));
    g_hash_table_add(pushes->done,
                     g_strdup_printf("%s\n%s\n%s", decision->need, decision->patent, digest ? digest : ""));
    if (month)
        count_push(pushes, month, decision->recorded_at);
    json_decref(data);
    return TRUE;
}

DjMonthPushes *dj_month_pushes_read(DjStore *store, GError **error)
{
    g_autoptr(DjMonthPushes) pushes = g_new0(DjMonthPushes, 1);
    pushes->done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    pushes->months = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return dj_store_each_decision(store, NULL, note_push, pushes, error) ? g_steal_pointer(&pushes) : NULL;
}

/* Of a line of pushes.jsonl, as DjMonthPushes.done holds it; the texts are those of *push. NULL when it is no push. */
static char *push_id(const json_t *push, const char **need, const char **patent, const char **digest)
{
    if (!push || json_unpack((json_t *)push, "{s:s, s:s, s:s}", "need", need, "patent", patent, "digest", digest) != 0)
        return NULL;
    return g_strdup_printf("%s\n%s\n%s", *need, *patent, *digest);
}

static gboolean record_push(DjStore *store, const char *line, const char *month, const char *now, DjMonthPushes *pushes,
                            guint *added, guint *known, GError **error)
{
    json_t *push = json_loads(line, 0, NULL);
    const char *need, *patent, *digest;
    gboolean ok = FALSE;
    g_autofree char *id = push_id(push, &need, &patent, &digest);
    if (!id) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, DJ_MONTH_PUSHES ": not a push: %s", line);
        json_decref(push);
        return FALSE;
    }
    if (g_hash_table_contains(pushes->done, id)) {
        (*known)++;
        ok = TRUE;
    } else {
        json_t *data = json_pack("{s:s, s:s}", "month", month, "digest", digest);
        char *text = json_dumps(data, JSON_COMPACT);
        DjDecision decision = {.kind = DJ_DECISION_PUSH,
                               .need = need,
                               .patent = patent,
                               .who = "monthly",
                               .recorded_at = now,
                               .note = "",
                               .data = text};
        ok = dj_store_add_decision(store, &decision, NULL, error);
        (*added) += ok;
        g_hash_table_add(pushes->done, g_steal_pointer(&id));
        free(text);
        json_decref(data);
    }
    json_decref(push);
    return ok;
}

/* One of the chain. NULL with an error when it cannot be read, and without one when it is no JSON. */
static json_t *read_kept(DjStore *store, const char *hash, GError **error)
{
    g_autoptr(GBytes) bytes = dj_store_get_blob(store, "month", hash, error);
    return bytes ? json_loadb(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), 0, NULL) : NULL;
}

/* The bundle and the manifest become blobs; the manifest last, so that it never names what is not there. */
static gboolean keep(DjStore *store, const char *folder, json_t *manifest, const char *now, GError **error)
{
    g_autofree char *path = g_build_filename(folder, DJ_MONTH_SETTINGS, NULL), *text = NULL, *hash = NULL, *last = NULL;
    gsize length;
    g_autoptr(GError) why = NULL;
    if (!g_file_get_contents(path, &text, &length, error))
        return FALSE;
    g_autoptr(GBytes) bundle = g_bytes_new(text, length);
    if (!dj_store_put_blob(store, "settings", bundle, now, &hash, error))
        return FALSE;
    last = dj_store_latest_blob(store, "month", &why);
    if (why) {
        g_propagate_error(error, g_steal_pointer(&why));
        return FALSE;
    }
    json_object_del(manifest, "files");
    if (last) {
        json_t *before = read_kept(store, last, &why);
        if (why) {
            g_propagate_error(error, g_steal_pointer(&why));
            return FALSE;
        }
        json_object_del(before, "published_after");
        gboolean same = json_equal(before, manifest);
        json_decref(before);
        if (same)
            return TRUE; /* published already */
        json_object_set_new(manifest, "published_after", json_string(last));
    }
    char *dump = json_dumps(manifest, JSON_COMPACT | JSON_SORT_KEYS);
    g_autoptr(GBytes) bytes = g_bytes_new(dump, strlen(dump));
    free(dump);
    g_clear_pointer(&hash, g_free);
    return dj_store_put_blob(store, "month", bytes, now, &hash, error);
}

gboolean dj_month_publish(DjStore *store, const char *folder, const char *now, guint *added, guint *known,
                          GError **error)
{
    json_t *manifest = dj_month_manifest_read(folder, error);
    if (!manifest)
        return FALSE;
    g_autofree char *path = g_build_filename(folder, DJ_MONTH_PUSHES, NULL), *text = NULL;
    g_autoptr(DjMonthPushes) pushes = NULL;
    const char *month = json_string_value(json_object_get(manifest, "month"));
    gboolean ok = (month || fail(folder, "its manifest names no month", NULL, error)) &&
                  check_files(folder, manifest, error) && g_file_get_contents(path, &text, NULL, error) &&
                  (pushes = dj_month_pushes_read(store, error));
    g_auto(GStrv) lines = ok ? g_strsplit(text, "\n", -1) : NULL;
    for (char **line = lines; ok && line && *line && **line; line++)
        ok = record_push(store, *line, month, now, pushes, added, known, error);
    ok = ok && keep(store, folder, manifest, now, error);
    json_decref(manifest);
    return ok;
}

/* Is the manifest one of the chain? */
static gboolean is_kept(DjStore *store, const json_t *manifest, gboolean *kept, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *hash = dj_store_latest_blob(store, "month", &why);
    json_t *own = json_copy((json_t *)manifest);
    json_object_del(own, "files");
    *kept = FALSE;
    while (hash && !why && !*kept) {
        json_t *one = read_kept(store, hash, &why);
        g_free(hash);
        hash = g_strdup(json_string_value(json_object_get(one, "published_after")));
        json_object_del(one, "published_after");
        *kept = json_equal(one, own);
        json_decref(one);
    }
    json_decref(own);
    if (!why)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&why));
    return FALSE;
}

DjMonthRecorded dj_month_recorded(const DjMonthPushes *pushes, const json_t *manifest)
{
    const char *month = json_string_value(json_object_get(manifest, "month"));
    const DjMonthRecorded *recorded = month ? g_hash_table_lookup(pushes->months, month) : NULL;
    return recorded ? *recorded : (DjMonthRecorded){0};
}

gboolean dj_month_pushed(DjStore *store, const char *folder, const json_t *manifest, const DjMonthPushes *pushes,
                         DjMonthPushed *out, GError **error)
{
    *out = (DjMonthPushed){.recorded = dj_month_recorded(pushes, manifest)};
    if (!is_kept(store, manifest, &out->kept, error))
        return FALSE;
    g_autofree char *path = g_build_filename(folder, DJ_MONTH_PUSHES, NULL), *text = NULL;
    g_auto(GStrv) lines = g_file_get_contents(path, &text, NULL, NULL) ? g_strsplit(text, "\n", -1) : NULL;
    for (char **line = lines; line && *line; line++) {
        json_t *push = json_loads(*line, 0, NULL);
        const char *need, *patent, *digest;
        g_autofree char *id = push_id(push, &need, &patent, &digest);
        out->waiting += id && !g_hash_table_contains(pushes->done, id);
        json_decref(push);
    }
    return TRUE;
}

DjMonthVersion *dj_month_published_before(DjStore *store, const char *month, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *hash = dj_store_latest_blob(store, "month", &why);
    if (why)
        g_propagate_error(error, g_steal_pointer(&why));
    while (hash) {
        json_t *manifest = read_kept(store, hash, error);
        if (!manifest)
            return NULL;
        const char *own = json_string_value(json_object_get(manifest, "month"));
        if (own && strcmp(own, month) < 0) {
            DjMonthVersion *version = dj_month_version_read(manifest, NULL, store, error);
            json_decref(manifest);
            return version;
        }
        g_free(hash);
        hash = g_strdup(json_string_value(json_object_get(manifest, "published_after")));
        json_decref(manifest);
    }
    return NULL;
}
