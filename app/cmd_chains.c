/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/session.h"

#include <stdio.h>

int dj_cmd_chains(DjApp *app, int argc, char **argv, GError **error)
{
    if (!dj_app_parse(app, NULL, "Lists the industry chains of the taxonomy in force: id, tier and name.", NULL, &argc,
                      &argv, error))
        return DJ_EXIT_USAGE;
    if (argc > 1) {
        dj_app_usage(app, error, "takes no arguments");
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_READ, error);
    if (!session)
        return DJ_EXIT_FAILED;
    for (guint i = 0; i < dj_taxonomy_n_chains(session->taxonomy); i++) {
        DjChain chain = dj_taxonomy_chain(session->taxonomy, i);
        printf("%s\t%s\t%s\n", chain.id, chain.tier, chain.name);
    }
    return DJ_EXIT_DONE;
}
