/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/event_edit.h"

#include "config/yaml_edit.h"

#include <stdlib.h>
#include <string.h>

const char *dj_event_edit_key(DjEventEditField field)
{
    static const char *const keys[DJ_EVENT_N_EDITS] = {"min", "max", "arrives", "leaves"};
    return keys[field];
}

/* A number stays one; anything else is a text, and the loader says what is wrong with it. */
static char *value_of(const char *text)
{
    gboolean number = *text && strspn(text, "0123456789") == strlen(text);
    return number ? g_strdup(text) : dj_yaml_quote(text);
}

static gboolean set(DjYamlEdit *yaml, const DjYamlNode *map, const char *key, const char *text, GError **error)
{
    g_autofree char *value = text && *text ? value_of(text) : NULL;
    return !text || dj_yaml_edit_set(yaml, map, key, value, error);
}

static const char *id_of(const DjYamlNode *participant)
{
    const DjYamlNode *id = dj_yaml_get(participant, "id");
    return id ? id->text : NULL;
}

/* ---- participants ---- */

static const DjEventGuestEdit *find_guest(const DjEventEdit *edit, const char *id)
{
    for (guint k = 0; k < edit->n_guests; k++)
        if (g_strcmp0(edit->guests[k].id, id) == 0)
            return &edit->guests[k];
    return NULL;
}

/* E and T as drafts have it; one more than the highest number. */
static char *free_id(const DjYamlNode *list, DjEventSide side)
{
    char prefix = dj_event_side_has(side, 0) ? 'E' : 'T';
    guint64 highest = 0;
    for (guint k = 0; k < list->items->len; k++) {
        const char *id = id_of(g_ptr_array_index(list->items, k));
        guint64 number;
        if (id && *id == prefix && g_ascii_string_to_unsigned(id + 1, 10, 0, G_MAXUINT32, &number, NULL))
            highest = MAX(highest, number);
    }
    return g_strdup_printf("%c%03" G_GUINT64_FORMAT, prefix, highest + 1);
}

static char *new_participant(const DjEventNewGuest *guest, const char *id)
{
    const struct {
        const char *key, *text;
    } texts[] = {
        {"name", guest->name}, {"organisation", guest->organisation}, {"need", guest->need}, {"min", guest->min}};
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "{id: %s, side: %s", id, dj_event_side_key(guest->side));
    for (guint k = 0; k < G_N_ELEMENTS(texts); k++) {
        if (!texts[k].text || !*texts[k].text)
            continue;
        g_autofree char *value = k < 3 ? dj_yaml_quote(texts[k].text) : value_of(texts[k].text);
        g_string_append_printf(out, ", %s: %s", texts[k].key, value);
    }
    return g_string_free(g_string_append_c(out, '}'), FALSE);
}

static gboolean edit_participants(DjYamlEdit *yaml, const DjYamlNode *list, const DjEventEdit *edit, const char *new_id,
                                  GError **error)
{
    g_autofree gboolean *drop = g_new0(gboolean, list->items->len + 1);
    g_autoptr(GPtrArray) add = g_ptr_array_new_with_free_func(g_free);
    for (guint k = 0; k < list->items->len; k++) {
        const DjYamlNode *map = g_ptr_array_index(list->items, k);
        const DjEventGuestEdit *guest = find_guest(edit, id_of(map));
        drop[k] = guest && guest->remove;
        for (int f = 0; guest && !drop[k] && f < DJ_EVENT_N_EDITS; f++)
            if (!set(yaml, map, dj_event_edit_key((DjEventEditField)f), guest->values[f], error))
                return FALSE;
    }
    if (edit->added)
        g_ptr_array_add(add, new_participant(edit->added, new_id));
    return dj_yaml_edit_list(yaml, list, drop, add, error);
}

/* ---- lists of the event ---- */

/* Puts items at the end of a list of the event, which may be missing. */
static gboolean edit_list(DjYamlEdit *yaml, const DjYamlNode *root, const char *key, const gboolean *drop,
                          const GPtrArray *add, GError **error)
{
    const DjYamlNode *list = dj_yaml_get(root, key);
    if (list)
        return dj_yaml_edit_list(yaml, list, drop, add, error);
    if (add->len == 0)
        return TRUE;
    g_autoptr(GString) text = g_string_new("[");
    for (guint k = 0; k < add->len; k++)
        g_string_append_printf(text, "%s%s", k > 0 ? ", " : "", (const char *)g_ptr_array_index(add, k));
    return dj_yaml_edit_set(yaml, root, key, g_string_append_c(text, ']')->str, error);
}

static gboolean edit_dropouts(DjYamlEdit *yaml, const DjYamlNode *root, const char *const *dropouts, GError **error)
{
    const DjYamlNode *list = dj_yaml_get(root, "dropouts");
    guint n = list && list->kind == DJ_YAML_LIST ? list->items->len : 0;
    g_autofree gboolean *drop = g_new0(gboolean, n + 1);
    g_autofree const char **known = g_new0(const char *, n + 1);
    g_autoptr(GPtrArray) add = g_ptr_array_new_with_free_func(g_free);
    for (guint k = 0; k < n; k++) {
        const char *id = ((const DjYamlNode *)g_ptr_array_index(list->items, k))->text;
        known[k] = id ? id : "";
        drop[k] = !g_strv_contains(dropouts, known[k]);
    }
    for (; *dropouts; dropouts++)
        if (!g_strv_contains(known, *dropouts))
            g_ptr_array_add(add, dj_yaml_quote(*dropouts));
    return edit_list(yaml, root, "dropouts", drop, add, error);
}

static gboolean add_musts(DjYamlEdit *yaml, const DjYamlNode *root, const DjEventNewGuest *guest, const char *new_id,
                          GError **error)
{
    g_autoptr(GPtrArray) add = g_ptr_array_new_with_free_func(g_free);
    gboolean asks = dj_event_side_has(guest->side, 0);
    for (const char *const *id = guest->meets; id && *id; id++) {
        g_autofree char *other = dj_yaml_quote(*id);
        g_ptr_array_add(add, g_strdup_printf("{demand: %s, supply: %s, reason: \"现场加的\"}", asks ? new_id : other,
                                             asks ? other : new_id));
    }
    return add->len == 0 || edit_list(yaml, root, "must", NULL, add, error);
}

char *dj_event_edit(const char *text, const DjEventEdit *edit, GError **error)
{
    g_autoptr(DjYaml) doc = dj_yaml_parse("EVENT.yaml", text, strlen(text), NULL, error);
    if (!doc)
        return NULL;
    const DjYamlNode *root = dj_yaml_root(doc), *list = dj_yaml_require(root, "participants", error);
    if (!list)
        return NULL;
    g_autoptr(DjYamlEdit) yaml = dj_yaml_edit_new(text);
    gboolean inside = list->kind == DJ_YAML_LIST; /* else a table has them */
    if (!inside && edit->added && !dj_yaml_expect(list, DJ_YAML_LIST, error))
        return NULL;
    g_autofree char *new_id = inside && edit->added ? free_id(list, edit->added->side) : NULL;
    if (!set(yaml, root, "tables", edit->tables, error) ||
        !set(yaml, root, "spare_tables", edit->spare_tables, error) ||
        (inside && !edit_participants(yaml, list, edit, new_id, error)) ||
        (edit->dropouts && !edit_dropouts(yaml, root, edit->dropouts, error)) ||
        (edit->added && !add_musts(yaml, root, edit->added, new_id, error)))
        return NULL;
    return dj_yaml_edit_finish(yaml);
}
