/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/json.h"
#include <jansson.h>
#include <string.h>

enum { CHUNK = 256 * 1024, DEFAULT_MAX_OBJECT = 16 * 1024 * 1024, DEFAULT_MAX_COLUMNS = 1024, MAX_DEPTH = 64 };

struct DjJson {
    DjSource *source;
    char *buffer;
    gsize size, begin, end;
    gboolean at_end;
    gboolean in_array, after_array, started;
    gboolean by_line; /* JSON Lines: the line end closes an object, so that an open one does not swallow the next */
    gsize max_object, max_columns;
    gint64 number;
    json_t *object;    /* of the current row */
    GPtrArray *names;  /* of char * */
    GHashTable *index; /* name -> position + 1 */
    GArray *cells;     /* of DjCell */
    GPtrArray *made;   /* texts of the current row that are not in object */
    char *problem;
};

static gboolean fill(DjJson *json, GError **error)
{
    if (json->begin > 0) {
        memmove(json->buffer, json->buffer + json->begin, json->end - json->begin);
        json->end -= json->begin;
        json->begin = 0;
    }
    if (json->end == json->size) {
        gsize size = MIN(json->size * 2, json->max_object);
        char *grown = json->size < json->max_object ? g_try_realloc(json->buffer, size) : NULL;
        if (!grown) {
            g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_LIMIT,
                        "object %" G_GINT64_FORMAT ": longer than %" G_GSIZE_FORMAT " bytes", json->number + 1,
                        json->size);
            return FALSE;
        }
        json->buffer = grown;
        json->size = size;
    }
    gssize got = dj_source_read(json->source, json->buffer + json->end, json->size - json->end, error);
    if (got < 0)
        return FALSE;
    json->at_end = got == 0;
    json->end += (gsize)got;
    return TRUE;
}

/* Length of the object at begin, 0 when its end is not in the buffer. *too_deep when it nests deeper than allowed. */
static gsize object_length(const DjJson *json, gboolean *too_deep)
{
    int depth = 0;
    gboolean quoted = FALSE;
    for (gsize i = json->begin; i < json->end; i++) {
        char c = json->buffer[i];
        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = FALSE;
        } else if (c == '"') {
            quoted = TRUE;
        } else if (c == '{' || c == '[') {
            *too_deep = ++depth > MAX_DEPTH || *too_deep;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return i + 1 - json->begin;
        }
    }
    return 0;
}

static gboolean fail(DjJson *json, GError **error, const char *what)
{
    g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "object %" G_GINT64_FORMAT ": %s", json->number + 1, what);
    return FALSE;
}

/* Moves begin to the next object, or to the end. *stray: something else stands there (only outside of an array). */
static gboolean find_object(DjJson *json, gboolean *stray, GError **error)
{
    *stray = FALSE;
    for (;;) {
        if (json->begin == json->end) {
            if (json->at_end)
                return !json->in_array || fail(json, error, "the array is not closed; the file is cut off");
            if (!fill(json, error))
                return FALSE;
            continue;
        }
        char c = json->buffer[json->begin];
        if (c == '{' && !json->after_array)
            return TRUE;
        if (c == '[' && !json->started) {
            json->in_array = TRUE;
        } else if (c == ']' && json->in_array) {
            json->in_array = FALSE;
            json->after_array = TRUE;
        } else if (c != ' ' && c != '\t' && c != '\r' && c != '\n' && !(c == ',' && json->in_array)) {
            if (json->in_array || json->after_array)
                return fail(json, error, json->in_array ? "an object was expected" : "text after the end of the array");
            *stray = TRUE;
            return TRUE;
        }
        json->started = json->started || c == '[';
        json->begin++;
    }
}

static gboolean skip_line(DjJson *json, GError **error)
{
    for (;;) {
        char *line_end = memchr(json->buffer + json->begin, '\n', json->end - json->begin);
        if (line_end) {
            json->begin = (gsize)(line_end - json->buffer) + 1;
            return TRUE;
        }
        json->begin = json->end;
        if (json->at_end)
            return TRUE;
        if (!fill(json, error))
            return FALSE;
    }
}

/* Length of the line at begin without its end, 0 when its end is not in the buffer. */
static gsize line_length(const DjJson *json)
{
    const char *start = json->buffer + json->begin, *line_end = memchr(start, '\n', json->end - json->begin);
    return line_end ? (gsize)(line_end - start) : json->at_end ? json->end - json->begin : 0;
}

/* Finds the end of the object at begin. Objects outside of an array stand on a line each, unless the first one shows
 * that they are spread over several. */
static gboolean find_end(DjJson *json, gsize *length, gboolean *too_deep, GError **error)
{
    for (;;) {
        *too_deep = FALSE;
        gsize line = json->in_array ? 0 : line_length(json);
        *length = json->by_line ? line : object_length(json, too_deep);
        if (*length > 0) {
            json->by_line = json->by_line || (json->number == 0 && *length <= line);
            return TRUE;
        }
        if (json->at_end)
            return fail(json, error, "not closed; the file is cut off");
        if (!fill(json, error))
            return FALSE;
    }
}

static const char *keep(DjJson *json, char *text)
{
    g_ptr_array_add(json->made, text);
    return text;
}

static char *scalar_text(const json_t *value)
{
    if (json_is_string(value))
        return g_strdup(json_string_value(value));
    char *dumped = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(15));
    char *text = g_strdup(dumped);
    free(dumped);
    return text;
}

static DjCell make_cell(DjJson *json, const json_t *value)
{
    DjCell cell = {0};
    if (json_is_null(value))
        return cell;
    if (json_is_string(value)) {
        cell.text = json_string_value(value);
        cell.length = json_string_length(value);
        return cell;
    }
    gboolean flat = json_is_array(value);
    for (gsize i = 0; flat && i < json_array_size(value); i++)
        flat = !json_is_array(json_array_get(value, i)) && !json_is_object(json_array_get(value, i));
    if (!flat) {
        cell.text = keep(json, scalar_text(value));
    } else {
        GString *items = g_string_new(NULL);
        for (gsize i = 0; i < json_array_size(value); i++) {
            g_autofree char *item = scalar_text(json_array_get(value, i));
            g_strdelimit(item, "\n", ' ');
            if (*item && !json_is_null(json_array_get(value, i)))
                g_string_append_printf(items, "%s%s", items->len ? "\n" : "", item);
        }
        cell.text = keep(json, g_string_free(items, FALSE));
        cell.list = TRUE;
    }
    cell.length = strlen(cell.text);
    return cell;
}

static gboolean take_object(DjJson *json, GError **error)
{
    const char *name;
    json_t *value;
    json_object_foreach(json->object, name, value)
    {
        gsize at = GPOINTER_TO_SIZE(g_hash_table_lookup(json->index, name));
        if (!at) {
            if (json->names->len >= json->max_columns) {
                g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_LIMIT,
                            "object %" G_GINT64_FORMAT ": more than %" G_GSIZE_FORMAT " different names in the file",
                            json->number, json->max_columns);
                return FALSE;
            }
            char *copy = g_strdup(name);
            g_ptr_array_add(json->names, copy);
            at = json->names->len;
            g_hash_table_insert(json->index, copy, GSIZE_TO_POINTER(at));
        }
        if (json->cells->len < at)
            g_array_set_size(json->cells, (guint)at);
        g_array_index(json->cells, DjCell, at - 1) = make_cell(json, value);
    }
    return TRUE;
}

gboolean dj_json_next(DjJson *json, DjRow *row, gboolean *more, GError **error)
{
    gboolean stray, too_deep = FALSE;
    g_clear_pointer(&json->object, json_decref);
    g_clear_pointer(&json->problem, g_free);
    g_ptr_array_set_size(json->made, 0);
    g_array_set_size(json->cells, 0);
    if (!find_object(json, &stray, error))
        return FALSE;
    *more = json->begin < json->end;
    if (!*more)
        return TRUE;
    json->started = TRUE;
    gsize length = 0;
    if (!stray && !find_end(json, &length, &too_deep, error))
        return FALSE;
    json->number++;
    if (stray || too_deep) {
        json->problem = g_strdup(stray ? "这一行不是 JSON 对象；每行应是一个以 { 开头、以 } 结尾的对象"
                                       : "JSON 对象嵌套过深；请展开后再导入");
        json->begin += length;
        if (stray && !skip_line(json, error))
            return FALSE;
    } else {
        json_error_t problem;
        json->object = json_loadb(json->buffer + json->begin, length, JSON_REJECT_DUPLICATES, &problem);
        json->begin += length;
        if (!json->object) {
            g_autofree char *reason = g_utf8_make_valid(problem.text, -1); /* it quotes the bytes at fault */
            json->problem = g_strdup_printf("不是合法的 JSON 对象（第 %d 字节附近：%s）；请检查引号、逗号和重复的名称",
                                            problem.position, reason);
        } else if (!take_object(json, error))
            return FALSE;
    }
    *row = (DjRow){.number = json->number,
                   .cells = (const DjCell *)json->cells->data,
                   .n_cells = json->cells->len,
                   .problem = json->problem};
    return TRUE;
}

DjJson *dj_json_open(DjSource *source, const DjReaderOptions *options)
{
    DjJson *json = g_new0(DjJson, 1);
    json->source = source;
    json->max_object = options->max_row_bytes ? options->max_row_bytes : DEFAULT_MAX_OBJECT;
    json->max_columns = options->max_columns ? options->max_columns : DEFAULT_MAX_COLUMNS;
    json->size = MIN(CHUNK, json->max_object);
    json->buffer = g_malloc(json->size);
    json->names = g_ptr_array_new_with_free_func(g_free);
    json->index = g_hash_table_new(g_str_hash, g_str_equal);
    json->cells = g_array_new(FALSE, TRUE, sizeof(DjCell));
    json->made = g_ptr_array_new_with_free_func(g_free);
    return json;
}

void dj_json_close(DjJson *json)
{
    if (!json)
        return;
    dj_source_close(json->source);
    json_decref(json->object);
    g_free(json->buffer);
    g_hash_table_unref(json->index);
    g_ptr_array_unref(json->names);
    g_array_unref(json->cells);
    g_ptr_array_unref(json->made);
    g_free(json->problem);
    g_free(json);
}

GPtrArray *dj_json_names(DjJson *json)
{
    return json->names;
}

DjSource *dj_json_source(DjJson *json)
{
    return json->source;
}
