/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading problem.json and plan.json back. Private to the verifier; knows the problem, the certificate and JSON, and
 * nothing of the planner. Errors: DJ_PLAN_ERROR that name file and place. */
#pragma once

#include "engine/plan/certificate.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef struct {
    DjPlanProblem problem;
    DjPlanPerson *persons;
    DjPlanGroup *groups;
    DjPlanPair *pairs;
    GHashTable *by_id;   /* id -> index + 1 */
    GHashTable *by_pair; /* "a b" -> index + 1 */
} DjPlanFile;

/* Sets the error; always FALSE. */
gboolean dj_plan_file_fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* NULL with an error when the text is not JSON. */
json_t *dj_plan_file_parse(const char *name, const char *text, GError **error);
/* A whole number between the limits, or `otherwise` where the value is null. */
gboolean dj_plan_file_number(const json_t *value, gint64 low, gint64 high, gint64 otherwise, gint64 *out);

gboolean dj_plan_file_problem(const json_t *root, DjPlanFile *file, GError **error);
void dj_plan_file_clear(DjPlanFile *file);

/* Index of a key, DJ_PLAN_NONE where there is none. */
guint dj_plan_file_lookup(GHashTable *table, const char *key);
/* The pair of two ids, DJ_PLAN_NONE where they are no candidates. */
guint dj_plan_file_pair(const DjPlanFile *file, const char *demand, const char *supply);

/* Meeting number m of a plan, with the points that it states checked. */
gboolean dj_plan_file_meeting(const json_t *item, guint m, const DjPlanFile *file, DjPlanMeeting *out, GError **error);
DjPlanPrices *dj_plan_file_prices(const json_t *root, const DjPlanFile *file, GError **error);

G_END_DECLS
