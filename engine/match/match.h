/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matching (匹配): gate -> kernel -> score -> rank -> explain, over one corpus and the needs of one point in time.
 *
 * Order everywhere: total descending, then need key, then patent key. Exact under the full score: features outside the
 * kernel add between 0 and B, so the kernel returns every pair whose base may still reach the list. */
#pragma once
#include "engine/match/calibration.h"
#include "engine/match/corpus.h"
#include "engine/match/quality.h"
#include "engine/match/result.h"
#include "engine/model/ipc_titles.h"
#include "engine/text/units.h"

/* Where records come from: the store, behind callbacks, because match stands beside it and not above. `each` calls
 * visit for every record of the table at the point of the run, ascending by key; visit returns FALSE to stop. `get`
 * gives one record by its key, to be freed, or NULL without error where there is none; without it (NULL) the table is
 * walked. */
typedef gboolean (*DjRecordVisit)(const DjRecord *record, gpointer user);
typedef struct {
    gboolean (*each)(gpointer user, DjTable table, DjRecordVisit visit, gpointer visit_user, GError **error);
    gpointer user;
    DjRecord *(*get)(gpointer user, DjTable table, const char *key, GError **error);
} DjRecordSource;

/* What people decided about pairs: need key -> GHashTable set of patent keys. Borrowed. */
typedef struct {
    GHashTable *banned; /* never on a list: rejected, banned */
    GHashTable *pinned; /* on the need's list whatever its score, when the gate admits it */
    GHashTable *silent; /* set of keys of needs and enterprises that opted out: they take no part */
} DjWishes;

typedef struct {
    DjQueryTools tools; /* its scoring points at the one below; see dj_match_options_tie */
    DjScoring scoring;
    const DjTaxonomy *taxonomy;
    const DjRuleSet *rules;           /* gate of the supply side */
    DjCriteria *criteria;             /* of quality; NULL: none is judged */
    const DjIpcTitles *ipc_titles;    /* for evidence; NULL: codes alone */
    const DjUnits *units;             /* NULL: indicators are not compared */
    const DjCalibration *calibration; /* NULL: pairings stay uncalibrated */
    int now;                          /* day of the run */
    gboolean published;               /* leave pairs with unknown gates out where the rule says so */
    const DjWishes *wishes;           /* NULL: none; with them, enterprises whose record says opt_out take no part */
    GHashTable *only;                 /* keys of the needs that take part; NULL: all open ones */
    const char *const *chains;        /* ids, NULL-terminated; NULL = all and 未归链 */
    int adequate;                     /* permille that the best pairing of a need must reach, 0 = any will do */
    guint top;                        /* pairs per need (or patent) */
    gboolean by_need, by_patent;
    gboolean explain;         /* fill parts and gate of every pairing */
    const GArray *identities; /* DjIdentity: what people decided about duplicates; NULL: nothing */
    gboolean group; /* of like patents (needs) the best one stands on a list, the others are counted: group.h */
    guint threads;
    const char *kernel; /* variant name, NULL = best */
    gsize memory_limit; /* kernel scratch, 0 = its default */
    const int *cancel;  /* may be NULL */
    gboolean (*progress)(const char *phase, guint64 done, guint64 total, gpointer user); /* may be NULL */
    gpointer progress_user;
} DjMatchOptions;

/* Ties tools to this very struct: call it again for a copy. */
static inline void dj_match_options_tie(DjMatchOptions *options, const DjModel *model, const DjLexicon *lexicon)
{
    options->tools = (DjQueryTools){model, lexicon, &options->scoring};
}

/* Runs the match; provenance of the result is left to the caller. */
DjResultSet *dj_match(const DjCorpus *corpus, const DjRecordSource *records, const DjMatchOptions *options,
                      GError **error);

/* One question against the corpus: best `top` admitted documents, as pairings without a need record (need = ""). Where
 * none reaches what a list begins with, the nearest few, marked low; what rules keep off is counted in `barred`. */
#define DJ_NEAREST 5
typedef struct {
    const char *text;
    guint top;
    const guint64 *admit; /* further restriction such as facets, NULL = none */
    guint64 *found;       /* receives a bit for each of the n_found documents, shown or not; NULL = unwanted */
} DjQuestion;
DjResultSet *dj_match_question(const DjCorpus *corpus, const DjRecordSource *records, const DjMatchOptions *options,
                               const DjQuestion *question, GError **error);

/* Many questions over one corpus on one day: what does not depend on the question is read once, so an answer costs the
 * scoring and the records that it shows. The answers are the same as those of the functions without an asker.
 * Shared by threads; each call brings its own source of records (of the same facts), which should have `get`. */
typedef struct DjAsker DjAsker;
/* corpus and what options point to are borrowed for its life; records only for this call. */
DjAsker *dj_asker_new(const DjCorpus *corpus, const DjRecordSource *records, const DjMatchOptions *options,
                      GError **error);
void dj_asker_free(DjAsker *asker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjAsker, dj_asker_free)
DjResultSet *dj_asker_question(DjAsker *asker, const DjRecordSource *records, const DjQuestion *question,
                               GError **error);
/* The list of one need, open or not: its best `top` pairs, as dj_match lists them. */
DjResultSet *dj_asker_need(DjAsker *asker, const DjRecordSource *records, const char *need_key, guint top,
                           GError **error);

/* Why a pair is or is not on a list. */
typedef struct {
    DjPairing *pairing; /* scored and explained, gated or not; rank = rank in the need's list without gates, 0 = none */
    gboolean listed;
    guint rank;   /* rank on the list among admitted pairs, 0 when kept out */
    char *reason; /* in Chinese: the rule that kept it out, the like patent that stands for it, or how many points are
                     missing; NULL when listed */
    gint64 points_missing; /* to the last place of the list; 0 when listed, or when points are not what is missing */
} DjWhy;
void dj_why_clear(DjWhy *why);
gboolean dj_match_why(const DjCorpus *corpus, const DjRecordSource *records, const DjMatchOptions *options,
                      const char *patent_key, const char *need_key, DjWhy *why, GError **error);
gboolean dj_asker_why(DjAsker *asker, const DjRecordSource *records, const char *patent_key, const char *need_key,
                      DjWhy *why, GError **error);
/* The same for a question; its `found` is not written. */
gboolean dj_asker_why_question(DjAsker *asker, const DjRecordSource *records, const char *patent_key,
                               const DjQuestion *question, DjWhy *why, GError **error);
