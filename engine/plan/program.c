/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows, from 1 as GLPK counts: meetings of each person; good meetings of each person; each person in each slot; tables
 * of each slot; each pair; each group. The meetings of a person who counts towards fairness are repeated by columns
 * that carry the reward of the k-th meeting; rewards fall with k, so that the first ones are taken first. */
#include "engine/plan/program.h"

#include "engine/plan/timetable.h"

#include <glpk.h>
#include <math.h>

enum {
    COLUMNS_MAX = 40000,
    ROOT_ITERATIONS = 60000,
    DEFAULT_NODES = 20000,
};

/* GLPK leaves a node when its bound is not above the best plan by 1e-7 of that. */
static const double tolerance = 1e-6;

typedef struct {
    const DjPlanProblem *problem;
    const DjPlanProgramOptions *options;
    DjPlanProgram *out;
    glp_prob *lp;
    int count, good, busy, tables, pairs, groups; /* last row before each kind */
    int n_rows;
    guint *column_pair; /* from 1; pair and slot of a column, for the n_places first columns */
    guint8 *column_slot;
    guint n_places;
    double best; /* bound of the open nodes when the work was stopped */
} Program;

void dj_plan_program_free(DjPlanProgram *program)
{
    if (!program)
        return;
    g_free(program->meetings);
    g_free(program);
}

/* Slots in which the pair may meet. */
static guint64 places_of(const Program *g, guint p)
{
    const guint8 *keep = g->options->keep_slot;
    if (g->problem->pairs[p].rule == DJ_PLAN_BAN)
        return 0;
    guint64 open = dj_plan_pair_open(g->problem, p);
    return keep && keep[p] != DJ_PLAN_NO_SLOT ? open & G_GUINT64_CONSTANT(1) << keep[p] : open;
}

static gboolean has_to_meet(const Program *g, guint p)
{
    return g->problem->pairs[p].rule == DJ_PLAN_MUST ||
           (g->options->keep_slot && g->options->keep_slot[p] != DJ_PLAN_NO_SLOT);
}

static void set_row(const Program *g, int row, guint low, guint high)
{
    glp_set_row_bnds(g->lp, row, low == high ? GLP_FX : GLP_DB, low, high);
}

static void add_rows(Program *g)
{
    const DjPlanProblem *problem = g->problem;
    int n = (int)problem->n_persons, slots = (int)problem->slots;
    g->good = n;
    g->busy = 2 * n;
    g->tables = g->busy + n * slots;
    g->pairs = g->tables + slots;
    g->groups = g->pairs + (int)problem->n_pairs;
    g->n_rows = g->groups + (int)problem->n_groups;
    glp_add_rows(g->lp, g->n_rows);
    for (guint i = 0; i < problem->n_persons; i++) {
        const DjPlanPerson *person = &problem->persons[i];
        set_row(g, g->count + 1 + (int)i, person->min, MAX(person->min, dj_plan_person_room(problem, i)));
        if (person->best_from > 0)
            glp_set_row_bnds(g->lp, g->good + 1 + (int)i, GLP_LO, 1, 0);
    }
    for (int r = g->busy + 1; r <= g->tables; r++)
        set_row(g, r, 0, 1);
    for (int r = g->tables + 1; r <= g->pairs; r++)
        set_row(g, r, 0, problem->tables);
    for (guint p = 0; p < problem->n_pairs; p++)
        set_row(g, g->pairs + 1 + (int)p, has_to_meet(g, p) ? 1 : 0, 1);
    for (guint k = 0; k < problem->n_groups; k++) {
        const DjPlanGroup *group = &problem->groups[k];
        if (group->max == DJ_PLAN_NONE)
            glp_set_row_bnds(g->lp, g->groups + 1 + (int)k, GLP_LO, group->min, 0);
        else
            set_row(g, g->groups + 1 + (int)k, group->min, group->max);
    }
}

/* One column per slot of the pair; they differ in the rows of the slot alone. */
static void add_pair(Program *g, guint p, int *rows, double *ones)
{
    const DjPlanProblem *problem = g->problem;
    const DjPlanPair *pair = &problem->pairs[p];
    int n = 0;
    for (guint role = 0; role < 2; role++) {
        const DjPlanPerson *person = &problem->persons[pair->who[role]];
        rows[++n] = g->count + 1 + (int)pair->who[role];
        if (person->best_from > 0 && pair->points >= person->best_from)
            rows[++n] = g->good + 1 + (int)pair->who[role];
        for (guint k = person->group[role]; k != DJ_PLAN_NONE; k = problem->groups[k].parent)
            rows[++n] = g->groups + 1 + (int)k;
    }
    rows[++n] = g->pairs + 1 + (int)p;
    guint64 places = places_of(g, p);
    for (guint t = 0; t < problem->slots; t++) {
        if (!(places >> t & 1))
            continue;
        int all = n;
        for (guint role = 0; role < 2; role++)
            rows[++all] = g->busy + 1 + (int)(pair->who[role] * problem->slots + t);
        rows[++all] = g->tables + 1 + (int)t;
        int column = glp_add_cols(g->lp, 1);
        glp_set_mat_col(g->lp, column, all, rows, ones);
        glp_set_obj_coef(g->lp, column, (double)pair->points);
        glp_set_col_kind(g->lp, column, GLP_BV);
        g->column_pair[column] = p;
        g->column_slot[column] = (guint8)t;
        g->n_places = (guint)column;
    }
}

static void add_rewards(Program *g)
{
    const DjPlanProblem *problem = g->problem;
    for (guint i = 0; i < problem->n_persons && dj_plan_is_fair(problem); i++) {
        if (!problem->persons[i].fair)
            continue;
        int row = glp_add_rows(g->lp, 1); /* meetings - columns taken = 0 */
        glp_set_row_bnds(g->lp, row, GLP_FX, 0, 0);
        g_autofree int *index = g_new(int, g->n_places + 1);
        g_autofree double *value = g_new(double, g->n_places + 1);
        int n = glp_get_mat_row(g->lp, g->count + 1 + (int)i, index, value);
        glp_set_mat_row(g->lp, row, n, index, value);
        guint room = dj_plan_person_room(problem, i);
        for (guint k = 1; k <= room; k++) {
            int column = glp_add_cols(g->lp, 1);
            int rows[] = {0, row};
            double minus[] = {0, -1};
            glp_set_mat_col(g->lp, column, 1, rows, minus);
            glp_set_obj_coef(g->lp, column, (double)dj_plan_fair_reward(problem, &problem->persons[i], k));
            glp_set_col_kind(g->lp, column, GLP_BV);
        }
    }
}

static guint count_places(const Program *g)
{
    guint n = 0;
    for (guint p = 0; p < g->problem->n_pairs && n <= COLUMNS_MAX; p++)
        for (guint64 places = places_of(g, p); places; places &= places - 1)
            n++;
    return n;
}

static void watch(glp_tree *tree, void *data)
{
    Program *g = data;
    const DjPlanProgramOptions *options = g->options;
    if (glp_ios_reason(tree) != GLP_ISELECT)
        return;
    int total = 0;
    glp_ios_tree_size(tree, NULL, NULL, &total);
    g->out->nodes = (guint)total;
    if (options->cancelled && options->cancelled(options->data))
        g->out->cancelled = TRUE;
    if (!g->out->cancelled && g->out->nodes < (options->max_nodes > 0 ? options->max_nodes : DEFAULT_NODES))
        return;
    int best = glp_ios_best_node(tree);
    if (best)
        g->best = MIN(g->best, glp_ios_node_bound(tree, best)); /* the first node has no bound yet */
    glp_ios_terminate(tree);
}

static void read_plan(Program *g)
{
    DjPlanProgram *out = g->out;
    out->meetings = g_new0(DjPlanMeeting, g->problem->n_pairs + 1);
    for (guint c = 1; c <= g->n_places; c++)
        if (glp_mip_col_val(g->lp, (int)c) > 0.5)
            out->meetings[out->n++] = (DjPlanMeeting){.pair = g->column_pair[c], .slot = g->column_slot[c]};
}

static gboolean give_up(const char *what, int code, GError **error)
{
    g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_SOLVER, "event: GLPK's %s fails (%d)", what, code);
    return FALSE;
}

/* The relaxation first: its iterations can be limited, and it often ends the question. TRUE in *open: it does not. */
static gboolean solve_root(Program *g, gboolean *open, GError **error)
{
    glp_smcp simplex;
    glp_init_smcp(&simplex);
    simplex.msg_lev = GLP_MSG_OFF;
    simplex.presolve = GLP_ON;
    simplex.it_lim = ROOT_ITERATIONS;
    int code = glp_simplex(g->lp, &simplex);
    *open = FALSE;
    if (code == GLP_EITLIM)
        return TRUE;
    g->out->infeasible = code == GLP_ENOPFS || (code == 0 && glp_get_status(g->lp) == GLP_NOFEAS);
    if (g->out->infeasible)
        return TRUE;
    if (code != 0 || glp_get_status(g->lp) != GLP_OPT)
        return give_up("simplex", code, error);
    g->best = glp_get_obj_val(g->lp);
    *open = TRUE;
    return TRUE;
}

static gboolean solve(Program *g, GError **error)
{
    gboolean open = FALSE;
    if (!solve_root(g, &open, error) || !open)
        return error == NULL || *error == NULL;
    glp_iocp options;
    glp_init_iocp(&options);
    options.msg_lev = GLP_MSG_OFF;
    options.cb_func = watch;
    options.cb_info = g;
    int code = glp_intopt(g->lp, &options);
    if (code != 0 && code != GLP_ESTOP)
        return give_up("branch and bound", code, error);
    int status = glp_mip_status(g->lp);
    g->out->infeasible = status == GLP_NOFEAS;
    if (status == GLP_OPT || status == GLP_FEAS)
        read_plan(g);
    if (status == GLP_OPT || (status == GLP_FEAS && g->best < glp_mip_obj_val(g->lp)))
        g->best = glp_mip_obj_val(g->lp); /* the open nodes may all lie below the plan found */
    if (!g->out->infeasible)
        g->out->bound = (gint64)floor(g->best + tolerance * (1 + fabs(g->best)));
    return TRUE;
}

DjPlanProgram *dj_plan_program(const DjPlanProblem *problem, const DjPlanProgramOptions *options, GError **error)
{
    static const DjPlanProgramOptions none = {0};
    g_autoptr(DjPlanProgram) out = g_new0(DjPlanProgram, 1);
    out->bound = G_MAXINT64;
    Program program = {.problem = problem, .options = options ? options : &none, .out = out};
    guint places = count_places(&program);
    if (places > COLUMNS_MAX)
        return g_steal_pointer(&out);
    program.column_pair = g_new0(guint, places + 1);
    program.column_slot = g_new0(guint8, places + 1);
    int *rows = g_new0(int, 2 * (gsize)problem->n_groups + 9);
    double *ones = g_new0(double, 2 * (gsize)problem->n_groups + 9);
    for (guint k = 0; k < 2 * problem->n_groups + 9; k++)
        ones[k] = 1;
    program.lp = glp_create_prob();
    glp_set_obj_dir(program.lp, GLP_MAX);
    add_rows(&program);
    for (guint p = 0; p < problem->n_pairs; p++)
        add_pair(&program, p, rows, ones);
    add_rewards(&program);
    gboolean ok = solve(&program, error);
    glp_delete_prob(program.lp);
    g_free(rows);
    g_free(ones);
    g_free(program.column_pair);
    g_free(program.column_slot);
    return ok ? g_steal_pointer(&out) : NULL;
}
