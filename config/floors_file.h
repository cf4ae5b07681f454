/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coverage/floors.yaml: floors of the monthly pages besides the one of each enterprise. Errors name file, line and
 * column.
 */
#pragma once
#include "config/source.h"
#include "engine/match/chain.h"

#define DJ_FLOORS_FILE "coverage/floors.yaml"

typedef enum {
    DJ_FLOOR_CITY, /* of the enterprise */
    DJ_FLOOR_AREA,
    DJ_FLOOR_INSTITUTION, /* of the patent */
    DJ_FLOOR_INSTITUTION_KIND,
    DJ_FLOOR_CHAIN, /* of the pairing */
    DJ_FLOOR_TIER,
    DJ_N_FLOORS
} DjFloorBy;

typedef struct {
    DjFloorBy by;
    char *of; /* NULL: each value that occurs; of chains an id */
    guint least;
} DjFloor;

/* GArray of DjFloor; empty where there is no such file (a bundle of an earlier month). The file may name
 * a chain of the taxonomy by id, name or alias. */
GArray *dj_floors_file_load(const DjConfigSource *source, const DjTaxonomy *taxonomy, GError **error);
/* What the floors owe to a value; 0 = nothing. */
guint dj_floors_least(const GArray *floors, DjFloorBy by, const char *value);
const char *dj_floor_name(DjFloorBy by);  /* city … */
const char *dj_floor_label(DjFloorBy by); /* 市州 … */
