/* SPDX-License-Identifier: GPL-3.0-or-later */
/* duijie-synth: generated records of any number, see README.md. */
#include "datasets/synth/synth.h"
#include <errno.h>
#include <glib/gstdio.h>

int main(int argc, char **argv)
{
    int patents = 45000, needs = 26000, enterprises = 8000;
    gint64 seed = 1;
    g_autofree char *shape = NULL, *out = NULL;
    const GOptionEntry entries[] = {
        {"patents", 0, 0, G_OPTION_ARG_INT, &patents, "number of patents (45000)", "N"},
        {"needs", 0, 0, G_OPTION_ARG_INT, &needs, "number of needs (26000)", "N"},
        {"enterprises", 0, 0, G_OPTION_ARG_INT, &enterprises, "number of enterprises (8000)", "N"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "another seed gives other records (1)", "S"},
        {"shape", 0, 0, G_OPTION_ARG_STRING, &shape, "hubei (236 terms per patent) or study (190)", "NAME"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "folder for patents.csv, needs.csv, enterprises.csv", "DIR"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- generate records for measurements");
    g_option_context_add_main_entries(context, entries, NULL);
    g_autoptr(GError) error = NULL;
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        g_printerr("duijie-synth: %s\n", error->message);
        return 2;
    }
    DjSynthOptions options = {.n_patents = (guint32)patents,
                              .n_needs = (guint32)needs,
                              .n_enterprises = (guint32)enterprises,
                              .seed = (guint64)seed,
                              .shape = dj_synth_shape(shape ? shape : "hubei")};
    if (!out || argc > 1 || !options.shape || patents < 0 || needs < 0 || enterprises < 0) {
        g_printerr("duijie-synth: %s\n", !out            ? "--out DIR is missing"
                                         : argc > 1      ? "takes no arguments"
                                         : options.shape ? "numbers must not be negative"
                                                         : "--shape is hubei or study");
        return 2;
    }
    if (g_mkdir_with_parents(out, 0777) != 0) {
        g_printerr("duijie-synth: %s: %s\n", out, g_strerror(errno));
        return 1;
    }
    if (!dj_synth_write(out, &options, &error)) {
        g_printerr("duijie-synth: %s\n", error->message);
        return 1;
    }
    return 0;
}
