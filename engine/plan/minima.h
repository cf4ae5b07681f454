/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Minima that can be kept (能保证的最低场次): how many meetings every person of one side can be promised at once.
 *
 * Of one side alone the numbers are the most even ones that candidates, maxima and tables allow (fairness.h), so nobody
 * is promised less than another where that can be helped. The promises of both sides hold together whenever the tables
 * suffice for both: a set of meetings that keeps the first and one that keeps the second combine into one that keeps
 * both (Mendelsohn and Dulmage 1958, with capacities). */
#pragma once

#include "engine/plan/problem.h"

G_BEGIN_DECLS

/* out[i], n_persons: for persons with a pair in this role min(wanted, the most even number); for others it is left
 * alone. Minima and groups of the problem are not looked at. Errors: DJ_PLAN_ERROR. */
gboolean dj_plan_even_minima(const DjPlanProblem *problem, guint role, guint wanted, guint *out, GError **error);

G_END_DECLS
