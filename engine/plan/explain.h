/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why there is no plan (为什么排不满), in terms that an organiser can act on: a group of limits that contradict each
 * other, none of which can be left out as far as that was tried, and the cheapest ways to relax something. */
#pragma once

#include "engine/plan/certificate.h"

G_BEGIN_DECLS

/* Together, `needy`, `floors` and `musts` require `required` meetings; the others allow at most `available`. Arrays
 * hold indices of persons, groups and pairs. */
typedef struct {
    GArray *needy;        /* guint: persons whose minimum (or wish for a good meeting) is part of it */
    GArray *floors;       /* guint: groups whose minimum is */
    GArray *musts;        /* guint: pairs that must meet */
    GArray *scarce;       /* guint: persons who can give only so many meetings */
    GArray *caps;         /* guint: groups with a cap in the way */
    gboolean tables;      /* slots * tables are in the way */
    gboolean irreducible; /* shown that none of the requirements can be left out; very large events: not all tried */
    gint64 required, available;
    DjPlanPrices
        *prices; /* proof: dj_plan_bound(problem, prices, TRUE) is below 0. All 0 where one limit contradicts itself */
} DjPlanBlock;

/* The contradiction, or NULL without an error when the limits do not contradict each other. */
DjPlanBlock *dj_plan_explain(const DjPlanProblem *problem, GError **error);
void dj_plan_block_free(DjPlanBlock *block);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjPlanBlock, dj_plan_block_free)

typedef enum {
    DJ_PLAN_LOWER_MINIMA, /* fewer meetings for some persons or groups */
    DJ_PLAN_RAISE_MAXIMA, /* more meetings, or a longer stay, for some persons; a higher cap for some groups */
    DJ_PLAN_ADD_TABLES,   /* more meetings in the same slots */
} DjPlanRelaxKind;

typedef struct {
    gboolean is_group;
    guint index;    /* person or group; unused for tables */
    guint from, to; /* the limit as it is, and as it would have to be */
} DjPlanChange;

typedef struct {
    DjPlanRelaxKind kind;
    guint missing;   /* meetings by which limits are changed, altogether: the fewest that will do */
    gint64 value;    /* most points that are then possible */
    GArray *changes; /* DjPlanChange */
} DjPlanRelaxation;

/* What works, fewest changed meetings first, then most points. Elements are DjPlanRelaxation, freed with the array. */
GPtrArray *dj_plan_relax(const DjPlanProblem *problem, GError **error);

G_END_DECLS
