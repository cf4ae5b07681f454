/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/session.h"

#include <stdio.h>

static void print_setting(const DjSettings *settings, guint index)
{
    const DjSetting *row = dj_settings_at(index);
    g_autofree char *value = dj_settings_value(settings, index);
    g_autofree char *name = g_strdup_printf("%s.%s", row->section, row->key);
    printf("%-28s %-12s ", name, value);
    if (row->type == DJ_SETTING_INT)
        printf("%" G_GINT64_FORMAT "..%" G_GINT64_FORMAT "%s%s  ", row->low, row->high, *row->unit ? " " : "",
               row->unit);
    printf("%s", row->help);
    if (settings->origin[index] && !g_str_equal(value, row->default_text))
        printf("  [%s, default %s]", settings->origin[index], row->default_text);
    printf("\n");
}

int dj_cmd_settings(DjApp *app, int argc, char **argv, GError **error)
{
    gboolean defaults = FALSE;
    const GOptionEntry entries[] = {{"default", 0, 0, G_OPTION_ARG_NONE, &defaults,
                                     "print the text of default.yaml, made from the settings table", NULL},
                                    G_OPTION_ENTRY_NULL};
    if (!dj_app_parse(app, NULL,
                      "Lists every setting with its value, range and meaning; [file:line] where it differs from the\n"
                      "default. Change a setting in settings.yaml of the workspace.",
                      entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc > 1) {
        dj_app_usage(app, error, "takes no arguments");
        return DJ_EXIT_USAGE;
    }
    if (defaults) {
        g_autofree char *text = dj_settings_write_default();
        fputs(text, stdout);
        return DJ_EXIT_DONE;
    }
    g_autoptr(DjSession) session = dj_session_open(app, DJ_WORKSPACE_READ, error);
    if (!session)
        return DJ_EXIT_FAILED;
    for (guint i = 0; i < dj_settings_count(); i++)
        print_setting(session->settings, i);
    return DJ_EXIT_DONE;
}
