/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/identity.h"
#include <string.h>

static void identity_clear(gpointer data)
{
    DjIdentity *identity = data;
    g_free(identity->kept);
    g_free(identity->other);
}

GArray *dj_identities_new(void)
{
    GArray *identities = g_array_new(FALSE, FALSE, sizeof(DjIdentity));
    g_array_set_clear_func(identities, identity_clear);
    return identities;
}

static gboolean is_of(const DjIdentity *identity, const char *a, const char *b)
{
    return (strcmp(identity->kept, a) == 0 && strcmp(identity->other, b) == 0) ||
           (strcmp(identity->kept, b) == 0 && strcmp(identity->other, a) == 0);
}

void dj_identities_add(GArray *identities, const char *kept, const char *other, gboolean same)
{
    for (guint i = 0; i < identities->len; i++)
        if (is_of(&g_array_index(identities, DjIdentity, i), kept, other)) {
            g_array_remove_index(identities, i);
            break;
        }
    DjIdentity identity = {g_strdup(kept), g_strdup(other), same};
    g_array_append_val(identities, identity);
}

const DjIdentity *dj_identities_find(const GArray *identities, const char *a, const char *b)
{
    for (guint i = 0; identities && i < identities->len; i++)
        if (is_of(&g_array_index(identities, DjIdentity, i), a, b))
            return &g_array_index(identities, DjIdentity, i);
    return NULL;
}

/* Steps are bounded, because people may have decided in a circle. */
const char *dj_identities_resolve(const GArray *identities, const char *key)
{
    for (guint step = 0; identities && step < identities->len; step++) {
        const char *next = NULL;
        for (guint i = 0; i < identities->len && !next; i++) {
            const DjIdentity *identity = &g_array_index(identities, DjIdentity, i);
            if (identity->same && strcmp(identity->other, key) == 0)
                next = identity->kept;
        }
        if (!next)
            break;
        key = next;
    }
    return key;
}

gboolean dj_identities_among(const GArray *identities, const char *key, GHashTable *set)
{
    if (g_hash_table_contains(set, key))
        return TRUE;
    for (guint i = 0; identities && i < identities->len; i++) {
        const DjIdentity *identity = &g_array_index(identities, DjIdentity, i);
        if (identity->same && g_hash_table_contains(set, identity->other) &&
            strcmp(dj_identities_resolve(identities, identity->other), key) == 0)
            return TRUE;
    }
    return FALSE;
}

static void unite(DjRecord *kept, int field, char **more)
{
    g_auto(GStrv) had = dj_record_list(kept, field);
    g_autoptr(GString) all = g_string_new(dj_record_get(kept, field));
    for (; *more; more++)
        if (!g_strv_contains((const char *const *)had, *more))
            g_string_append_printf(all, "%s%s", all->len > 0 ? "\n" : "", *more);
    dj_record_set(kept, field, all->len > 0 ? all->str : NULL);
}

void dj_identity_merge(DjRecord *kept, const DjRecord *other)
{
    gboolean out;
    for (int field = 0; field < dj_field_count(kept->table); field++) {
        const char *text = dj_record_get(other, field);
        if (text && dj_field_at(kept->table, field)->type == DJ_TYPE_LIST) {
            g_auto(GStrv) more = dj_record_list(other, field);
            unite(kept, field, more);
        } else if (text && !dj_record_get(kept, field)) {
            dj_record_set(kept, field, text);
        }
    }
    if (dj_record_get(other, DJ_ENTERPRISE_NAME))
        unite(kept, DJ_ENTERPRISE_ALIASES, (char *[]){other->values[DJ_ENTERPRISE_NAME], NULL});
    if (dj_record_bool(other, DJ_ENTERPRISE_OPT_OUT, &out) && out)
        dj_record_set(kept, DJ_ENTERPRISE_OPT_OUT, dj_record_get(other, DJ_ENTERPRISE_OPT_OUT));
}
