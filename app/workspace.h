/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workspace (工作区): the folder with duijie.db, the generations and the workspace's own settings.
 *
 *   duijie.db                 the facts; see engine/store
 *   gen-N/                    generations, can be rebuilt; see indexer/build.h
 *   settings.yaml, config/    settings of its own
 *   rejects/                  rows that imports rejected
 *   web/                      jobs and uploads of `duijie serve`; see app/web/job.h
 *   events/NAME/              events that were made on its pages: EVENT.yaml, pairs.csv, plan/
 *   lock                      held (flock) by the job that runs; names it */
#pragma once
#include "app/app.h"
#include "engine/store/store.h"

typedef struct {
    char *folder; /* absolute */
    char *name;   /* base name of folder, for provenance */
    DjStore *store;
    int lock; /* file descriptor, -1 = not held */
} DjWorkspace;

typedef enum {
    DJ_WORKSPACE_READ,
    DJ_WORKSPACE_WRITE,  /* short transactions beside a job: decisions, settings bundles */
    DJ_WORKSPACE_JOB,    /* WRITE with the job lock: import, train, index */
    DJ_WORKSPACE_UPGRADE /* the job lock, and a store of any older version */
} DjWorkspaceMode;

/* Opens the workspace of app. DJ_APP_ERROR_BUSY says who holds the lock; nothing waits. */
DjWorkspace *dj_workspace_open(const DjApp *app, DjWorkspaceMode mode, GError **error);
void dj_workspace_close(DjWorkspace *workspace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjWorkspace, dj_workspace_close)

/* Name of the store inside a workspace. */
#define DJ_WORKSPACE_STORE "duijie.db"

/* Who holds the job lock of the workspace at this moment ("process 1234 (duijie index)"), to be freed; NULL: nobody. */
char *dj_workspace_lock_holder(const char *folder);

/* Makes the folder (its parents too) and an empty store in it. */
gboolean dj_workspace_create(const char *folder, GError **error);

/* The nearest folder upward from `start` that holds a store, NULL if there is none. Free it. */
char *dj_workspace_find(const char *start);

/* Table and key that a person means by text: a key, a patent number in any spelling, or the beginning of one key.
 * Errors list what was near. Free *key. */
gboolean dj_workspace_find_record(const DjWorkspace *workspace, const char *text, DjTable *table, char **key,
                                  GError **error);
