/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people decided about probable duplicates: two records are one and the same, or they are not. Of patents and
 * needs it makes or parts groups (group.h); an enterprise that is the same as another takes part under the other's key,
 * with the names, codes, groups, competitors and own patents of both. */
#pragma once
#include "engine/model/record.h"

typedef struct {
    char *kept, *other; /* keys of one table; of enterprises `other` is taken for `kept` */
    gboolean same;
} DjIdentity;

/* In the order of deciding; a later decision about two keys replaces an earlier one. Free with g_array_unref. */
GArray *dj_identities_new(void);
void dj_identities_add(GArray *identities, const char *kept, const char *other, gboolean same);
const DjIdentity *dj_identities_find(const GArray *identities, const char *a, const char *b);
/* The key that stands for key, itself unless it is taken for another. identities may be NULL. */
const char *dj_identities_resolve(const GArray *identities, const char *key);
/* Whether the set holds key or that of another record which key stands for. */
gboolean dj_identities_among(const GArray *identities, const char *key, GHashTable *set);
/* What the other record of the same enterprise adds to kept: blanks are filled, lists united, its name is one more
 * alias, and either one's opting out counts. */
void dj_identity_merge(DjRecord *kept, const DjRecord *other);
