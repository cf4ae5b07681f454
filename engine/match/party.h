/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Enterprises as parties: by which names and codes a need is theirs, and whose patents they must not meet (own 本企业,
 * same group 同集团, declared competitors 竞争对手).
 *
 * A party owns what stands under its name, its former and short names, its own patent numbers. Of its group are the
 * parent named as 所属集团, every party that names the same one, and every party that names it as theirs; a competitor
 * that is itself a party stands for all its names and numbers, and it counts whoever of the two declared it. Names are
 * compared as dj_org_name_fold leaves them. Threads: read-only once filled. */
#pragma once
#include "engine/model/record.h"

typedef struct DjParties DjParties;

/* identities (DjIdentity): which enterprises a person found to be one; silent: keys that opted out. Both are borrowed
 * and may be NULL. */
DjParties *dj_parties_new(const GArray *identities, GHashTable *silent);
void dj_parties_free(DjParties *parties);
void dj_parties_add(DjParties *parties, const DjRecord *enterprise);

/* Key of the enterprise that a need belongs to: by its code, else by its name; NULL where it is unknown. */
const char *dj_parties_of_need(const DjParties *parties, const DjRecord *need);
/* Whether the enterprise opted out, by a decision or by its record. key may be NULL. */
gboolean dj_parties_silent(const DjParties *parties, const char *key);
/* The same for a name alone. */
const char *dj_parties_of_name(const DjParties *parties, const char *name);
/* Folded owner names and patent keys that the need must not meet, as a set; key as dj_parties_of_need gives it. What
 * the need itself names as to be avoided (回避) counts like a competitor. need may be NULL: what the enterprise must
 * not meet whatever it asks for. Free with g_hash_table_unref. */
GHashTable *dj_parties_shunned(const DjParties *parties, const DjRecord *need, const char *key);
/* Is an owner of this name among them, departments of a university together? */
gboolean dj_parties_shuns(GHashTable *shunned, const char *owner);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjParties, dj_parties_free)
