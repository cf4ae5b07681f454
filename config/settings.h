/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings (设置): one table, config/settings.def, and the values in force.
 *
 * Values come from the table, then from default.yaml of the configuration folder, then from settings.yaml of the
 * workspace; each file may hold any part of the keys, by section. An unknown key or a value of the wrong type or range
 * is an error with file, line and column. From a bundle all result settings are read as they were. */
#pragma once
#include "config/source.h"
#include "engine/match/scoring.h"
#include "engine/semantic/train.h"

typedef enum { DJ_SETTING_INT, DJ_SETTING_BOOL, DJ_SETTING_TEXT } DjSettingType;

/* One row of the table. Constant data. */
typedef struct {
    const char *section, *key, *unit, *help;
    DjSettingType type;
    gint64 low, high;         /* INT */
    const char *default_text; /* as it is written in a file */
    gboolean decides_result;  /* FALSE: speed and memory only */
} DjSetting;

/* Limits of files that are imported. */
typedef struct {
    guint row_mib, columns, expanded_mib, ratio, strings, strings_mib;
} DjImportLimits;

typedef struct {
    DjScoring scoring;
    DjSemanticOptions semantic; /* limits only: threads and progress are the caller's */
    gboolean word_vectors;
    char *taxonomy, *gate;
    guint top;
    int adequate; /* permille */
    gboolean group;
    guint rows_per_file;
    DjImportLimits import;
    guint cover_floor, sheet_rows, patent_cap; /* monthly */
    guint threads;                             /* 0: as many as there are processors */
    char *kernel;                              /* "auto" or a variant's name */
    guint kernel_memory;                       /* MiB */
    guint index_flush;
    char **origin; /* per row of the table: file and line that set it, NULL = the table */
} DjSettings;

guint dj_settings_count(void);
const DjSetting *dj_settings_at(guint index);

/* The table's values. */
DjSettings *dj_settings_new(void);
DjSettings *dj_settings_load(const DjConfigSource *source, GError **error);
void dj_settings_free(DjSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjSettings, dj_settings_free)

/* Value in force as it would be written in a file; free it. */
char *dj_settings_value(const DjSettings *settings, guint index);

/* Text of default.yaml: every setting with its default, range, unit and help. Free it. */
char *dj_settings_write_default(void);
/* All result settings in table order, without comments: what a bundle keeps. Free it. */
char *dj_settings_write_result(const DjSettings *settings);

/* Everything that decides a result: result settings, taxonomy (with its base), gate, lexicon, mappings, units,
 * calibration, criteria of quality and IPC titles; see source.h. */
GBytes *dj_settings_bundle(const DjSettings *settings, const DjConfigSource *source, GError **error);
