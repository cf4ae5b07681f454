/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scene of crash.c, gone.c and damage.c: a workspace of a few records of the sample and a folder of what commands
 * put out, in a temporary folder; duijie run on them, undisturbed or with interpose.c; and copies of them, to begin
 * from again. Whatever the harness itself cannot do ends it with status 2. One thread. */
#pragma once
#include <glib.h>

enum { RECORDS = 10 };

extern char *scratch, *work, *out; /* temporary folder; in it the workspace and the outputs */
extern guint n_failures;

/* argv: program, DUIJIE, INTERPOSE, SAMPLE. The workspace is empty, with a small taxonomy; out holds an event's plan.
 */
void set_scene(char **argv);
/* Removes the scene, unless there were failures; returns the exit code. */
int strike_scene(const char *program);

void give_up(const char *what, const char *detail);
void run_words(const char *const *argv);
void run_tool(const char *first, const char *second, const char *third, const char *fourth);

/* Runs duijie on the workspace; arguments are split at spaces, OUT is the folder of the outputs; mode: of interpose.c,
 * NULL = undisturbed. Returns the wait status; *output (may be NULL; free it) gets what was printed. */
int run(const char *arguments, const char *mode, guint64 at, char **output);
/* The calls that interpose.c counted in the last run. */
guint64 calls_begun(void);
/* check found nothing, or one thing only: that a command was interrupted and is to be repeated. */
gboolean check_passes(int status, const char *output);

void save_state(const char *name);
void take_state(const char *name);
/* What the workspace holds, as one checksum: rows of the store, generation in force, outputs. Free it. */
char *contents(void);
/* The same of every file, byte for byte. Free it. */
char *bytes_left(void);

void write_file(const char *folder, const char *name, const char *text);
/* A file of n records of a table of the sample from the first-th on; returns its name. Free it. */
char *excerpt(const char *sample, const char *name, guint first, guint n);
