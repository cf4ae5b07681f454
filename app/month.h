/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A month (月度清单): the matching as a pure function of facts up to a batch, decisions up to a number, a settings
 * bundle by hash, a model by hash, and a day. Nothing in the workspace is written.
 *
 * Each class of input may come from another month than the rest: that is how the cause of a change is found. */
#pragma once
#include "app/timings.h"
#include "app/wishes.h"
#include "app/workspace.h"
#include "config/floors_file.h"
#include "config/settings.h"

/* What a settings bundle says, loaded. */
typedef struct {
    DjConfigSource *source;
    GBytes *bundle;
    char *hash; /* sha256 of bundle */
    /* sha256 of the files of each kind; weights: settings, units, calibration and criteria together */
    char *lexicon, *chains, *gate, *weights;
    DjSettings *settings;
    DjTaxonomy *taxonomy;
    DjRuleSet *rules;
    DjUnits *units;
    DjCalibration *calibration;
    DjIpcTitles *ipc_titles;
    DjCriteria *criteria; /* of quality; NULL in bundles of before there were any */
    GArray *floors;       /* DjFloor */
} DjMonthConfig;

/* bundle: as dj_settings_bundle makes it. */
DjMonthConfig *dj_month_config_new(GBytes *bundle, GError **error);
void dj_month_config_free(DjMonthConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjMonthConfig, dj_month_config_free)

/* Everything that a month depends on. */
typedef struct {
    char *month;     /* YYYY-MM */
    char *as_of;     /* YYYY-MM-DD, the day of the gates */
    int day;         /* the same */
    gint64 facts;    /* last batch */
    gint64 decision; /* highest number of a decision */
    char *model;     /* hash */
    char *build;     /* of the program that made it (build_identity.h); NULL in folders of before it was noted */
    DjMonthConfig *config;
    gboolean working; /* conditions that are still to be checked may stand on the lists */
} DjMonthVersion;
void dj_month_version_free(DjMonthVersion *version);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjMonthVersion, dj_month_version_free)

/* Where each class of input comes from. Borrowed. */
typedef struct {
    const DjMonthVersion *patent, *need, *gate, *decision, *taxonomy, *lexicon, *model, *weights;
} DjMonthMix;
DjMonthMix dj_month_mix_of(const DjMonthVersion *version);

/* Runs months of one workspace; keeps the term matrices that it built for them. Belongs to one thread. */
typedef struct DjMonthRunner DjMonthRunner;
DjMonthRunner *dj_month_runner_new(DjWorkspace *workspace, const DjApp *app, guint threads, const char *kernel);
/* Removes what it built. */
void dj_month_runner_free(DjMonthRunner *runner);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjMonthRunner, dj_month_runner_free)

/* Everything the runner does counts there; borrowed. */
void dj_month_runner_time(DjMonthRunner *runner, DjTimings *timings);
/* Begins a phase of it, as dj_timings_phase does. */
const char *dj_month_runner_phase(const DjMonthRunner *runner, const char *phase);

/* The lists of needs under the mix, each up to `more` places longer than the setting says. also (may be NULL): pairs
 * that are scored even where they reach no list, when the gate admits them.
 * Provenance names facts, model and settings, never the generation or the workspace. */
DjResultSet *dj_month_run(DjMonthRunner *runner, const DjMonthMix *mix, gboolean explain, guint more, GHashTable *also,
                          GError **error);
/* The lists of some needs of a month, `top` long. */
typedef struct {
    GHashTable *only, *also; /* keys of the needs; pairs that are listed in any case, may be NULL */
    guint top;
    gboolean explain;
} DjMonthNeeds;
DjResultSet *dj_month_run_needs(DjMonthRunner *runner, const DjMonthVersion *version, const DjMonthNeeds *needs,
                                GError **error);
/* How many runs of all needs it has made. */
guint dj_month_runner_count(const DjMonthRunner *runner);

/* Records under the mix: patents of its patent version; needs and enterprises of its need version, where an enterprise
 * with a title of 专精特新 and without an open need asks by its main product (主导产品). Borrowed by the source. */
typedef struct {
    DjStore *store;
    gint64 patent_point, need_point;
    int day;
    const GArray *identities; /* DjIdentity; NULL: none. Set it after dj_month_facts_of where there are some */
} DjMonthFacts;
DjMonthFacts dj_month_facts_of(DjWorkspace *workspace, const DjMonthMix *mix);
/* An enterprise that stands for others comes with what they add; the others come as they are. */
DjRecordSource dj_month_records(DjMonthFacts *facts);
/* Is the enterprise taken for another one, which stands for both? */
gboolean dj_month_is_other(const DjMonthFacts *facts, const DjRecord *enterprise);
/* Notes whose need it is while it is open; whether an enterprise (as dj_month_records gives it) was noted. */
void dj_month_note_asked(const DjMonthFacts *facts, const DjRecord *need, GHashTable *asked);
gboolean dj_month_has_asked(const DjMonthFacts *facts, const DjRecord *enterprise, GHashTable *asked);

/* A need that stands for an enterprise's main product. */
#define DJ_MONTH_PROFILE_PREFIX "主导产品-"
/* Is it one of the enterprises that coverage is owed to: 专精特新, 小巨人, 创新型中小企业 with a title in force? */
gboolean dj_month_is_owed(const DjRecord *enterprise, int day);
