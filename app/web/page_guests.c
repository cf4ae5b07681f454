/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The participants of an event as a table to fill in: who does not come, who comes late, how many meetings, one more.
 * It writes the event's file; whatever else stands there stays. */
#include "app/web/chrome.h"
#include "app/web/event_complaint.h"
#include "app/web/event_folder.h"
#include "app/web/router.h"
#include "config/event_edit.h"
#include "config/event_file.h"
#include "config/yaml.h"
#include "engine/report/page.h"
#include <string.h>

typedef struct {
    char *text, *base; /* the file, and its sha256 */
    DjYaml *yaml;
    GHashTable *nodes; /* id -> DjYamlNode, of who is in the file's own list; others stand in a table */
    DjEvent *event;
    GHashTable *planned; /* id -> GArray of json_int_t, the table of each meeting in the plan that stands */
    guint *candidates;   /* per person: pairs that may meet */
    gboolean *named;     /* per person: a pair or a rule names it, so it cannot be taken out */
} Guests;

static void guests_clear(Guests *guests)
{
    g_free(guests->text);
    g_free(guests->base);
    g_clear_pointer(&guests->nodes, g_hash_table_unref);
    g_clear_pointer(&guests->planned, g_hash_table_unref);
    g_clear_pointer(&guests->yaml, dj_yaml_free);
    g_clear_pointer(&guests->event, dj_event_free);
    g_free(guests->candidates);
    g_free(guests->named);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Guests, guests_clear)

static void find_nodes(Guests *guests)
{
    const DjYamlNode *list = dj_yaml_get(dj_yaml_root(guests->yaml), "participants");
    guests->nodes = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint k = 0; list->kind == DJ_YAML_LIST && k < list->items->len; k++) {
        DjYamlNode *node = g_ptr_array_index(list->items, k);
        g_hash_table_insert(guests->nodes, (gpointer)dj_yaml_get(node, "id")->text, node);
    }
}

static void add_planned(GHashTable *planned, const char *id, json_int_t table)
{
    if (!id)
        return; /* not a plan of ours */
    GArray *tables = g_hash_table_lookup(planned, id);
    if (!tables) {
        tables = g_array_new(FALSE, FALSE, sizeof table);
        g_hash_table_insert(planned, g_strdup(id), tables);
    }
    g_array_append_val(tables, table);
}

static void find_planned(Guests *guests, const char *folder)
{
    json_t *plan = dj_event_folder_plan(folder), *meeting;
    gsize i;
    guests->planned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    json_array_foreach(json_object_get(plan, "meetings"), i, meeting)
    {
        const json_int_t table = json_integer_value(json_object_get(meeting, "table"));
        add_planned(guests->planned, json_string_value(json_object_get(meeting, "demand")), table);
        add_planned(guests->planned, json_string_value(json_object_get(meeting, "supply")), table);
    }
    json_decref(plan);
}

static gboolean guests_load(Guests *guests, const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "EVENT.yaml", NULL);
    g_autoptr(GError) what = NULL;
    guests->text = dj_event_folder_read(folder, error);
    if (!guests->text)
        return FALSE;
    guests->base = g_compute_checksum_for_string(G_CHECKSUM_SHA256, guests->text, -1);
    guests->yaml = dj_yaml_parse(path, guests->text, strlen(guests->text), NULL, &what);
    guests->event = guests->yaml ? dj_event_file_load(path, NULL, &what) : NULL;
    if (!guests->event) {
        g_autofree char *words = dj_event_complaint(what->message, path);
        return dj_web_fail(error, 422, "这份文件现在读不了，请先点“改整份文件”改好：%s", words);
    }
    find_nodes(guests);
    find_planned(guests, folder);
    const DjEvent *event = guests->event;
    guests->candidates = g_new0(guint, event->persons->len + 1);
    guests->named = g_new0(gboolean, event->persons->len + 1);
    for (guint p = 0; p < event->pairs->len; p++) {
        const DjEventPair *pair = dj_event_pair(event, p);
        for (guint role = 0; role < 2; role++) {
            guests->named[pair->who[role]] = TRUE;
            guests->candidates[pair->who[role]] += pair->rule != DJ_PLAN_BAN;
        }
    }
    return TRUE;
}

/* What the file says of a participant, "" for nothing. */
static const char *stated(const DjYamlNode *node, DjEventEditField field)
{
    const DjYamlNode *value = dj_yaml_get(node, dj_event_edit_key(field));
    return value && value->text ? value->text : "";
}

static char *field_name(DjEventEditField field, const char *id)
{
    return g_strdup_printf("%s.%s", dj_event_edit_key(field), id);
}

/* ---- the page ---- */

/* What was typed before, where a form came back; else what the file says. */
static const char *typed(const DjRequest *request, const char *name, const char *otherwise)
{
    const char *text = request->form ? dj_request_field(request, name) : NULL;
    return text ? text : otherwise;
}

static void put_input(DjRequest *request, const char *attributes, const char *name, const char *value,
                      const char *label)
{
    GString *out = request->out;
    g_string_append_printf(out, "<input %s name=\"", attributes);
    dj_html_text(out, name);
    g_string_append(out, "\" value=\"");
    dj_html_text(out, typed(request, name, value));
    g_string_append(out, "\" aria-label=\"");
    dj_html_text(out, label);
    g_string_append(out, "\">");
}

static void put_tick(DjRequest *request, const char *name, const char *id, gboolean now, const char *label)
{
    const GPtrArray *given = request->form ? dj_request_fields(request, name) : NULL;
    gboolean ticked = given ? g_ptr_array_find_with_equal_func((GPtrArray *)given, id, g_str_equal, NULL) : now;
    GString *out = request->out;
    g_string_append_printf(out, "<label class=\"check\"><input type=\"checkbox\" name=\"%s\" value=\"", name);
    dj_html_text(out, id);
    g_string_append_printf(out, "\"%s><span>%s</span></label>", ticked ? " checked" : "", label);
}

/* "3 场，5、7 桌" of the plan that stands in the folder. */
static void put_planned(GString *out, const Guests *guests, const char *id)
{
    const GArray *tables = g_hash_table_lookup(guests->planned, id);
    if (!tables)
        return;
    g_string_append_printf(out, "%u 场，", tables->len);
    for (guint i = 0; i < tables->len; i++) {
        const json_int_t table = g_array_index(tables, json_int_t, i);
        guint first = 0;
        while (g_array_index(tables, json_int_t, first) != table)
            first++;
        if (first == i)
            g_string_append_printf(out, "%s%" JSON_INTEGER_FORMAT, i > 0 ? "、" : "", table);
    }
    g_string_append(out, " 桌");
}

static void put_limits(DjRequest *request, const Guests *guests, const DjEventPerson *person, const DjYamlNode *node)
{
    static const struct {
        DjEventEditField field;
        const char *label;
    } numbers[] = {{DJ_EVENT_EDIT_MIN, "最少场次"}, {DJ_EVENT_EDIT_MAX, "最多场次"}},
      times[] = {{DJ_EVENT_EDIT_ARRIVES, "几点到"}, {DJ_EVENT_EDIT_LEAVES, "几点走"}};
    GString *out = request->out;
    g_autofree char *number = g_strdup_printf("type=\"number\" min=\"0\" max=\"%u\"", guests->event->slots);
    g_string_append(out, "<td class=\"nw\" data-l=\"最少～最多\">");
    if (!node) {
        g_string_append_printf(out, "%u～%u</td><td></td><td></td>", person->min, person->max);
        return;
    }
    for (guint k = 0; k < G_N_ELEMENTS(numbers); k++) {
        g_autofree char *name = field_name(numbers[k].field, person->id);
        put_input(request, number, name, stated(node, numbers[k].field), numbers[k].label);
        g_string_append(out, k == 0 ? "～" : "</td>");
    }
    for (guint k = 0; k < G_N_ELEMENTS(times); k++) {
        g_autofree char *name = field_name(times[k].field, person->id);
        g_string_append_printf(out, "<td data-l=\"%s\">", times[k].label);
        put_input(request, "type=\"time\"", name, stated(node, times[k].field), times[k].label);
        g_string_append(out, "</td>");
    }
}

static void put_guest(DjRequest *request, const Guests *guests, guint i)
{
    const DjEventPerson *person = dj_event_person(guests->event, i);
    const DjYamlNode *node = g_hash_table_lookup(guests->nodes, person->id);
    GString *out = request->out;
    g_string_append(out, "<tr><td data-l=\"编号\">");
    dj_html_text(out, person->id);
    g_string_append(out, "</td><td class=\"title\" data-l=\"名称\">");
    dj_html_text(out, person->name ? person->name : person->id);
    if (person->organisation && g_strcmp0(person->organisation, person->name) != 0) {
        g_string_append(out, " <span class=\"s dim\">");
        dj_html_text(out, person->organisation);
        g_string_append(out, "</span>");
    }
    g_string_append_printf(out, "</td><td class=\"num\" data-l=\"候选\">%u</td><td data-l=\"现在排了\">",
                           guests->candidates[i]);
    put_planned(out, guests, person->id);
    g_string_append(out, "</td>");
    put_limits(request, guests, person, node);
    g_string_append(out, "<td class=\"nw\" data-l=\"来不来\">");
    put_tick(request, "gone", person->id, person->gone, "不来");
    if (node && !guests->named[i])
        put_tick(request, "remove", person->id, FALSE, "从名单删去");
    g_string_append(out, "</td></tr>\n");
}

static void put_side(DjRequest *request, const Guests *guests, gboolean asks)
{
    GString *out = request->out;
    guint n = 0, gone = 0;
    for (guint i = 0; i < guests->event->persons->len; i++) {
        const DjEventPerson *person = dj_event_person(guests->event, i);
        gboolean here = dj_event_side_has(person->side, 0) == asks;
        n += here;
        gone += here && person->gone;
    }
    g_string_append_printf(out, "<section class=\"card\">\n<h2>%s <span class=\"s dim\">%u 位", asks ? "问方" : "答方",
                           n);
    if (gone > 0)
        g_string_append_printf(out, "，其中 %u 位不来", gone);
    g_string_append(out, "</span></h2>\n<table class=\"t rows guests\"><thead><tr><th>编号</th><th>名称</th>"
                         "<th class=\"num\">候选</th><th>现在排了</th><th>最少～最多</th><th>几点到</th><th>几点走</th>"
                         "<th>来不来</th></tr></thead><tbody>\n");
    for (guint i = 0; i < guests->event->persons->len; i++) {
        if (dj_event_side_has(dj_event_person(guests->event, i)->side, 0) == asks)
            put_guest(request, guests, i);
    }
    g_string_append(out, "</tbody></table>\n</section>\n");
}

static void put_text(DjRequest *request, const char *label, const char *name, const char *attributes)
{
    g_string_append_printf(request->out, "<label class=\"field\">%s ", label);
    put_input(request, attributes, name, "", label);
    g_string_append(request->out, "</label> ");
}

static void put_new(DjRequest *request)
{
    GString *out = request->out;
    const char *chosen = typed(request, "new.side", "supply");
    g_string_append(out,
                    "<section class=\"card stack\">\n<h2>加一位</h2>\n<p class=\"s dim\">编号自动排。没有配对的人，"
                    "写上要见谁才排得到；名称空着就不加。</p>\n<p class=\"row\"><label class=\"field\">哪一方 "
                    "<select name=\"new.side\">");
    for (int side = 0; side < DJ_EVENT_N_SIDES; side++) {
        const char *key = dj_event_side_key((DjEventSide)side);
        g_string_append_printf(out, "<option value=\"%s\"%s>%s</option>", key,
                               strcmp(chosen, key) == 0 ? " selected" : "", dj_event_side_name((DjEventSide)side));
    }
    g_string_append(out, "</select></label> ");
    put_text(request, "名称", "new.name", "type=\"text\" maxlength=\"60\"");
    put_text(request, "单位", "new.organisation", "type=\"text\" maxlength=\"60\"");
    g_string_append(out, "</p>\n<p class=\"row\">");
    put_text(request, "需求或专长", "new.need", "type=\"text\" maxlength=\"200\"");
    put_text(request, "要见谁（编号，用顿号分开）", "new.meets", "type=\"text\" maxlength=\"200\"");
    g_string_append(out, "</p>\n</section>\n");
}

static void put_page(DjRequest *request, const Guests *guests, const char *problem)
{
    const char *name = request->capture[0];
    GString *out = request->out;
    g_autofree char *back = dj_event_folder_href(name, ""), *edit = dj_event_folder_href(name, "/edit");
    g_autofree char *tables = g_strdup_printf("%u", guests->event->tables);
    g_autofree char *spare = g_strdup_printf("%u", guests->event->spare_tables);
    const char *base = typed(request, "base", guests->base);
    dj_chrome_begin(request, "参会人");
    g_string_append_printf(out, "<p class=\"crumb\"><a href=\"/events\">对接会</a> › <a href=\"%s\">", back);
    dj_html_text(out, name);
    g_string_append(out, "</a></p>\n<h1>参会人</h1>\n");
    if (problem) {
        g_string_append(out, "<div class=\"note note-no\" role=\"alert\"><b>没有存：</b>");
        dj_html_text(out, problem);
        g_string_append(out, "</div>\n");
    }
    dj_event_folder_form(request, name, "/guests", " class=\"stack\"");
    g_string_append(out, "<input type=\"hidden\" name=\"base\" value=\"");
    dj_html_text(out, base);
    g_string_append(out, "\"><section class=\"card stack\"><p class=\"row\"><label class=\"field\">桌数 ");
    put_input(request, "type=\"number\" min=\"1\" max=\"100000\" required", "tables", tables, "桌数");
    g_string_append(out, "</label> <label class=\"field\">备用桌 ");
    put_input(request, "type=\"number\" min=\"0\" max=\"1000\" required", "spare_tables", spare, "备用桌");
    g_string_append_printf(out,
                           "</label></p>\n<p class=\"row\"><button class=\"btn btn-1\" type=\"submit\">保存</button> "
                           "<span class=\"s dim\">"
                           "保存以后要重排，方案才会变。最少、最多空着的，按本方的限制。限制、必见、禁配和其余内容："
                           "<a href=\"%s\">改整份文件</a></span></p></section>\n",
                           edit);
    const DjYamlNode *list = dj_yaml_get(dj_yaml_root(guests->yaml), "participants");
    gboolean inside = list->kind == DJ_YAML_LIST;
    if (!inside) {
        g_string_append(out, "<p class=\"note\">名单在表格 ");
        dj_html_text(out, list->text);
        g_string_append(out, " 里：场次和时间请改表格，再在上一页上传；来不来可以在这里勾。</p>\n");
    }
    put_side(request, guests, TRUE);
    put_side(request, guests, FALSE);
    if (inside)
        put_new(request);
    g_string_append(out, "<p><button class=\"btn btn-1\" type=\"submit\">保存</button></p></form>\n");
    dj_chrome_end(request);
}

gboolean dj_web_event_guests_page(DjRequest *request, GError **error)
{
    g_auto(Guests) guests = {0};
    g_autofree char *folder = dj_event_folder_find(request, error);
    if (!folder || !guests_load(&guests, folder, error))
        return FALSE;
    put_page(request, &guests, NULL);
    return TRUE;
}

/* ---- what comes back ---- */

/* NULL where the form leaves it as the file has it. */
static const char *changed(const DjRequest *request, const char *name, const char *before)
{
    const char *text = dj_request_field(request, name);
    return text && strcmp(text, before) != 0 ? text : NULL;
}

static GArray *read_guests(const DjRequest *request, const Guests *guests)
{
    GArray *edits = g_array_new(FALSE, TRUE, sizeof(DjEventGuestEdit));
    const GPtrArray *removed = dj_request_fields(request, "remove");
    for (guint i = 0; i < guests->event->persons->len; i++) {
        const char *id = dj_event_person(guests->event, i)->id;
        const DjYamlNode *node = g_hash_table_lookup(guests->nodes, id);
        DjEventGuestEdit edit = {.id = id};
        if (!node)
            continue;
        for (int f = 0; f < DJ_EVENT_N_EDITS; f++) {
            g_autofree char *name = field_name((DjEventEditField)f, id);
            edit.values[f] = changed(request, name, stated(node, (DjEventEditField)f));
        }
        edit.remove = g_ptr_array_find_with_equal_func((GPtrArray *)removed, id, g_str_equal, NULL);
        g_array_append_val(edits, edit);
    }
    return edits;
}

/* "T001、T002", in any of the separators that people use. */
static char **read_ids(const char *text)
{
    g_autoptr(GString) plain = g_string_new(text ? text : "");
    static const char *const separators[] = {"、", "，", "；", ";", " ", "\t"};
    for (gsize k = 0; k < G_N_ELEMENTS(separators); k++)
        g_string_replace(plain, separators[k], ",", 0);
    g_auto(GStrv) parts = g_strsplit(plain->str, ",", -1);
    g_autoptr(GStrvBuilder) ids = g_strv_builder_new();
    for (char **part = parts; *part; part++)
        if (**part)
            g_strv_builder_add(ids, *part);
    return g_strv_builder_end(ids);
}

static gboolean read_new(const DjRequest *request, DjEventNewGuest *guest, char ***meets, GError **error)
{
    const char *side = dj_request_field(request, "new.side"), *name = dj_request_field(request, "new.name");
    const char *organisation = dj_request_field(request, "new.organisation");
    const char *need = dj_request_field(request, "new.need");
    int k = 0;
    while (k < DJ_EVENT_N_SIDES && g_strcmp0(side, dj_event_side_key((DjEventSide)k)) != 0)
        k++;
    if (k == DJ_EVENT_N_SIDES)
        return dj_web_fail(error, 400, "请选新来的人是哪一方");
    *meets = read_ids(dj_request_field(request, "new.meets"));
    /* nobody is paired with a newcomer yet: asked for more than whom it must meet, there would be no plan */
    *guest = (DjEventNewGuest){.side = (DjEventSide)k,
                               .name = name,
                               .organisation = organisation,
                               .need = need,
                               .min = "0",
                               .meets = (const char *const *)*meets};
    return TRUE;
}

/* The text of the file as the form wants it. 422 where the file's writing does not allow it. */
static char *apply(const DjRequest *request, const Guests *guests, GError **error)
{
    const GPtrArray *gone = dj_request_fields(request, "gone");
    const char *name = dj_request_field(request, "new.name");
    g_autofree char *tables = g_strdup_printf("%u", guests->event->tables);
    g_autofree char *spare = g_strdup_printf("%u", guests->event->spare_tables);
    g_autoptr(GArray) edits = read_guests(request, guests);
    g_autofree const char **dropouts = g_new0(const char *, gone->len + 1);
    g_auto(GStrv) meets = NULL;
    DjEventNewGuest guest;
    g_autoptr(GError) why = NULL;
    for (guint k = 0; k < gone->len; k++)
        dropouts[k] = gone->pdata[k];
    if (name && *name && !read_new(request, &guest, &meets, error))
        return NULL;
    const DjEventEdit edit = {.tables = changed(request, "tables", tables),
                              .spare_tables = changed(request, "spare_tables", spare),
                              .guests = (const DjEventGuestEdit *)(gpointer)edits->data,
                              .n_guests = edits->len,
                              .dropouts = dropouts,
                              .added = name && *name ? &guest : NULL};
    char *text = dj_event_edit(guests->text, &edit, &why);
    if (!text) {
        g_autofree char *words = dj_event_complaint(why->message, "EVENT.yaml");
        dj_web_fail(error, 422, "%s", words);
    }
    return text;
}

static const char *text_of(const DjYamlNode *map, const char *key)
{
    const DjYamlNode *node = map->kind == DJ_YAML_MAP ? dj_yaml_get(map, key) : NULL;
    return node && node->kind == DJ_YAML_SCALAR ? node->text : "";
}

/* "第 26 行第 5 列 participants[3]：最少 3 比…" speaks of a file that the form does not show: the participant instead.
 * text: the file as it would be, NULL where not even that is known. */
static char *in_terms_of_form(const char *problem, const char *text)
{
    unsigned line, column, k;
    const char *said = strstr(problem, "："), *list = strstr(problem, "participants[");
    if (sscanf(problem, "第 %u 行第 %u 列", &line, &column) != 2 || !said)
        return g_strdup(problem);
    g_autoptr(DjYaml) yaml = text ? dj_yaml_parse("EVENT.yaml", text, strlen(text), NULL, NULL) : NULL;
    const DjYamlNode *all = yaml ? dj_yaml_get(dj_yaml_root(yaml), "participants") : NULL;
    if (!list || list > said || !all || all->kind != DJ_YAML_LIST || sscanf(list, "participants[%u]", &k) != 1 ||
        k >= all->items->len)
        return g_strdup(said + strlen("："));
    const DjYamlNode *person = g_ptr_array_index(all->items, k);
    return g_strdup_printf("%s %s%s", text_of(person, "id"), text_of(person, "name"), said);
}

gboolean dj_web_event_guests(DjRequest *request, GError **error)
{
    g_auto(Guests) guests = {0};
    const char *base = dj_request_field(request, "base");
    g_autofree char *folder = dj_event_folder_find(request, error);
    if (!folder || !guests_load(&guests, folder, error))
        return FALSE;
    if (!base)
        return dj_web_fail(error, 400, "表单不完整，请重新填写");
    g_autoptr(GError) why = NULL;
    g_autofree char *text = apply(request, &guests, &why);
    if (text && dj_event_folder_write(folder, text, base, &why)) {
        dj_event_folder_back(request);
        return TRUE;
    }
    if (!g_error_matches(why, DJ_WEB_ERROR, 422) && !g_error_matches(why, DJ_WEB_ERROR, 409)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return FALSE;
    }
    g_autofree char *words = in_terms_of_form(why->message, text);
    put_page(request, &guests, words);
    request->status = (guint)why->code;
    return TRUE;
}
