/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random files of patents, needs and enterprises: a few dozen of each that come again and again, whose names, codes and
 * former names sometimes belong to somebody else. Cells have no comma. */
#pragma once
#include "engine/model/record.h"

/* CSV with some of the columns in some order, some of the rows, some of them twice. Free it. */
char *files_make(GRand *rand, DjTable table);
/* A file that was there before: as it is, with its rows the other way round, or with some of them corrected or gone. */
char *files_alter(GRand *rand, const char *text);
/* A name that an enterprise may have. Free it. */
char *files_pick_name(GRand *rand);
/* TRUE once in n times. */
gboolean files_one_in(GRand *rand, gint n);
