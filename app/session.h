/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session: one command's view of a workspace, with everything that ranking needs: settings, taxonomy, gate, and the
 * generation in force with its model. Belongs to one thread. */
#pragma once
#include "app/workspace.h"
#include "config/settings.h"
#include "engine/match/match.h"

typedef struct {
    const DjApp *app;
    DjWorkspace *workspace;
    DjConfigSource *source;
    DjSettings *settings;
    GBytes *bundle;      /* everything that decides a result */
    char *settings_hash; /* sha256 of bundle */
    DjTaxonomy *taxonomy;
    DjRuleSet *rules;
    DjLexicon *lexicon;
    DjUnits *units;
    DjCalibration *calibration;
    DjIpcTitles *ipc_titles;
    DjCriteria *criteria; /* of quality */
    /* after dj_session_load_corpus */
    DjGeneration generation;
    DjModel *model;
    DjCorpus *corpus;
    GArray *identities; /* DjIdentity, as they stand now */
    gint64 point;       /* facts that needs and enterprises are read at */
} DjSession;

/* Opens the workspace and reads the configuration. */
DjSession *dj_session_open(const DjApp *app, DjWorkspaceMode mode, GError **error);
void dj_session_close(DjSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjSession, dj_session_close)

/* Opens the generation in force and its model. An error says what to run when there is none, or when the taxonomy in
 * force is another one than it was built with. */
gboolean dj_session_load_corpus(DjSession *session, GError **error);

/* Opens a model by its hash. */
gboolean dj_session_load_model(DjSession *session, const char *hash, GError **error);

/* Stores the bundle by its hash, so that this run can be repeated; needs WRITE. */
gboolean dj_session_keep_settings(DjSession *session, GError **error);

/* Workers to use: the option (0 = not given), else the setting, else the processors. */
guint dj_session_threads(const DjSession *session, int option);

/* Options of a run over all chains with the settings in force. kernel: the option or NULL. */
void dj_session_match_options(const DjSession *session, int threads, const char *kernel, DjMatchOptions *options);
/* Records of the run: supply as the generation holds it, needs and enterprises as they are now. */
DjRecordSource dj_session_records(DjSession *session);

/* The one patent and the one need that two words mean, in either order. Free both keys. */
gboolean dj_session_find_pair(const DjSession *session, char **words, char **patent, char **need, GError **error);

/* Fills in where a result came from. */
void dj_session_sign(const DjSession *session, DjResultSet *result);

/* Is the kernel variant known and can it run here? The error lists the known ones. NULL and "auto" are fine. */
gboolean dj_session_check_kernel(const DjApp *app, const char *name, GError **error);
