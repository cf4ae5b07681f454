/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event file (对接会文件): YAML, and rows of tables, -> DjEvent.
 *
 *   id: spring                      tables: 40
 *   name: 春季对接会                fairness: points            # or counts, best
 *   date: 2026-05-15                limits:
 *   place: 会展中心 2 号厅            demand: {min: 3, max: 5}
 *   checkin: "18:10"                  supply: {max: 8}
 *   spare_tables: 4                 # opened only where there is no plan without
 *   slots: {first: "18:30", minutes: 15, count: 12, breaks: [{after: 6, minutes: 15}]}
 *   participants:                   # or a file: participants.csv
 *     - {id: E01, side: demand, name: 某某公司, city: 云汀市, min: 2, arrives: "19:00"}
 *     - {id: T01, side: supply, name: 某某, organisation: 某某大学, team: 陶瓷组, absent: ["20:15"]}
 *   teams: [{name: 陶瓷组, max: 10}]
 *   floors: [{side: demand, by: city, value: 云汀市, min: 20}]
 *   pairs: pairs.csv
 *   must: [{demand: E01, supply: T01, reason: 领导指定}]
 *   ban: [{demand: E02, supply: T01, reason: 竞争对手}]
 *   dropouts: [T02]                 # who does not come after all; the rest of the file may still name them
 *
 * Sides: demand, supply, agency, finance, both. A limit of a participant goes before that of its side.
 * Errors: DJ_YAML_ERROR with file, line, column and field; rows of tables with row and column. Threads: no shared
 * state.
 */
#pragma once

#include "config/yaml.h"
#include "engine/plan/event.h"

G_BEGIN_DECLS

typedef struct DjEventLoader DjEventLoader;

/* Reads everything of the file except the tables it names. `name` is what errors call the file. */
DjEventLoader *dj_event_load(const DjYaml *yaml, GError **error);
void dj_event_loader_free(DjEventLoader *loader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjEventLoader, dj_event_loader_free)

/* Names of the tables as the file gives them; NULL: none. */
const char *dj_event_participants_file(const DjEventLoader *loader);
const char *dj_event_pairs_file(const DjEventLoader *loader);

/* A table begins: its name and column titles, English keys or Chinese words (企业编号, 发明人编号, 点数 …). Unknown
 * columns are an error, so that a misspelt one is not lost in silence. */
gboolean dj_event_begin_table(DjEventLoader *loader, gboolean participants, const char *file,
                              const char *const *columns, gsize n_columns, GError **error);
/* One row of the table begun last; missing cells are NULL. `row` is its number for messages. */
gboolean dj_event_add_row(DjEventLoader *loader, gint64 row, const char *const *cells, gsize n_cells, GError **error);

/* Adds must-meets, bans and conflicts, and hands the event out. Pairs that occur twice (one inventor, several patents)
 * are one meeting: the highest points count. *n_conflicts may be NULL. */
DjEvent *dj_event_finish(DjEventLoader *loader, guint *n_conflicts, GError **error);

G_END_DECLS
