/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps the generation in force served. A thread looks for it once a second; a new one is opened beside the old, then
 * replaces it, and the old one ends with its last answer. Shared by threads. */
#pragma once
#include "app/web/request.h"

typedef struct DjKeeper DjKeeper;

/* Looks once before it returns; what goes wrong is told to the server's log. web is borrowed. */
DjKeeper *dj_keeper_new(DjWeb *web);
void dj_keeper_free(DjKeeper *keeper);
/* To be unreferenced; NULL while there is no index. */
DjServing *dj_keeper_serving(DjKeeper *keeper);
