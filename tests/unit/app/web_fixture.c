/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/app/web_fixture.h"
#include "tests/folder.h"

#include "app/command.h"
#include <criterion/criterion.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define DAY       "2026-11-01"
#define N_PATENTS 60
#define N_CERAMIC 12 /* of them, those that the needs ask for; SITE_PATENT is one */

const char *site_program = DUIJIE_PROGRAM;
gboolean site_behind_proxy = FALSE;
gint64 site_upload_seconds = 900;

static int run_words(Site *site, int (*command)(DjApp *, int, char **, GError **), GPtrArray *words)
{
    g_ptr_array_add(words, NULL);
    DjApp app = {.workspace = g_strdup(site->folder),
                 .config = g_build_filename(DJ_SOURCE_DIR, "config", NULL),
                 .now = g_strdup(DAY),
                 .quiet = TRUE,
                 .command = words->pdata[0]};
    g_autoptr(GError) error = NULL;
    int code = command(&app, (int)words->len - 1, (char **)words->pdata, &error);
    cr_assert(!error, "%s: %s", app.command, error ? error->message : "");
    dj_progress_free(app.progress);
    g_free(app.workspace);
    g_free(app.config);
    g_free(app.now);
    return code;
}

static void run(Site *site, int (*command)(DjApp *, int, char **, GError **), ...)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    va_list args;
    va_start(args, command);
    for (char *word = va_arg(args, char *); word; word = va_arg(args, char *))
        g_ptr_array_add(words, word);
    va_end(args);
    cr_assert_eq(run_words(site, command, words), DJ_EXIT_DONE, "%s", (char *)words->pdata[0]);
}

static void put(DjStore *store, gint64 batch, const DjRecord *record)
{
    DjPutResult result;
    g_autoptr(GError) error = NULL;
    cr_assert(dj_store_put(store, batch, record, 1, &result, &error), "%s", error ? error->message : "");
}

/* A word that stands nowhere else: "canaryC" and the table and number of the field; what belongs to the enterprise's
 * user begins with another word. */
static void plant(DjRecord *record, const char *word)
{
    for (int i = 0; i < dj_field_count(record->table); i++) {
        const DjField *field = dj_field_at(record->table, i);
        if (field->type != DJ_TYPE_TEXT && field->type != DJ_TYPE_LIST)
            continue;
        const char *value = dj_record_get(record, i);
        g_autofree char *text = g_strdup_printf("%s%s%s%s%s%d", value ? value : "", value ? " " : "", word,
                                                dj_privacy_letter(field->privacy), dj_table_name(record->table), i);
        dj_record_set(record, i, text);
    }
}

static void plant_enterprise(DjRecord *enterprise, const char *word)
{
    g_autofree char *competitor = g_strconcat(word, "Ccompetitor", NULL);
    plant(enterprise, word);
    dj_record_set(enterprise, DJ_ENTERPRISE_COMPETITORS, competitor);
    dj_record_set(enterprise, DJ_ENTERPRISE_GROUP, NULL);
}

static void plant_need(DjRecord *need, const char *word)
{
    plant(need, word);
    dj_record_set(need, DJ_NEED_STATUS, NULL);
    dj_record_set(need, DJ_NEED_ROUTE, NULL);
    dj_record_set(need, DJ_NEED_CONSENT, NULL);
}

static void put_records(DjStore *store)
{
    g_autoptr(GError) error = NULL;
    gint64 batch;
    DjBatchInfo info = {.command = "import test", .source = "x", .source_hash = "x", .recorded_at = DAY "T09:00:00"};
    cr_assert(dj_store_begin_batch(store, &info, &batch, &error));
    cr_assert(dj_store_begin(store, &error));
    static const char *const others[] = {"水稻秸秆还田机具", "心电信号去噪装置", "钢轨探伤小车",   "茶叶杀青温控",
                                         "污泥厌氧消化",     "船舶舵机液压",     "玻璃幕墙密封",   "锂电池热失控预警",
                                         "柑橘分选机械手",   "隧道衬砌裂缝检测", "棉纱条干均匀度", "光纤陀螺标定"};
    for (int i = 0; i < N_PATENTS; i++) {
        g_autoptr(DjRecord) patent = dj_record_new(DJ_TABLE_PATENT);
        g_autofree char *key = g_strdup_printf(i ? "S-%02d" : SITE_PATENT, i);
        const char *topic = others[i % G_N_ELEMENTS(others)];
        g_autofree char *title =
            i < N_CERAMIC ? g_strdup_printf("高导热氮化铝陶瓷基板 %d 号", i) : g_strdup_printf("%s %d 号", topic, i);
        g_autofree char *other = g_strdup_printf("本发明公开%s，包括支架、传感单元与控制模块。", topic);
        dj_record_set(patent, DJ_PATENT_TITLE, title);
        /* different enough not to be one group */
        static const char *const own[] = {"以氮化铝为主料压制成型的基板，真空热压，板面平整。",
                                          "氮化铝陶瓷基板的激光打孔与边缘修整，不产生微裂。",
                                          "用稀土助剂降低氮化铝基板的晶界相，导热更高。"};
        dj_record_set(patent, DJ_PATENT_ABSTRACT,
                      i >= 1 && i <= 3 ? own[i - 1]
                      : i < N_CERAMIC ? "氮化铝粉体流延后低温烧结，热导率 185 W/(m·K)，覆铜后热循环不分层。"
                                      : other);
        dj_record_set(patent, DJ_PATENT_OWNERS, i % 2 ? "甲示例大学" : "乙示例大学");
        dj_record_set(patent, DJ_PATENT_IPC, "C04B35/581");
        dj_record_set(patent, DJ_PATENT_KIND, "achievement");
        if (i == 1 || i == 3)
            dj_record_set(patent, DJ_PATENT_FEE_AMOUNT, i == 1 ? "80000" : "300000");
        if (i == 1)
            dj_record_set(patent, DJ_PATENT_TRANSFER_MODES, "许可\n转让");
        if (i == 0) {
            plant(patent, "canary");
            dj_record_set(patent, DJ_PATENT_LEGAL_STATUS, NULL); /* a rule would keep it off every list */
        }
        dj_record_set(patent, DJ_PATENT_SOURCE_ID, key);
        g_free(patent->key);
        patent->key = g_strdup(key);
        put(store, batch, patent);
    }
    static const char *const names[] = {"金丝雀示例陶瓷有限公司", "旁人示例电子有限公司"};
    static const char *const needs[] = {SITE_NEED, SITE_OTHER_NEED};
    for (int i = 0; i < 2; i++) {
        g_autoptr(DjRecord) enterprise = dj_record_new(DJ_TABLE_ENTERPRISE);
        g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
        if (i == 0)
            plant_enterprise(enterprise, "canary");
        dj_record_set(enterprise, DJ_ENTERPRISE_NAME, names[i]);
        enterprise->key = g_strdup_printf("E-%d", i);
        put(store, batch, enterprise);
        dj_record_set(need, DJ_NEED_TITLE, "氮化铝陶瓷基板");
        dj_record_set(need, DJ_NEED_DESCRIPTION, "要热导率不低于 170 W/(m·K) 的氮化铝陶瓷基板，热循环不分层");
        if (i == 0)
            plant_need(need, "canary");
        dj_record_set(need, DJ_NEED_ENTERPRISE, names[i]);
        dj_record_set(need, DJ_NEED_ID, needs[i]);
        need->key = g_strdup(needs[i]);
        put(store, batch, need);
    }
    cr_assert(dj_store_commit(store, &error));
    cr_assert(dj_store_end_batch(store, batch, N_PATENTS + 4, 0, 0, 0, &error));
}

/* Another batch with these records, the last one NULL. */
static void add_batch(Site *site, const char *name, DjRecord *const *records)
{
    g_autofree char *path = g_build_filename(site->folder, "duijie.db", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(DjStore) store = dj_store_open(path, DJ_STORE_WRITE, &error);
    gint64 batch;
    guint n = 0;
    DjBatchInfo info = {.command = "import test", .source = name, .source_hash = name, .recorded_at = DAY "T10:00:00"};
    cr_assert(store && dj_store_begin_batch(store, &info, &batch, &error) && dj_store_begin(store, &error));
    for (; records[n]; n++)
        put(store, batch, records[n]);
    cr_assert(dj_store_commit(store, &error) && dj_store_end_batch(store, batch, n, 0, 0, 0, &error));
}

void site_plant_owned(Site *site)
{
    static const struct {
        DjTable table;
        const char *key;
        void (*plant)(DjRecord *record, const char *word);
        int title;
    } planted[] = {{DJ_TABLE_ENTERPRISE, "E-1", plant_enterprise, DJ_ENTERPRISE_NAME},
                   {DJ_TABLE_NEED, SITE_OTHER_NEED, plant_need, DJ_NEED_ENTERPRISE}};
    g_autofree char *path = g_build_filename(site->folder, "duijie.db", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func((GDestroyNotify)dj_record_free);
    for (gsize i = 0; i < G_N_ELEMENTS(planted); i++) {
        g_autoptr(DjStore) store = dj_store_open(path, DJ_STORE_READ, &error);
        DjRecord *record = dj_record_new(planted[i].table);
        gboolean found = FALSE;
        g_ptr_array_add(records, record);
        cr_assert(store && dj_store_get(store, planted[i].table, planted[i].key, DJ_POINT_NOW, record, &found, &error));
        cr_assert(found);
        g_autofree char *name = g_strdup(dj_record_get(record, planted[i].title));
        planted[i].plant(record, "owned");
        dj_record_set(record, planted[i].title, name);
    }
    g_ptr_array_add(records, NULL);
    add_batch(site, "owned", (DjRecord *const *)records->pdata);
}

void site_add_patent(Site *site, const char *key, const char *title)
{
    g_autoptr(DjRecord) patent = dj_record_new(DJ_TABLE_PATENT);
    dj_record_set(patent, DJ_PATENT_TITLE, title);
    dj_record_set(patent, DJ_PATENT_KIND, "achievement");
    dj_record_set(patent, DJ_PATENT_SOURCE_ID, key);
    patent->key = g_strdup(key);
    add_batch(site, key, (DjRecord *const[]){patent, NULL});
}

void site_keep_log(const char *line, gpointer user)
{
    Site *site = user;
    g_mutex_lock(&site->log_mutex);
    g_string_append(site->log, line);
    g_string_append_c(site->log, '\n');
    g_mutex_unlock(&site->log_mutex);
}

void site_index(Site *site)
{
    run(site, dj_cmd_index, "index", "--rebuild", NULL);
}

void site_month(Site *site, const char *month, const char *audience)
{
    g_autofree char *months = g_build_filename(site->folder, "months", NULL),
                    *name = g_strcmp0(audience, "organiser") == 0 ? g_strdup(month)
                                                                  : g_strdup_printf("%s-%s", month, audience),
                    *folder = g_build_filename(months, name, NULL);
    g_mkdir_with_parents(months, 0755);
    run(site, dj_cmd_monthly, "monthly", month, "--working", "--audience", audience, "--as-of", "2026-12-05", "--out",
        folder, NULL);
}

static DjStore *begin(Site *site)
{
    *site = (Site){.log = g_string_new(NULL)};
    g_mutex_init(&site->log_mutex);
    site->folder = g_dir_make_tmp("duijie-web-XXXXXX", NULL);
    run(site, dj_cmd_init, "init", site->folder, NULL);
    g_autofree char *path = g_build_filename(site->folder, "duijie.db", NULL);
    g_autoptr(GError) error = NULL;
    DjStore *store = dj_store_open(path, DJ_STORE_WRITE, &error);
    cr_assert(store != NULL, "%s", error ? error->message : "");
    return store;
}

static void add_users(Site *site, DjStore *store, const char *enterprise)
{
    g_autoptr(GError) error = NULL;
    for (int role = 0; role < DJ_N_ROLES; role++) {
        site->token[role] = dj_token_new(&error);
        cr_assert(dj_store_add_user(store, dj_role_name((DjRole)role), (DjRole)role,
                                    role == DJ_ROLE_ENTERPRISE ? enterprise : NULL, site->token[role], DAY "T09:00:00",
                                    &error),
                  "%s", error ? error->message : "");
    }
}

static void serve(Site *site, guint per_minute, gint64 request_seconds)
{
    g_autoptr(GError) error = NULL;
    run(site, dj_cmd_train, "train", NULL);
    run(site, dj_cmd_index, "index", NULL);
    site->app = (DjApp){.workspace = site->folder,
                        .config = g_build_filename(DJ_SOURCE_DIR, "config", NULL),
                        .now = g_strdup(DAY "T00:00:00"),
                        .today = 20758,
                        .quiet = TRUE,
                        .command = "serve"};
    DjServeOptions options = {.host = "127.0.0.1",
                              .threads = 2,
                              .behind_proxy = site_behind_proxy,
                              .program = site_program,
                              .per_minute = per_minute,
                              .request_seconds = request_seconds,
                              .upload_seconds = site_upload_seconds,
                              .jobs_kept = 200,
                              .fixed_day = TRUE,
                              .log = site_keep_log,
                              .log_user = site};
    site->web = dj_web_start(&site->app, &options, &error);
    cr_assert(site->web != NULL, "%s", error ? error->message : "");
}

void site_start(Site *site, guint per_minute, gint64 request_seconds)
{
    DjStore *store = begin(site);
    put_records(store);
    add_users(site, store, "E-1");
    dj_store_close(store);
    serve(site, per_minute, request_seconds);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Files of the sample whose names begin so; some of their rows must be rejected. */
static void import_sample(Site *site, char *table)
{
    g_autofree char *folder = g_build_filename(DJ_SOURCE_DIR, "datasets", "sample", NULL);
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    cr_assert(dir != NULL);
    for (const char *name; (name = g_dir_read_name(dir));)
        if (g_str_has_prefix(name, table))
            g_ptr_array_add(words, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(words, by_name);
    g_ptr_array_insert(words, 0, g_strdup("import"));
    g_ptr_array_insert(words, 1, g_strdup(table));
    run_words(site, dj_cmd_import, words);
}

void site_start_sample(Site *site)
{
    DjStore *store = begin(site);
    dj_store_close(store);
    import_sample(site, "enterprises");
    import_sample(site, "needs");
    import_sample(site, "patents");
    g_autofree char *path = g_build_filename(site->folder, "duijie.db", NULL);
    store = dj_store_open(path, DJ_STORE_WRITE, NULL);
    cr_assert(store != NULL);
    add_users(site, store, SITE_SAMPLE_ENTERPRISE);
    dj_store_close(store);
    serve(site, 0, 30);
}

void site_stop(Site *site)
{
    dj_web_stop(site->web);
    folder_remove(site->folder);
    for (int role = 0; role < DJ_N_ROLES; role++)
        g_free(site->token[role]);
    g_free(site->app.config);
    g_free(site->app.now);
    g_free(site->folder);
    g_string_free(site->log, TRUE);
    g_mutex_clear(&site->log_mutex);
}

/* ---- client ---- */

void reply_clear(Reply *reply)
{
    g_clear_pointer(&reply->head, g_free);
    g_clear_pointer(&reply->body, g_free);
}

Reply port_send(guint16 port, const char *bytes)
{
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_socket_client_set_timeout(client, 60);
    g_autoptr(GError) error = NULL;
    g_autoptr(GSocketConnection) connection = g_socket_client_connect_to_host(client, "127.0.0.1", port, NULL, &error);
    cr_assert(connection != NULL, "%s", error ? error->message : "");
    GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(connection));
    g_output_stream_write_all(out, bytes, strlen(bytes), NULL, NULL, NULL); /* the server may close before the end */
    GString *all = g_string_new(NULL);
    char buffer[4096];
    gssize n;
    while ((n = g_input_stream_read(g_io_stream_get_input_stream(G_IO_STREAM(connection)), buffer, sizeof buffer, NULL,
                                    NULL)) > 0)
        g_string_append_len(all, buffer, n);
    Reply reply = {0};
    const char *end = strstr(all->str, "\r\n\r\n");
    if (end) {
        reply.head = g_strndup(all->str, (gsize)(end + 2 - all->str));
        reply.length = (gsize)(all->str + all->len - (end + 4));
        reply.body = g_memdup2(end + 4, reply.length + 1);
        reply.status = (int)g_ascii_strtoll(all->str + strlen("HTTP/1.1 "), NULL, 10);
    }
    g_string_free(all, TRUE);
    return reply;
}

Reply site_send(const Site *site, const char *bytes)
{
    return port_send(dj_web_port(site->web), bytes);
}

char *site_upload(const char *kind, const char *name, const char *content)
{
    return g_strdup_printf("--XX\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n%s\r\n"
                           "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n"
                           "Content-Type: text/csv\r\n\r\n%s\r\n--XX--\r\n",
                           kind, name, content);
}

Reply site_ask(const Site *site, const char *method, const char *path, const char *headers, const char *body)
{
    g_autofree char *length = body ? g_strdup_printf("Content-Length: %zu\r\n", strlen(body)) : g_strdup("");
    g_autofree char *bytes = g_strdup_printf("%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s%s\r\n%s",
                                             method, path, headers ? headers : "", length, body ? body : "");
    return site_send(site, bytes);
}

Reply site_ask_as(const Site *site, DjRole role, const char *method, const char *path, const char *headers,
                  const char *body)
{
    g_autofree char *all = g_strdup_printf("Authorization: Bearer %s\r\n%s", site->token[role], headers ? headers : "");
    return site_ask(site, method, path, all, body);
}

char *reply_header(const Reply *reply, const char *name)
{
    g_autofree char *start = g_strdup_printf("\r\n%s: ", name);
    const char *at = reply->head ? strstr(reply->head, start) : NULL;
    if (!at)
        return NULL;
    at += strlen(start);
    return g_strndup(at, strcspn(at, "\r"));
}

json_t *reply_json(const Reply *reply)
{
    json_error_t where;
    json_t *value = reply->body ? json_loads(reply->body, 0, &where) : NULL;
    cr_assert(value != NULL, "not JSON: %s", reply->body ? reply->body : "(nothing)");
    return value;
}

int site_generation(const Site *site)
{
    g_auto(Reply) reply = site_ask(site, "GET", "/healthz", NULL, NULL);
    json_t *health = reply_json(&reply);
    int number = (int)json_integer_value(json_object_get(health, "generation"));
    json_decref(health);
    return number;
}

void site_wait_generation(const Site *site, int number)
{
    for (int i = 0; i < 200 && site_generation(site) != number; i++)
        g_usleep(100 * 1000); /* the server looks for a new index once a second */
    cr_assert_eq(site_generation(site), number);
}

char *site_job_end(const Site *site, guint number)
{
    g_autofree char *path = g_strdup_printf("/api/v1/jobs/%u", number);
    gint64 until = g_get_monotonic_time() + 60 * G_TIME_SPAN_SECOND;
    while (g_get_monotonic_time() < until) {
        g_auto(Reply) reply = site_ask_as(site, DJ_ROLE_CENTRE, "GET", path, NULL, NULL);
        cr_assert_eq(reply.status, 200, "%s", reply.body);
        json_t *job = reply_json(&reply);
        g_autofree char *state = g_strdup(json_string_value(json_object_get(job, "state")));
        json_decref(job);
        if (strcmp(state, "running") != 0)
            return g_steal_pointer(&state);
    }
    cr_assert_fail("job %u does not end", number);
    return NULL;
}

void site_job(const Site *site, DjRole role, const char *path, const char *form, guint number)
{
    g_auto(Reply) started =
        site_ask_as(site, role, "POST", path, "Content-Type: application/x-www-form-urlencoded\r\n", form);
    cr_assert_eq(started.status, 303, "%s %s: %d %s", path, form, started.status, started.body);
    g_autofree char *state = site_job_end(site, number), *page = g_strdup_printf("/jobs/%u/log", number);
    g_auto(Reply) log = site_ask_as(site, DJ_ROLE_CENTRE, "GET", page, NULL, NULL);
    cr_assert_str_eq(state, "done", "%s %s: %s\n%s", path, form, state, log.body);
}

guint site_count_files(const Site *site, const char *folder)
{
    g_autofree char *path = g_build_filename(site->folder, folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    guint n = 0;
    while (dir && g_dir_read_name(dir))
        n++;
    return n;
}
