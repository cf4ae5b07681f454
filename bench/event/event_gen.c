/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a generated event as EVENT.yaml and pairs.csv, as an organiser would write them. */
#include "bench/event/make.h"

#include <stdio.h>

static char *event_yaml(const DjEvent *event)
{
    GString *out = g_string_new(NULL);
    char first[6];
    dj_event_clock(event->start[0], first);
    g_string_append_printf(
        out,
        "id: %s\nname: %s\ndate: %s\nplace: %s\ncheckin: \"%s\"\n"
        "slots: {first: \"%s\", minutes: %u, count: %u}\ntables: %u\npairs: pairs.csv\nparticipants:\n",
        event->id, event->name, event->date, event->place, event->checkin, first, event->minutes, event->slots,
        event->tables);
    for (guint i = 0; i < event->persons->len; i++) {
        const DjEventPerson *person = dj_event_person(event, i);
        g_string_append_printf(
            out, "  - {id: %s, side: %s, name: %s, organisation: %s, city: %s, chain: %s, min: %u, max: %u", person->id,
            dj_event_side_key(person->side), person->name, person->organisation, person->city, person->chain,
            person->min, person->max);
        const char *separator = ", absent: [";
        for (guint t = 0; t < event->slots; t++) {
            char clock[6];
            dj_event_clock(event->start[t], clock);
            if (person->open >> t & 1)
                continue;
            g_string_append_printf(out, "%s\"%s\"", separator, clock);
            separator = ", ";
        }
        g_string_append(out, separator[2] == 'a' ? "}\n" : "]}\n");
    }
    return g_string_free(out, FALSE);
}

static char *pairs_csv(const DjEvent *event)
{
    GString *out = g_string_new("demand,supply,points\n");
    for (guint p = 0; p < event->pairs->len; p++) {
        const DjEventPair *pair = dj_event_pair(event, p);
        g_string_append_printf(out, "%s,%s,%" G_GINT64_FORMAT "\n", dj_event_person(event, pair->who[0])->id,
                               dj_event_person(event, pair->who[1])->id, pair->points);
    }
    return g_string_free(out, FALSE);
}

static gboolean write_out(const char *folder, const char *name, const char *text, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return g_file_set_contents(path, text, -1, error);
}

int main(int argc, char **argv)
{
    gint supply = 80, demand = 150, slots = 12, tables = 40, pairs = 0, absent = 0;
    gint64 seed = 1;
    g_autofree char *folder = NULL;
    const GOptionEntry entries[] = {
        {"supply", 0, 0, G_OPTION_ARG_INT, &supply, "inventors", "N"},
        {"demand", 0, 0, G_OPTION_ARG_INT, &demand, "enterprises", "N"},
        {"slots", 0, 0, G_OPTION_ARG_INT, &slots, "slots, at most 64", "T"},
        {"tables", 0, 0, G_OPTION_ARG_INT, &tables, "tables", "K"},
        {"pairs", 0, 0, G_OPTION_ARG_INT, &pairs, "candidates, about (default: most within a chain, some across)", "N"},
        {"absent", 0, 0, G_OPTION_ARG_INT, &absent, "per cent of guests who miss some slots", "P"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "seed", "S"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &folder, "folder, made if need be", "DIR"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || !folder || supply < 1 || demand < 1 || slots < 1 ||
        slots > DJ_PLAN_SLOTS_MAX || tables < 1 || pairs < 0 || absent < 0 || absent > 100 ||
        (gint64)supply * demand > DJ_PLAN_PAIRS_MAX) {
        fprintf(stderr, "event_gen: %s\n",
                error ? error->message : "--out and sensible numbers are needed, see --help");
        return 2;
    }
    MakeOptions options = {.demand = (guint)demand,
                           .supply = (guint)supply,
                           .slots = (guint)slots,
                           .tables = (guint)tables,
                           .pairs = (guint)pairs,
                           .absent = (guint)absent,
                           .seed = (guint64)seed};
    g_autoptr(DjEvent) event = make_event(&options);
    g_autofree char *yaml = event_yaml(event);
    g_autofree char *csv = pairs_csv(event);
    if (g_mkdir_with_parents(folder, 0777) != 0 || !write_out(folder, "EVENT.yaml", yaml, &error) ||
        !write_out(folder, "pairs.csv", csv, &error)) {
        fprintf(stderr, "event_gen: %s: %s\n", folder, error ? error->message : "cannot be made");
        return 1;
    }
    printf("%u participants, %u pairs\n", event->persons->len, event->pairs->len);
    return 0;
}
