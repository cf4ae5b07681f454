/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where settings files come from: a workspace over a configuration folder, or a stored bundle (设置快照).
 *
 * A file has a name relative to the configuration folder, such as "chains/hubei-51020.yaml". From folders, the file
 * WORKSPACE/config/NAME hides FOLDER/NAME; "settings.yaml" is only ever the workspace's own (WORKSPACE/settings.yaml).
 * A bundle holds the texts of all files that decide a result under the same names, as one canonical JSON object; the
 * settings table is in it as "settings.yaml" with every result setting written out. Reading from a bundle therefore
 * runs a past month with the settings of that month, whatever has become of the files.
 *
 * Immutable after creation; may be shared by threads. Errors of reading are of G_FILE_ERROR. */
#pragma once
#include <glib.h>

typedef struct DjConfigSource DjConfigSource;

/* folder must hold default.yaml; workspace may be NULL. Both are copied. */
DjConfigSource *dj_config_source_new(const char *folder, const char *workspace, GError **error);
/* Reads what dj_config_source_bundle made. */
DjConfigSource *dj_config_source_from_bundle(GBytes *bundle, GError **error);
void dj_config_source_free(DjConfigSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjConfigSource, dj_config_source_free)

gboolean dj_config_source_is_bundle(const DjConfigSource *source);

/* Is there a file of that name? */
gboolean dj_config_source_has(const DjConfigSource *source, const char *name);
/* Its bytes; *label (free it) is what messages call the file. */
GBytes *dj_config_source_read(const DjConfigSource *source, const char *name, char **label, GError **error);
/* Names of the .yaml and .tsv files of a sub-folder such as "lexicon", ascending, each with the folder in front; empty
 * where there is no such folder. Free with g_strfreev. */
char **dj_config_source_list(const DjConfigSource *source, const char *subfolder);

/* The canonical bundle: `settings` (text of settings.yaml, see dj_settings_write_result) and the named files. The same
 * texts give the same bytes. */
GBytes *dj_config_source_bundle(const DjConfigSource *source, const char *settings, const char *const *names,
                                GError **error);
