/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups (同类): records of one table that say the same thing to whoever reads a list, so that one is shown and the
 * others are told of: 另有 6 件. Two records belong together when
 *   - they name the same family, portfolio or pool (专利族), or
 *   - they have the same title and an owner (of needs: an enterprise) in common, or
 *   - their texts are near-duplicates: at least DJ_GROUP_PERMILLE thousandths of their pieces of five characters are
 *     shared, against the first text of the group, both having DJ_GROUP_LEAST such pieces or more.
 * The limits come from reading pairs of 6,071 real patents and achievements: between .70 and .75 all were variants of
 * one invention, between .50 and .55 some were not.
 *
 * A group is known by its first member (smallest number): first[i] is the number of the first member of i's group, i
 * itself for that one and for records that stand alone. The same records in the same order give the same groups. */
#pragma once
#include "engine/model/record.h"

#define DJ_GROUP_PERMILLE 700
#define DJ_GROUP_LEAST    20

typedef struct DjGrouper DjGrouper;
/* Belongs to one thread. */
DjGrouper *dj_grouper_new(GError **error);
void dj_grouper_free(DjGrouper *grouper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjGrouper, dj_grouper_free)
/* Patents or needs, of one table, numbered from 0. */
void dj_grouper_add(DjGrouper *grouper, const DjRecord *record);
/* Groups of the n records that were added. Free it. */
guint32 *dj_grouper_finish(const DjGrouper *grouper);

/* Two records are one and the same (a person said so), or not: b leaves the group when it is not its first member, else
 * a does. Both keep `first` as described above. O(n). */
void dj_groups_join(guint32 *first, guint32 n, guint32 a, guint32 b);
void dj_groups_part(guint32 *first, guint32 a, guint32 b);

/* Circles: next[i] is the next member of i's group, ascending and then the first again; i itself when it stands alone.
 * Free it. */
guint32 *dj_groups_circle(const guint32 *first, guint32 n);
