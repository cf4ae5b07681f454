/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder of a month (月度清单): everything that lists.h writes, and
 *
 *   企业-KEY.html, 机构-NAME.html   one printable page per enterprise and per institution
 *   coverage.csv                    every enterprise that coverage is owed to: covered, or why not and what to ask whom
 *   floors.csv                      every floor of coverage/floors.yaml: what it is owed, what is missing
 *   diff.csv                        change and cause of every pair against the month before
 *   pushes.jsonl                    what publishing would record: {need, patent, enterprise, digest}
 *   settings.json, settings-before.json   the settings bundles that it was made with
 *   manifest.json                   {month …, versions, previous, files [{path, sha256}]}; last, so it names the others
 *
 * Nothing depends on the clock: same input, same bytes. */
#pragma once
#include "engine/report/lists.h"
#include <jansson.h>

#define DJ_MONTH_MANIFEST "manifest.json"
#define DJ_MONTH_SETTINGS "settings.json"
#define DJ_MONTH_BEFORE   "settings-before.json"
#define DJ_MONTH_PUSHES   "pushes.jsonl"
/* Sheets begin so. */
#define DJ_MONTH_ENTERPRISE  "企业-"
#define DJ_MONTH_INSTITUTION "机构-"

/* One page. */
typedef struct {
    gboolean institution;
    char *key, *name;           /* key of the enterprise; of an institution its name */
    const DjResultSet *further; /* of patents that stand on the page and on no list of the set, borrowed; may be NULL */
    gboolean profile;           /* made from the main product, not from a need */
    GPtrArray *pairings;        /* const DjPairing of the set, in the order of the page */
} DjMonthSheet;

/* What an enterprise is matched by. */
#define DJ_BASIS_NEED    "需求"
#define DJ_BASIS_PRODUCT "主导产品"
#define DJ_BASIS_NONE    "无"

typedef struct {
    char *key, *name, *city;
    const char *basis;  /* what its recommendations rest on: 需求, 主导产品, 无 */
    guint n_eligible;   /* patents on its lists */
    guint n;            /* recommendations: on its page, or pushed before and still standing */
    gboolean covered;   /* n reaches the floor */
    const char *reason; /* why not, "" when covered */
    const char *ask;    /* what to ask whom */
} DjCoverageRow;

/* A floor of coverage/floors.yaml. */
typedef struct {
    guint order;                    /* of its kind */
    const char *by, *label;         /* city, 市州 */
    char *of, *name;                /* value; as people know it */
    guint least, standing, missing; /* owed; pushed before and still standing; what no choice could give */
} DjFloorRow;

typedef struct {
    const char *change; /* new, kept, up, down, gone */
    const char *cause;  /* "" for kept */
    char *detail;       /* combined: the classes that changed, joined by '+'; "" */
    char *need, *patent;
    guint rank_before, rank_now; /* 0 = not listed */
    int score_before, score_now; /* -1 = not listed */
} DjChange;

typedef struct {
    char *need, *patent, *enterprise, *digest;
} DjPush;

void dj_month_sheet_free(DjMonthSheet *sheet);
void dj_coverage_row_free(DjCoverageRow *row);
void dj_floor_row_free(DjFloorRow *row);
/* "市州 恩施州：应有 20 条…缺 5 条"; "" where nothing is missing. Free it. */
char *dj_floor_note(const DjFloorRow *row);
void dj_change_free(DjChange *change);
void dj_push_free(DjPush *push);

typedef struct {
    const char *month;
    DjListsOptions lists;
    guint floor;               /* recommendations owed to each enterprise */
    const GPtrArray *sheets;   /* DjMonthSheet */
    const GPtrArray *coverage; /* DjCoverageRow */
    const GPtrArray *floors;   /* DjFloorRow; empty: no floors.csv */
    const GPtrArray *changes;  /* DjChange */
    const GPtrArray *pushes;   /* DjPush */
    GBytes *settings, *before; /* bundles; before may be NULL */
    const json_t *manifest;    /* all members but files */
} DjMonthReport;

gboolean dj_month_write(const DjResultSet *set, DjAudience audience, const DjMonthReport *report, const char *folder,
                        GError **error);

/* Coverage for people: figures, those that are not covered and why, floors, certificate. */
#define DJ_MONTH_COVERAGE_PAGE "覆盖情况.html"
void dj_month_coverage_html(GString *out, const DjListRun *run, const DjMonthReport *report);
/* A page as HTML; run of the same set. */
void dj_month_sheet_html(GString *out, const DjListRun *run, const char *month, const DjMonthSheet *sheet);
