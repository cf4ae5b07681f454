/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requirements are left out in runs that are halved, so that a small reason in a large event takes few programs. */
#include "engine/plan/clash.h"

#include "engine/plan/only.h"
#include "engine/plan/program.h"

#include <stdlib.h>

enum { PROGRAMS = 300, NODES = 2000, FIRST_PLACES = 3000 };

typedef enum { PERSON, FLOOR, MUST } Kind;

typedef struct {
    Kind kind;
    guint index;
} Requirement;

typedef struct {
    DjPlanOnly only;
    GArray *left; /* Requirement: in force now */
    guint programs;
    gboolean cut_short;
} Search;

void dj_plan_clash_free(DjPlanClash *clash)
{
    if (!clash)
        return;
    g_array_unref(clash->needy);
    g_array_unref(clash->floors);
    g_array_unref(clash->musts);
    g_free(clash);
}

static void set(Search *search, const Requirement *requirement, gboolean back)
{
    void (*const apply[])(DjPlanOnly *, guint, gboolean) = {
        [PERSON] = dj_plan_only_person, [FLOOR] = dj_plan_only_floor, [MUST] = dj_plan_only_must};
    apply[requirement->kind](&search->only, requirement->index, back);
}

static void add(Search *search, Kind kind, guint index)
{
    Requirement requirement = {.kind = kind, .index = index};
    g_array_append_val(search->left, requirement);
    set(search, &requirement, TRUE);
}

typedef struct {
    guint person, places;
} Choice;

static int compare_choices(const void *a, const void *b)
{
    const Choice *x = a, *y = b;
    if (x->places != y->places)
        return x->places < y->places ? -1 : 1;
    return x->person < y->person ? -1 : x->person > y->person;
}

/* Persons by the number of places (pair and slot) that they can choose from, few first. */
static Choice *order_persons(const DjPlanProblem *problem)
{
    Choice *order = g_new(Choice, problem->n_persons + 1);
    for (guint i = 0; i < problem->n_persons; i++)
        order[i] = (Choice){.person = i};
    for (guint p = 0; p < problem->n_pairs; p++)
        for (guint role = 0; role < 2 && problem->pairs[p].rule != DJ_PLAN_BAN; role++)
            order[problem->pairs[p].who[role]].places += (guint)__builtin_popcountll(dj_plan_pair_open(problem, p));
    qsort(order, problem->n_persons, sizeof *order, compare_choices);
    return order;
}

/* Adds those who need a meeting, from *at on, until they have more than `most` places together. */
static void add_persons(Search *search, const DjPlanProblem *problem, const Choice *order, guint *at, guint64 most)
{
    guint64 places = 0;
    for (; *at < problem->n_persons; ++*at) {
        guint i = order[*at].person;
        if (dj_plan_person_need(problem, i) == 0)
            continue;
        places += order[*at].places;
        if (places > most)
            return;
        add(search, PERSON, i);
    }
}

static void add_others(Search *search, const DjPlanProblem *problem)
{
    for (guint g = 0; g < problem->n_groups; g++)
        if (problem->groups[g].min > 0)
            add(search, FLOOR, g);
    for (guint p = 0; p < problem->n_pairs; p++)
        if (problem->pairs[p].rule == DJ_PLAN_MUST)
            add(search, MUST, p);
}

static gboolean in_floor(const DjPlanProblem *problem, guint person, guint role)
{
    for (guint g = problem->persons[person].group[role]; g != DJ_PLAN_NONE; g = problem->groups[g].parent)
        if (problem->groups[g].min > 0)
            return TRUE;
    return FALSE;
}

/* Does the pair help to meet what is in force? Others only make the program larger. */
static gboolean helps(const DjPlanProblem *problem, const DjPlanPair *pair)
{
    if (pair->rule != DJ_PLAN_FREE)
        return pair->rule == DJ_PLAN_MUST;
    for (guint role = 0; role < 2; role++)
        if (dj_plan_person_need(problem, pair->who[role]) > 0 || in_floor(problem, pair->who[role], role))
            return TRUE;
    return FALSE;
}

static gboolean ask(Search *search, gboolean *impossible, GError **error)
{
    *impossible = FALSE;
    search->cut_short = search->cut_short || search->programs == 0;
    if (search->cut_short)
        return TRUE;
    search->programs--;
    DjPlanProblem few = search->only.problem;
    g_autofree DjPlanPair *pairs = g_new(DjPlanPair, few.n_pairs + 1);
    few.n_pairs = 0;
    few.pairs = pairs;
    for (guint p = 0; p < search->only.problem.n_pairs; p++)
        if (helps(&search->only.problem, &search->only.pairs[p]))
            pairs[few.n_pairs++] = search->only.pairs[p];
    const DjPlanProgramOptions options = {.max_nodes = NODES};
    g_autoptr(DjPlanProgram) program = dj_plan_program(&few, &options, error);
    if (!program)
        return FALSE;
    *impossible = program->infeasible;
    search->cut_short = search->cut_short || (!program->infeasible && !program->meetings);
    return TRUE;
}

/* Leaves out run after run of `length` as long as the rest stays impossible. */
static gboolean leave_out(Search *search, guint length, GError **error)
{
    for (guint from = 0; from < search->left->len;) {
        guint n = MIN(length, search->left->len - from);
        for (guint k = 0; k < n; k++)
            set(search, &g_array_index(search->left, Requirement, from + k), FALSE);
        gboolean impossible = FALSE;
        if (!ask(search, &impossible, error))
            return FALSE;
        if (impossible) {
            g_array_remove_range(search->left, from, n);
            continue;
        }
        for (guint k = 0; k < n; k++)
            set(search, &g_array_index(search->left, Requirement, from + k), TRUE);
        from += n;
    }
    return TRUE;
}

static DjPlanClash *hand_out(const Search *search)
{
    DjPlanClash *clash = g_new0(DjPlanClash, 1);
    clash->needy = g_array_new(FALSE, FALSE, sizeof(guint));
    clash->floors = g_array_new(FALSE, FALSE, sizeof(guint));
    clash->musts = g_array_new(FALSE, FALSE, sizeof(guint));
    GArray *const lists[] = {[PERSON] = clash->needy, [FLOOR] = clash->floors, [MUST] = clash->musts};
    for (guint k = 0; k < search->left->len; k++) {
        const Requirement *requirement = &g_array_index(search->left, Requirement, k);
        g_array_append_val(lists[requirement->kind], requirement->index);
    }
    clash->required = search->only.required;
    clash->irreducible = !search->cut_short;
    return clash;
}

DjPlanClash *dj_plan_clash(const DjPlanProblem *problem, GError **error)
{
    Search search = {.left = g_array_new(FALSE, FALSE, sizeof(Requirement)), .programs = PROGRAMS};
    dj_plan_only_init(&search.only, problem);
    /* the reason lies most often with those who can choose least, and they make a small program */
    g_autofree Choice *order = order_persons(problem);
    guint at = 0;
    add_others(&search, problem);
    add_persons(&search, problem, order, &at, FIRST_PLACES);
    gboolean impossible = FALSE;
    gboolean ok = ask(&search, &impossible, error);
    if (ok && !impossible) {
        search.cut_short = FALSE;
        add_persons(&search, problem, order, &at, G_MAXUINT64);
        ok = ask(&search, &impossible, error);
    }
    for (guint length = search.left->len; ok && impossible && length > 0; length = length > 1 ? (length + 1) / 2 : 0)
        ok = leave_out(&search, length, error);
    DjPlanClash *clash = ok && impossible ? hand_out(&search) : NULL;
    g_array_unref(search.left);
    dj_plan_only_clear(&search.only);
    return clash;
}
