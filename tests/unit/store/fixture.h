/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A store in a folder of its own, and short ways to put needs and enterprises into it. */
#pragma once
#include "engine/store/stage.h"
#include "tests/folder.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>

typedef struct {
    char *folder, *path;
    DjStore *store;
} Fixture;

/* A macro, because the call must come before the look at what it left in error. */
#define must(call, error)                                                                                              \
    do {                                                                                                               \
        gboolean must_ok = (call);                                                                                     \
        cr_assert(must_ok, "%s", (error) ? (error)->message : "failed without a message");                             \
        cr_assert_null(error);                                                                                         \
    } while (0)

static inline Fixture fixture_new(void)
{
    GError *error = NULL;
    Fixture f = {.folder = g_dir_make_tmp("duijie-store-XXXXXX", NULL)};
    f.path = g_build_filename(f.folder, "duijie.db", NULL);
    f.store = dj_store_open(f.path, DJ_STORE_CREATE, &error);
    must(f.store != NULL, error);
    return f;
}

static inline void fixture_free(Fixture *f)
{
    dj_store_close(f->store);
    folder_remove(f->folder);
    g_free(f->folder);
    g_free(f->path);
}

static inline DjRecord *make_need(const char *id, const char *title, const char *budget)
{
    DjRecord *need = dj_record_new(DJ_TABLE_NEED);
    dj_record_set(need, DJ_NEED_ID, id);
    dj_record_set(need, DJ_NEED_TITLE, title);
    dj_record_set(need, DJ_NEED_BUDGET, budget);
    cr_assert(dj_record_make_key(need));
    return need;
}

static inline DjRecord *make_enterprise(const char *code, const char *name)
{
    DjRecord *enterprise = dj_record_new(DJ_TABLE_ENTERPRISE);
    dj_record_set(enterprise, DJ_ENTERPRISE_CREDIT_CODE, code);
    dj_record_set(enterprise, DJ_ENTERPRISE_NAME, name);
    cr_assert(dj_record_make_key(enterprise));
    return enterprise;
}

static inline gint64 begin_batch(DjStore *store, const char *source, const char *recorded_at)
{
    GError *error = NULL;
    gint64 batch = 0;
    DjBatchInfo info = {"import needs", source, source, recorded_at};
    must(dj_store_begin_batch(store, &info, &batch, &error), error);
    return batch;
}

static inline void end_batch(DjStore *store, gint64 batch)
{
    GError *error = NULL;
    must(dj_store_end_batch(store, batch, 0, 0, 0, 0, &error), error);
}

/* One need in one batch of its own; returns the batch. */
static inline gint64 put_need(DjStore *store, const char *recorded_at, const char *id, const char *title,
                              const char *budget, DjPutResult expected)
{
    GError *error = NULL;
    DjPutResult result;
    g_autoptr(DjRecord) need = make_need(id, title, budget);
    gint64 batch = begin_batch(store, recorded_at, recorded_at);
    must(dj_store_begin(store, &error), error);
    must(dj_store_put(store, batch, need, 2, &result, &error), error);
    must(dj_store_commit(store, &error), error);
    end_batch(store, batch);
    cr_assert_eq(result, expected);
    return batch;
}
