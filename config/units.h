/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the table of units (config/units/units.yaml) into engine/text's form. */
#ifndef DJ_CONFIG_UNITS_H
#define DJ_CONFIG_UNITS_H

#include "config/source.h"
#include "engine/text/units.h"

G_BEGIN_DECLS

/* New table, owned by the caller. Errors name file, line, column and field. */
DjUnits *dj_units_load(const char *path, GError **error);
/* The same from the configuration in force or a bundle. */
DjUnits *dj_units_file_load(const DjConfigSource *source, GError **error);

G_END_DECLS

#endif
