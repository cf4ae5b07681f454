/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coverage (全覆盖): which pairs stand on the pages of a month.
 *
 * Members of side 0 (enterprises) and side 1 (patents) are joined by pairs of points >= 0. A member or a group stands
 * on at most `most` chosen pairs and is owed `least`; groups of a side are nested (each names its parent), and further
 * floors count sets of pairs that cross them (a chain). Nothing has to be feasible: what a floor lacks is `missing`,
 * and
 *
 *   value = points of the chosen pairs - worth * everything that is missing,   worth > all points that can be had
 *
 * is what the choice makes largest: first as little missing as can be, then most points. When something is missing, the
 * certificate therefore proves that no choice satisfies all floors, and that none lacks less.
 *
 * Without crossing floors the choice is a circulation and exact (flow.h): value = bound. With them it is Lagrange's
 * bound, minimised over the prices of the crossing floors by cutting planes (GLPK solves the master program), and the
 * best of the choices met on the way; the gap is bound - value.
 *
 * Exact over all pairs, not only those given (price and deepen): `kept_back` says for each member of side 0 that no
 * other pair of it has more points. While the prices do not prove that none of those could help, `deepen` is asked for
 * more.
 *
 * Units: points and counts. Sums must fit 60 bits, else DJ_PLAN_ERROR_INPUT. Errors: DJ_PLAN_ERROR, and what deepen
 * says. Threads: no shared state. */
#pragma once

#include "engine/plan/problem.h"

G_BEGIN_DECLS

typedef struct {
    guint least, most;
    guint parent; /* innermost group, or DJ_PLAN_NONE */
} DjCoverNode;

typedef struct {
    guint member[2];
    gint64 points;
    const guint *crossing; /* crossing floors that count it, ended by DJ_PLAN_NONE; NULL = none */
} DjCoverPair;

typedef struct DjCoverProblem DjCoverProblem;
struct DjCoverProblem {
    /* per side: DjCoverNode of members and groups; a group's parent has a smaller number than the group, a group's
     * `most` is not looked at */
    GArray *members[2], *groups[2];
    GArray *pairs;     /* DjCoverPair, each two members at most once */
    GArray *crossing;  /* guint: what each crossing floor is owed; NULL = none */
    GArray *kept_back; /* gint64 per member of side 0: most points of any other pair of it, -1 = there is none; NULL =
                          no member has any */
    /* Appends pairs (and members and groups of side 1) for the members of side 0 whose byte is set, and lowers their
     * kept_back. NULL: the lists stay as they are, and the bound says what that may cost. */
    gboolean (*deepen)(DjCoverProblem *problem, const guint8 *wanted, gpointer user, GError **error);
    gpointer user;
    guint max_rounds; /* of deepening */
};

typedef struct {
    guint8 *chosen; /* per pair */
    gint64 points, worth, value, bound;
    guint missing;          /* of all floors together */
    guint *lacks_member[2]; /* per member, group and crossing floor: how many are missing */
    guint *lacks_group[2];
    guint *lacks_crossing;
    guint n_rounds, n_flows; /* deepenings; flows that were solved */
} DjCoverChoice;

gboolean dj_cover_choose(DjCoverProblem *problem, DjCoverChoice *choice, GError **error);
void dj_cover_choice_clear(DjCoverChoice *choice);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjCoverChoice, dj_cover_choice_clear)

/* Fills everything that follows from `chosen` and worth: points, missing, value. What a choice is checked by. */
void dj_cover_count(const DjCoverProblem *problem, DjCoverChoice *choice);

G_END_DECLS
