/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Import against its peers; see README.md. */
#include "config/mapping_file.h"
#include "engine/model/ident.h"
#include "engine/store/schema.h"
#include "indexer/import.h"
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <xlsxwriter.h>

static gint n_rows = 100000, n_needs = 20000, n_characters = 250, n_rounds = 3, n_threads = 2;
static char *folder, *phase;
static const char *const titles[] = {"专利号", "名称", "摘要", "专利权人", "IPC分类号", "申请日", "许可费", "产业链"};

static void die(GError *error)
{
    fprintf(stderr, "bench_import: %s\n", error ? error->message : "failed");
    exit(1);
}

static char *file_in(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

/* ---- the rows ---- */

static void make_row(GRand *rand, gint i, GString *cells[G_N_ELEMENTS(titles)])
{
    static const char *const owners[] = {"甲大学", "乙研究院；丙公司", "丁理工学院"};
    char digits[16];
    g_snprintf(digits, sizeof digits, "20%02d1%07d", 10 + i % 15, i);
    for (gsize c = 0; c < G_N_ELEMENTS(titles); c++)
        g_string_truncate(cells[c], 0);
    int sum = 0;
    static const int weights[] = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
    for (int d = 0; d < 12; d++)
        sum += (digits[d] - '0') * weights[d];
    g_string_printf(cells[0], "ZL%s.%c", digits, sum % 11 == 10 ? 'X' : '0' + sum % 11);
    for (int k = 0; k < 15 + n_characters; k++)
        g_string_append_unichar(cells[k < 15 ? 1 : 2],
                                (gunichar)(k % 20 == 19 ? 0xFF0C : g_rand_int_range(rand, 0x4E00, 0x9FA5)));
    g_string_assign(cells[3], owners[i % 3]);
    g_string_printf(cells[4], "C04B%d/%02d;H01L21/%02d", 1 + i % 40, i % 90, i % 70);
    g_string_printf(cells[5], "%d-%02d-%02d", 2010 + i % 15, 1 + i % 12, 1 + i % 28);
    g_string_printf(cells[6], "%d万元", 1 + i % 50);
    g_string_assign(cells[7], i % 2 ? "新能源" : "电子信息材料；先进材料");
}

static void make_files(const char *csv_path, const char *xlsx_path)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    GString *cells[G_N_ELEMENTS(titles)];
    FILE *csv = g_fopen(csv_path, "wbe");
    lxw_workbook_options options = {.constant_memory = TRUE};
    /* A sheet has at most 1,048,576 rows; larger runs leave the workbook out. */
    lxw_workbook *book = n_rows <= 200000 ? workbook_new_opt(xlsx_path, &options) : NULL;
    lxw_worksheet *sheet = book ? workbook_add_worksheet(book, NULL) : NULL;
    if (!csv)
        die(NULL);
    for (gsize c = 0; c < G_N_ELEMENTS(titles); c++) {
        cells[c] = g_string_new(NULL);
        fprintf(csv, "%s%s", titles[c], c + 1 < G_N_ELEMENTS(titles) ? "," : "\n");
        if (sheet)
            worksheet_write_string(sheet, 0, (lxw_col_t)c, titles[c], NULL);
    }
    for (gint i = 0; i < n_rows; i++) {
        make_row(rand, i, cells);
        for (gsize c = 0; c < G_N_ELEMENTS(titles); c++) {
            fprintf(csv, "%s%s", cells[c]->str, c + 1 < G_N_ELEMENTS(titles) ? "," : "\n");
            if (sheet)
                worksheet_write_string(sheet, (lxw_row_t)i + 1, (lxw_col_t)c, cells[c]->str, NULL);
        }
    }
    if (fclose(csv) != 0 || (book && workbook_close(book) != LXW_NO_ERROR))
        die(NULL);
    for (gsize c = 0; c < G_N_ELEMENTS(titles); c++)
        g_string_free(cells[c], TRUE);
}

/* Of a quarter as many enterprises, half of which give their credit code. */
static void make_needs(const char *path)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(2);
    FILE *csv = g_fopen(path, "wbe");
    if (!csv)
        die(NULL);
    fputs("企业名称,统一社会信用代码,需求名称,需求内容,产业链,预算,登记日期\n", csv);
    for (gint i = 0; i < n_needs; i++) {
        gint enterprise = g_rand_int_range(rand, 0, MAX(n_needs / 4, 1));
        char code[19];
        g_snprintf(code, sizeof code, "91420100%09d", enterprise);
        code[17] = dj_credit_code_check_char(code);
        fprintf(csv, "武汉第%d制造有限公司,%.18s,第%d项工艺的改进,", enterprise, enterprise % 2 ? code : "", i);
        for (int k = 0; k < n_characters; k++)
            fputs(k % 20 == 19 ? "，" : (const char *const[]){"压", "铸", "氮", "化", "铝", "膜"}[(i + k * k) % 6],
                  csv);
        fprintf(csv, ",%s,%d万元,2026-%02d-%02d\n", i % 2 ? "新能源" : "先进材料", 1 + i % 50, 1 + i % 12, 1 + i % 28);
    }
    if (fclose(csv) != 0)
        die(NULL);
}

/* ---- phases, each in a process of its own ---- */

static void import_file(DjTable table, const char *file, const char *db, gboolean fresh)
{
    GError *error = NULL;
    g_autofree char *path = file_in(file), *db_path = file_in(db);
    g_autoptr(DjStore) store = dj_store_open(db_path, fresh ? DJ_STORE_CREATE : DJ_STORE_WRITE, &error);
    g_autoptr(DjConfigSource) config = dj_config_source_new(DJ_SOURCE_DIR "/config", NULL, &error);
    g_autoptr(DjMapping) mapping = config ? dj_mapping_load(config, dj_table_name(table), &error) : NULL;
    const DjImportOptions options = {.path = path,
                                     .table = table,
                                     .mapping = mapping,
                                     .recorded_at = "2026-11-01T09:00:00",
                                     .threads = (guint)n_threads};
    DjImportResult result;
    if (!store || !mapping || !dj_import_file(store, &options, &result, &error))
        die(error);
    gint n = table == DJ_TABLE_PATENT ? n_rows : n_needs;
    if (result.imported + result.unchanged != n || (result.imported == 0) == fresh)
        die(NULL);
    dj_import_result_clear(&result);
}

static void read_file(const char *file)
{
    GError *error = NULL;
    g_autofree char *path = file_in(file);
    DjReader *reader = dj_reader_open(path, NULL, &error);
    gboolean more = TRUE;
    DjRow row;
    while (reader && more)
        if (!dj_reader_next(reader, &row, &more, &error))
            break;
    if (error)
        die(error);
    dj_reader_close(reader);
}

static void must_sql(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fprintf(stderr, "bench_import: %s\n", message);
        exit(1);
    }
}

typedef struct {
    char *key, *fields;
    guint8 hash[16], row_hash[16];
    int length;
} Row;

typedef struct {
    double seconds, cpu, memory; /* wall clock, processor, peak in MB */
} Cost;

static double cpu_of(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* The inserts of the import, from memory. Loading the rows does not count. */
static Cost bare_loop(void)
{
    g_autofree char *from = file_in("import.db"), *to = file_in("bare.db");
    sqlite3 *db = NULL;
    sqlite3_stmt *read = NULL, *record, *version, *find;
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));
    if (sqlite3_open(from, &db) != SQLITE_OK ||
        sqlite3_prepare_v2(
            db,
            "SELECT r.key, v.hash, v.fields, r.row_hash FROM version v JOIN record r ON r.id = v.record ORDER BY v.id",
            -1, &read, NULL) != SQLITE_OK)
        die(NULL);
    while (sqlite3_step(read) == SQLITE_ROW) {
        Row row = {.key = g_strdup((const char *)sqlite3_column_text(read, 0)),
                   .fields = g_strdup((const char *)sqlite3_column_text(read, 2)),
                   .length = sqlite3_column_bytes(read, 2)};
        memcpy(row.hash, sqlite3_column_blob(read, 1), sizeof row.hash);
        memcpy(row.row_hash, sqlite3_column_blob(read, 3), sizeof row.row_hash);
        g_array_append_val(rows, row);
    }
    sqlite3_finalize(read);
    sqlite3_close(db);

    double cpu = cpu_of(RUSAGE_SELF);
    gint64 begin = g_get_monotonic_time();
    if (sqlite3_open(to, &db) != SQLITE_OK)
        die(NULL);
    must_sql(
        db,
        "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA cache_size = -16384; PRAGMA synchronous = NORMAL;"
        "PRAGMA wal_autocheckpoint = 4096; PRAGMA foreign_keys = ON;");
    must_sql(db, dj_store_schema);
    must_sql(db,
             "INSERT INTO batch (command, source, source_hash, recorded_at) VALUES ('', '', '', ''); BEGIN IMMEDIATE");
    sqlite3_prepare_v2(db, "SELECT id FROM record WHERE tab = 0 AND key = ?1", -1, &find, NULL);
    sqlite3_prepare_v2(db, "INSERT INTO record (tab, key, current, hash, row_hash) VALUES (0, ?1, ?2, ?3, ?4)", -1,
                       &record, NULL);
    sqlite3_prepare_v2(db, "INSERT INTO version (record, batch, row, hash, fields) VALUES (?1, 1, ?2, ?3, ?4)", -1,
                       &version, NULL);
    for (guint i = 0; i < rows->len; i++) {
        const Row *row = &g_array_index(rows, Row, i);
        sqlite3_bind_text(find, 1, row->key, -1, SQLITE_STATIC);
        sqlite3_step(find);
        sqlite3_reset(find);
        sqlite3_bind_text(record, 1, row->key, -1, SQLITE_STATIC);
        sqlite3_bind_int64(record, 2, i + 1);
        sqlite3_bind_blob(record, 3, row->hash, sizeof row->hash, SQLITE_STATIC);
        sqlite3_bind_blob(record, 4, row->row_hash, sizeof row->row_hash, SQLITE_STATIC);
        gboolean ok = sqlite3_step(record) == SQLITE_DONE;
        sqlite3_reset(record);
        sqlite3_bind_int64(version, 1, i + 1);
        sqlite3_bind_int64(version, 2, i + 2);
        sqlite3_bind_blob(version, 3, row->hash, sizeof row->hash, SQLITE_STATIC);
        sqlite3_bind_text(version, 4, row->fields, row->length, SQLITE_STATIC);
        ok = ok && sqlite3_step(version) == SQLITE_DONE;
        sqlite3_reset(version);
        if (!ok)
            die(NULL);
        if (i % 4000 == 3999)
            must_sql(db, "COMMIT; BEGIN IMMEDIATE");
    }
    must_sql(db, "COMMIT");
    sqlite3_finalize(find);
    sqlite3_finalize(record);
    sqlite3_finalize(version);
    sqlite3_close(db);
    return (Cost){(double)(g_get_monotonic_time() - begin) / 1e6, cpu_of(RUSAGE_SELF) - cpu, 0};
}

static double peak_megabytes(void)
{
    g_autofree char *status = NULL;
    if (!g_file_get_contents("/proc/self/status", &status, NULL, NULL))
        return 0;
    const char *line = strstr(status, "VmHWM:");
    return line ? g_ascii_strtod(line + 6, NULL) / 1024 : 0;
}

static void run_phase(void)
{
    /* The processor time of starting the process is left out, as the clock leaves it out. */
    gint64 begin = g_get_monotonic_time();
    double cpu = cpu_of(RUSAGE_SELF);
    Cost cost = {0};
    if (strcmp(phase, "make") == 0) {
        g_autofree char *csv = file_in("rows.csv"), *xlsx = file_in("rows.xlsx"), *needs = file_in("needs.csv");
        make_files(csv, xlsx);
        make_needs(needs);
    } else if (strcmp(phase, "read") == 0) {
        read_file("rows.csv");
    } else if (strcmp(phase, "import") == 0) {
        import_file(DJ_TABLE_PATENT, "rows.csv", "import.db", TRUE);
    } else if (strcmp(phase, "again") == 0) {
        import_file(DJ_TABLE_PATENT, "rows.csv", "import.db", FALSE);
    } else if (strcmp(phase, "xlsx") == 0) {
        import_file(DJ_TABLE_PATENT, "rows.xlsx", "xlsx.db", TRUE);
    } else if (strcmp(phase, "needs") == 0) {
        import_file(DJ_TABLE_NEED, "needs.csv", "needs.db", TRUE);
    } else if (strcmp(phase, "needs again") == 0) {
        import_file(DJ_TABLE_NEED, "needs.csv", "needs.db", FALSE);
    } else {
        cost = bare_loop();
    }
    if (cost.seconds == 0)
        cost = (Cost){(double)(g_get_monotonic_time() - begin) / 1e6, cpu_of(RUSAGE_SELF) - cpu, 0};
    printf("%.3f %.3f %.1f\n", cost.seconds, cost.cpu, peak_megabytes());
}

/* ---- the run ---- */

static void drop(const char *name)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *file = g_strconcat(name, ends[i], NULL), *path = file_in(file);
        g_unlink(path);
    }
}

static void spawn(char **command, char **out)
{
    GError *error = NULL;
    gint status;
    if (!g_spawn_sync(NULL, command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, out, NULL, &status, &error) ||
        !g_spawn_check_wait_status(status, &error))
        die(error);
}

static int compare_numbers(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts values. */
static double median(double *values, gint n)
{
    qsort(values, (gsize)n, sizeof *values, compare_numbers);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static Cost median_cost(const Cost *costs)
{
    g_autofree double *values = g_new(double, (gsize)n_rounds);
    Cost out = {0};
    for (gint i = 0; i < n_rounds; i++)
        values[i] = costs[i].seconds;
    out.seconds = median(values, n_rounds);
    for (gint i = 0; i < n_rounds; i++)
        values[i] = costs[i].cpu;
    out.cpu = median(values, n_rounds);
    for (gint i = 0; i < n_rounds; i++)
        out.memory = MAX(out.memory, costs[i].memory);
    return out;
}

/* One run of a phase; db, where there is one, is made anew. */
static Cost measure(const char *self, const char *name, const char *db)
{
    g_autofree char *rows = g_strdup_printf("--rows=%d", n_rows);
    g_autofree char *needs = g_strdup_printf("--needs=%d", n_needs);
    g_autofree char *characters = g_strdup_printf("--characters=%d", n_characters);
    g_autofree char *threads = g_strdup_printf("--threads=%d", n_threads);
    char *command[] = {(char *)self, (char *)"--phase", (char *)name, (char *)"--folder", folder, rows, needs,
                       characters,   threads,           NULL};
    g_autofree char *out = NULL;
    char *end;
    Cost cost;
    if (db)
        drop(db);
    spawn(command, &out);
    cost.seconds = g_ascii_strtod(out, &end);
    cost.cpu = g_ascii_strtod(end, &end);
    cost.memory = g_ascii_strtod(end, NULL);
    return cost;
}

static Cost measure_peer(void)
{
    g_autofree char *db = file_in("peer.db"), *csv = file_in("rows.csv"), *out = NULL;
    g_autofree char *command = g_strdup_printf(".import --csv \"%s\" t", csv);
    drop("peer.db");
    double cpu = cpu_of(RUSAGE_CHILDREN);
    gint64 begin = g_get_monotonic_time();
    spawn((char *[]){(char *)"sqlite3", db, command, NULL}, &out);
    return (Cost){(double)(g_get_monotonic_time() - begin) / 1e6, cpu_of(RUSAGE_CHILDREN) - cpu, 0};
}

static void line(const char *name, gint n, Cost cost)
{
    printf("%-11s %9.3f s %9.3f s cpu %10.0f rows/s", name, cost.seconds, cost.cpu, n / cost.seconds);
    if (cost.memory > 0)
        printf(" %8.1f MB", cost.memory);
    putchar('\n');
}

/* How fast `cost` is, measured by `peer`. */
static void compare(const char *what, Cost peer, Cost cost)
{
    printf("  %-46s %6.2f  (cpu %.2f)\n", what, peer.seconds / cost.seconds, peer.cpu / cost.cpu);
}

int main(int argc, char **argv)
{
    GError *error = NULL;
    const GOptionEntry entries[] = {
        {"rows", 0, 0, G_OPTION_ARG_INT, &n_rows, "rows of the file of patents", "N"},
        {"needs", 0, 0, G_OPTION_ARG_INT, &n_needs, "rows of the file of needs", "N"},
        {"characters", 0, 0, G_OPTION_ARG_INT, &n_characters, "length of an abstract, and of a need", "N"},
        {"threads", 0, 0, G_OPTION_ARG_INT, &n_threads, "that read rows of the import", "N"},
        {"rounds", 0, 0, G_OPTION_ARG_INT, &n_rounds, "of all phases by turns; medians count", "N"},
        {"folder", 0, 0, G_OPTION_ARG_FILENAME, &folder, "where files are made", "DIR"},
        {"phase", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &phase, "", ""},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- import against its peers");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || n_rows < 1 || n_needs < 1 || n_rounds < 1)
        die(error);
    if (phase) {
        run_phase();
        return 0;
    }
    gboolean own = !folder;
    if (own && !(folder = g_dir_make_tmp("bench-import-XXXXXX", &error)))
        die(error);
    measure(argv[0], "make", NULL);
    g_autofree char *sqlite = g_find_program_in_path("sqlite3"), *xlsx = file_in("rows.xlsx");
    gboolean has_book = g_file_test(xlsx, G_FILE_TEST_EXISTS);
    enum { PEER, READ, IMPORT, AGAIN, BARE, BOOK, NEEDS, NEEDS_AGAIN, N_PHASES };
    g_autofree Cost *costs = g_new0(Cost, (gsize)N_PHASES * (gsize)n_rounds);
    /* By turns, so that other work on the machine meets all of them. */
    for (gint i = 0; i < n_rounds; i++) {
        if (sqlite)
            costs[PEER * n_rounds + i] = measure_peer();
        costs[READ * n_rounds + i] = measure(argv[0], "read", NULL);
        costs[IMPORT * n_rounds + i] = measure(argv[0], "import", "import.db");
        costs[AGAIN * n_rounds + i] = measure(argv[0], "again", NULL);
        costs[BARE * n_rounds + i] = measure(argv[0], "bare", "bare.db");
        costs[BARE * n_rounds + i].memory = 0; /* the rows that it holds */
        if (has_book)
            costs[BOOK * n_rounds + i] = measure(argv[0], "xlsx", "xlsx.db");
        costs[NEEDS * n_rounds + i] = measure(argv[0], "needs", "needs.db");
        costs[NEEDS_AGAIN * n_rounds + i] = measure(argv[0], "needs again", NULL);
    }
    Cost cost[N_PHASES];
    for (int p = 0; p < N_PHASES; p++)
        cost[p] = median_cost(costs + p * n_rounds);
    static const char *const names[N_PHASES] = {".import",   "read", "import", "again",
                                                "bare loop", "xlsx", "needs",  "needs again"};
    for (int p = 0; p < N_PHASES; p++)
        if (cost[p].seconds > 0)
            line(names[p], p < NEEDS ? n_rows : n_needs, cost[p]);
    if (sqlite)
        compare("import, speed of .import = 1", cost[PEER], cost[IMPORT]);
    else
        puts(".import    skipped: there is no sqlite3 program");
    compare("import, speed of the bare loop = 1", cost[BARE], cost[IMPORT]);
    compare("again, speed of the first import = 1", cost[IMPORT], cost[AGAIN]);
    if (has_book)
        compare("xlsx, speed of the CSV import = 1", cost[IMPORT], cost[BOOK]);
    compare("needs again, speed of their first import = 1", cost[NEEDS], cost[NEEDS_AGAIN]);
    static const char *const made[] = {"rows.csv", "rows.xlsx", "needs.csv", "import.db",
                                       "peer.db",  "bare.db",   "xlsx.db",   "needs.db"};
    for (gsize i = 0; own && i < G_N_ELEMENTS(made); i++)
        drop(made[i]);
    if (own)
        g_rmdir(folder);
    return 0;
}
