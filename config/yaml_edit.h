/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes to a YAML text that leave every other character of it alone: comments, order, spacing, quotes.
 *
 * Changes are gathered on the nodes of the text as it was parsed and made at once at the end. A change that the writing
 * of the text does not allow (a | text is in the way, the first key of a map is to go, a dash stands on a line without
 * its item) is refused with the place: a person can still make it. What comes out is YAML again where the values given
 * are; whether it means what it should is for its reader to say. Values are YAML in one line: dj_yaml_quote.
 * Errors: DJ_YAML_ERROR. Threads: no shared state. */
#pragma once

#include "config/yaml.h"

G_BEGIN_DECLS

typedef struct DjYamlEdit DjYamlEdit;

/* The text that the nodes were parsed from; it must outlive the edit. */
DjYamlEdit *dj_yaml_edit_new(const char *text);
void dj_yaml_edit_free(DjYamlEdit *edit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjYamlEdit, dj_yaml_edit_free)

/* A text as a quoted scalar; words of letters and digits that begin with a letter and hold a digit stay as they are.
 * Free it. */
char *dj_yaml_quote(const char *text);

/* Sets the value of a key, which may be new; NULL takes the key away. Once per key; a value that is a list or a map is
 * not replaced. */
gboolean dj_yaml_edit_set(DjYamlEdit *edit, const DjYamlNode *map, const char *key, const char *value, GError **error);
/* Takes the items for which drop (one per item, NULL: none) is TRUE out of a list, and puts the texts of add (NULL:
 * none) at its end. Once per list; nothing may be changed within an item that goes. */
gboolean dj_yaml_edit_list(DjYamlEdit *edit, const DjYamlNode *list, const gboolean *drop, const GPtrArray *add,
                           GError **error);

/* The text with all changes. Free it. */
char *dj_yaml_edit_finish(const DjYamlEdit *edit);

G_END_DECLS
