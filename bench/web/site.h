/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the benches of the server share: a workspace with generated records, the server over it as a process of its own,
 * and questions to ask it. Errors go to stderr. */
#pragma once
#include "bench/web/client.h"

typedef struct {
    const char *bench; /* name for messages */
    char *out, *workspace;
    GPtrArray *texts, *patents, *needs; /* descriptions fit for JSON strings; keys fit for paths */
    GPid server;
    guint16 port;
} Site;

/* Generates so many patents with 500 needs and builds a workspace in out/ws, or takes the one that is there; reads the
 * questions. */
gboolean site_prepare(Site *site, const char *bench, const char *out, int patents);
/* Starts the server, without a limit on questions; its log is out/serve.log. */
gboolean site_serve(Site *site);
/* Ends the server. */
void site_stop(Site *site);
void site_clear(Site *site);

/* `duijie -w WORKSPACE WORDS…` to its end; what it printed in *printed unless that is NULL. Words end with NULL. */
gboolean site_command(const Site *site, const char *const *words, char **printed);

/* TRUE once the server has ended. */
gboolean site_is_gone(const Site *site);
/* Of the server, in MiB: "VmRSS", "RssAnon" … of /proc/PID/status. */
double site_memory(const Site *site, const char *what);
/* The generation that the server answers from, 0 = no answer. */
int site_generation(Client *client);

typedef enum { ASK_API, ASK_FACETS, ASK_PAGE, ASK_PATENT, ASK_SUGGEST, N_ASKS } Ask;
extern const char *const ask_names[N_ASKS];
/* The kind of the round-th of a stream of questions: of ten, five API queries, one with facets and a budget, two ask
 * pages, one patent, one suggestion. */
Ask ask_kind(guint round);
/* Asks a question as anybody; pick chooses its text. Status, 0 = no answer. */
int ask_question(const Site *site, Client *client, Ask kind, guint pick);

/* Ascending, for g_array_sort of doubles. */
gint compare_doubles(gconstpointer a, gconstpointer b);
