/* SPDX-License-Identifier: GPL-3.0-or-later */
/* least theta over 0 <= price <= box with theta >= height + slope . price for every known plane. GLPK's simplex works
 * in doubles; nothing rests on its precision: whatever prices come out are rounded, and the bound is recomputed in
 * integers. */
#include "engine/plan/cover_flow.h"

#include <glpk.h>
#include <math.h>

struct DjCoverMaster {
    glp_prob *program; /* column 1: theta, then the prices */
    guint n;
    int *index; /* scratch of one row, from 1 as GLPK counts */
    double *value;
};

DjCoverMaster *dj_cover_master_new(guint n)
{
    DjCoverMaster *master = g_new0(DjCoverMaster, 1);
    master->n = n;
    master->index = g_new0(int, n + 2);
    master->value = g_new0(double, n + 2);
    master->program = glp_create_prob();
    glp_set_obj_dir(master->program, GLP_MIN);
    glp_add_cols(master->program, (int)n + 1);
    glp_set_col_bnds(master->program, 1, GLP_FR, 0, 0);
    glp_set_obj_coef(master->program, 1, 1);
    return master;
}

void dj_cover_master_free(DjCoverMaster *master)
{
    if (!master)
        return;
    glp_delete_prob(master->program);
    g_free(master->index);
    g_free(master->value);
    g_free(master);
}

void dj_cover_master_add(DjCoverMaster *master, gint64 height, const gint64 *slope)
{
    int row = glp_add_rows(master->program, 1), n = 1;
    master->index[1] = 1;
    master->value[1] = 1;
    for (guint i = 0; i < master->n; i++)
        if (slope[i] != 0) {
            master->index[++n] = (int)i + 2;
            master->value[n] = -(double)slope[i];
        }
    glp_set_row_bnds(master->program, row, GLP_LO, (double)height, 0);
    glp_set_mat_row(master->program, row, n, master->index, master->value);
}

gboolean dj_cover_master_solve(DjCoverMaster *master, gint64 box, gint64 *price, gint64 *least, GError **error)
{
    for (guint i = 0; i < master->n; i++)
        glp_set_col_bnds(master->program, (int)i + 2, GLP_DB, 0, (double)box);
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_OFF;
    int failed = glp_simplex(master->program, &options);
    if (failed || glp_get_status(master->program) != GLP_OPT) {
        g_set_error(error, DJ_PLAN_ERROR, DJ_PLAN_ERROR_SOLVER, "coverage: GLPK's simplex gives up (%d, status %d)",
                    failed, glp_get_status(master->program));
        return FALSE;
    }
    *least = (gint64)floor(glp_get_obj_val(master->program));
    for (guint i = 0; i < master->n; i++)
        price[i] = CLAMP((gint64)llround(glp_get_col_prim(master->program, (int)i + 2)), 0, box);
    return TRUE;
}
