/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "engine/report/template_xlsx.h"

#include <stdio.h>
#include <string.h>

int dj_cmd_template(DjApp *app, int argc, char **argv, GError **error)
{
    if (!dj_app_parse(
            app, "patents|needs|enterprises|texts|form FILE.xlsx",
            "Writes an empty workbook to be filled in: the columns of a table with drop-downs, explanations and\n"
            "an example, or (form) the official 企业知识产权布局规划表. `duijie import` reads it back.",
            NULL, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    DjTable table;
    gboolean form = argc == 3 && strcmp(argv[1], "form") == 0;
    if (argc != 3 || (!form && !dj_table_parse(argv[1], &table))) {
        dj_app_usage(app, error, argc != 3 ? "a table and a file are wanted" : "no template for %s", argv[1]);
        return DJ_EXIT_USAGE;
    }
    if (g_file_test(argv[2], G_FILE_TEST_EXISTS)) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "%s exists; nothing was written", argv[2]);
        return DJ_EXIT_FAILED;
    }
    gboolean ok = form ? dj_template_write_form(argv[2], app->today, error)
                       : dj_template_write(table, argv[2], app->today, error);
    if (!ok)
        return DJ_EXIT_FAILED;
    printf("%s\n", argv[2]);
    return DJ_EXIT_DONE;
}
