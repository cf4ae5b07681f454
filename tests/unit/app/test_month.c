/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A worked year: twelve months with arriving, lapsing and corrected records, a new rule, a new version of the taxonomy,
 * of the lexicon, of the weights and of the model, and decisions. Every cause is found again from its definition. */
#include "app/month_publish.h"
#include "engine/kernel/engine.h"
#include "engine/store/decision.h"
#include "tests/unit/app/month_ground.h"
#include "tests/unit/config/fixture.h"

#include <string.h>

#define N_PATENTS 60

static void write_settings(YearGround *ground, int content)
{
    g_autofree char *text = g_strdup_printf("data:\n  taxonomy: year\n  gate: year\nlist:\n  top: 5\n  min_score: 0\n"
                                            "need:\n  content: %d\nmonthly:\n  floor: 2\n  sheet: 3\n  patent_cap: 4\n",
                                            content);
    year_ground_write(ground, "default.yaml", text);
}

static void write_taxonomy(YearGround *ground, int version)
{
    g_autofree char *text = g_strdup_printf("id: year\nversion: \"%d\"\ndate: 2026-01-01\nsource: test\nchains:\n"
                                            "  - {id: a, name: 甲链, tier: 一, aliases: [%s], ipc: [], keywords: []}\n"
                                            "  - {id: b, name: 乙链, tier: 一, aliases: [%s], ipc: [], keywords: []}\n",
                                            version, version == 1 ? "甲" : "丙", version == 1 ? "乙" : "甲, 乙");
    year_ground_write(ground, "chains/year.yaml", text);
}

static void write_rules(YearGround *ground, int version)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text,
                    "id: year\nversion: \"%d\"\ndate: 2026-01-01\njurisdiction: CN\napplies_to: patents\nrules:\n"
                    "  - {id: fee, name: 年费, source: test, hard: true, ask: 问,\n"
                    "     test: {field: fee_paid_until, not_before: now}}\n",
                    version);
    if (version > 1)
        g_string_append(text, "  - {id: level, name: 成熟度, source: test, hard: true, ask: 问,\n"
                              "     test: {field: maturity, at_least: 3}}\n");
    year_ground_write(ground, "rules/year.yaml", text->str);
}

static void write_lexicon(YearGround *ground, int version)
{
    g_autofree char *text = g_strdup_printf("id: words\nversion: \"%d\"\nentries:\n"
                                            "  - {terms: [一丁, %s], type: synonym, source: test}\n"
                                            "  - {terms: [丁一, %s], type: synonym, source: test}\n",
                                            version, version == 1 ? "亿亿" : "一七", version == 1 ? "亿人" : "七一");
    year_ground_write(ground, "lexicon/words.yaml", text);
}

/* What happens before the list of a month is made. */
static void happen(YearGround *ground)
{
    GPtrArray *records = g_ptr_array_new();
    int month = ground->month;
    if (month == 2 || month == 11) /* new patents */
        for (guint i = 0; i < 4; i++)
            g_ptr_array_add(records, year_ground_patent(ground, N_PATENTS + 10 * (guint)month + i));
    if (month == 3 || month == 11) { /* a need is put otherwise, one is new, one is closed */
        g_ptr_array_add(records, year_ground_need(ground, 3, 3));
        g_ptr_array_add(records, year_ground_need(ground, 100 + (guint)month, 2));
        DjRecord *closed = year_ground_read(ground, DJ_TABLE_NEED, month == 3 ? "N005" : "N004", DJ_POINT_NOW);
        dj_record_set(closed, DJ_NEED_STATUS, "matched");
        g_ptr_array_add(records, closed);
    }
    if (month == 4 || month == 12) /* patents are corrected */
        for (guint i = 0; i < 6; i++)
            g_ptr_array_add(records, year_ground_patent(ground, 3 + 7 * i));
    if (month == 4) /* and some turn out to be one family, of which a list shows one */
        for (guint i = 22; i < 34; i++) {
            g_autofree char *key = g_strdup_printf("S%03u", i);
            DjRecord *member = year_ground_read(ground, DJ_TABLE_PATENT, key, DJ_POINT_NOW);
            dj_record_set(member, DJ_PATENT_FAMILY, "族");
            g_ptr_array_add(records, member);
        }
    if (records->len > 0)
        year_ground_put(ground, records);
    else
        g_ptr_array_unref(records);
    if (month == 5 || month == 12)
        write_rules(ground, month == 5 ? 2 : 1);
    if (month == 6)
        write_taxonomy(ground, 2);
    if (month == 7)
        write_lexicon(ground, 2);
    if (month == 8)
        year_ground_train(ground);
    if (month == 9)
        write_settings(ground, 20);
    if (month == 10) {
        year_ground_decide(ground, DJ_DECISION_OPT_OUT, "N007", "");
        year_ground_decide(ground, DJ_DECISION_PIN, "N001", "S040");
    }
}

static DjMonthRunner *new_runner(YearGround *ground, guint threads, const char *kernel)
{
    return dj_month_runner_new(ground->workspace, &ground->app, threads, kernel);
}

static DjResultSet *run(DjMonthRunner *runner, const DjMonthMix *mix)
{
    g_autoptr(GError) error = NULL;
    DjResultSet *set = dj_month_run(runner, mix, FALSE, 0, NULL, &error);
    cr_assert_not_null(set, "%s", error ? error->message : "");
    return set;
}

static guint rank_of(const DjResultSet *set, const char *need, const char *patent)
{
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        if (strcmp(pairing->need, need) == 0 && strcmp(pairing->patent, patent) == 0)
            return pairing->rank;
    }
    return 0;
}

/* Rank on the need's list when the pair's own patent is as it was and everything else as it is: in a workspace made of
 * exactly these records. */
static guint rank_with_own_patent_back(YearGround *ground, const DjMonthVersion *before, const DjMonthVersion *now,
                                       const char *need, const char *patent)
{
    YearGround other = {.folder = fixture_folder(), .config = fixture_folder(), .month = ground->month};
    g_autoptr(GError) error = NULL;
    other.app = (DjApp){.workspace = g_build_filename(other.folder, "w", NULL), .command = "monthly", .quiet = TRUE};
    other.rand = g_rand_new_with_seed(1);
    cr_assert(dj_workspace_create(other.app.workspace, &error), "%s", error ? error->message : "");
    other.workspace = dj_workspace_open(&other.app, DJ_WORKSPACE_WRITE, &error);
    cr_assert_not_null(other.workspace);
    GPtrArray *records = g_ptr_array_new();
    for (guint i = 0; i < 250; i++) {
        g_autofree char *key = g_strdup_printf("S%03u", i), *id = g_strdup_printf("N%03u", i);
        gint64 point = strcmp(key, patent) == 0 ? before->facts : now->facts;
        DjRecord *record = year_ground_read(ground, DJ_TABLE_PATENT, key, point);
        if (record)
            g_ptr_array_add(records, record);
        if ((record = year_ground_read(ground, DJ_TABLE_NEED, id, now->facts)))
            g_ptr_array_add(records, record);
    }
    year_ground_put(&other, records);
    g_autoptr(GBytes) model = dj_store_get_blob(ground->workspace->store, "model", now->model, &error);
    g_autofree char *hash = NULL;
    cr_assert(dj_store_put_blob(other.workspace->store, "model", model, "2026-01-01T00:00:00", &hash, &error));
    DjMonthVersion version = *now;
    cr_assert(dj_store_point_now(other.workspace->store, &version.facts, &error));
    version.decision = 0;
    DjMonthMix mix = dj_month_mix_of(&version);
    DjMonthRunner *runner = new_runner(&other, 1, NULL);
    g_autoptr(DjResultSet) set = run(runner, &mix);
    guint rank = rank_of(set, need, patent);
    dj_month_runner_free(runner);
    year_ground_free(&other);
    return rank;
}

enum { NEED, DECISION, TAXONOMY, LEXICON, MODEL, WEIGHTS, N_SHARED };
static const char *const shared[] = {"need", "decision", "taxonomy", "lexicon", "model", "weights"};

static DjMonthMix shared_back(int which, const DjMonthVersion *before, const DjMonthVersion *now)
{
    DjMonthMix mix = dj_month_mix_of(now);
    const DjMonthVersion **slot[] = {&mix.need, &mix.decision, &mix.taxonomy, &mix.lexicon, &mix.model, &mix.weights};
    *slot[which] = before;
    return mix;
}

static char **read_diff(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "diff.csv", NULL), *text = NULL;
    cr_assert(g_file_get_contents(path, &text, NULL, NULL));
    return g_strsplit(text, "\r\n", -1);
}

/* Whether a shared class of input is another one this month. */
static gboolean is_changed(int which, const DjMonthVersion *before, const DjMonthVersion *now)
{
    const DjMonthConfig *a = before->config, *b = now->config;
    const gboolean changed[N_SHARED] = {
        [NEED] = before->facts != now->facts || before->day != now->day,
        [DECISION] = before->decision != now->decision,
        [TAXONOMY] = strcmp(a->chains, b->chains) != 0,
        [LEXICON] = strcmp(a->lexicon, b->lexicon) != 0,
        [MODEL] = strcmp(before->model, now->model) != 0,
        [WEIGHTS] = strcmp(a->weights, b->weights) != 0,
    };
    return changed[which];
}

/* "combined" names the classes that move the pair when they alone are put back; where none does, all that changed. */
static void check_combined(const char *list, const char *row, const gboolean *moves, const DjMonthVersion *before,
                           const DjMonthVersion *now)
{
    static const char *const own[] = {"patent", "gate", "competitors"};
    g_auto(GStrv) names = g_strsplit(list, "+", -1);
    guint n_known = 0;
    gboolean by_moves = TRUE, by_change = TRUE, any_moves = FALSE;
    for (int c = 0; c < N_SHARED; c++) {
        gboolean named = g_strv_contains((const char *const *)names, shared[c]);
        n_known += named;
        any_moves |= moves[c];
        by_moves &= named == moves[c];
        by_change &= named == is_changed(c, before, now);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(own); i++)
        n_known += g_strv_contains((const char *const *)names, own[i]);
    cr_expect_gt(n_known, 0, "%s: %s", now->month, row);
    cr_expect_eq(n_known, g_strv_length(names), "%s: a name that is no class, or one twice: %s", now->month, row);
    cr_expect(by_moves || (!any_moves && by_change), "%s: %s, moves %d%d%d%d%d%d", now->month, row, moves[0], moves[1],
              moves[2], moves[3], moves[4], moves[5]);
}

/* Checks the rows of a month; counts causes. */
static void check_month(YearGround *ground, const DjMonthVersion *before, const DjMonthVersion *now, const char *folder,
                        GHashTable *seen)
{
    DjMonthRunner *runner = new_runner(ground, 2, NULL);
    DjMonthMix mix_before = dj_month_mix_of(before), mix_now = dj_month_mix_of(now);
    g_autoptr(DjResultSet) was = run(runner, &mix_before), is = run(runner, &mix_now);
    DjResultSet *back[N_SHARED];
    for (int c = 0; c < N_SHARED; c++) {
        DjMonthMix mix = shared_back(c, before, now);
        back[c] = run(runner, &mix);
    }
    g_auto(GStrv) rows = read_diff(folder);
    guint n_deep = 0;
    for (char **row = rows + 1; *row && **row; row++) {
        g_auto(GStrv) cell = g_strsplit(*row, ",", -1);
        const char *need = cell[0], *patent = cell[1], *change = cell[2], *cause = cell[3];
        guint old = rank_of(was, need, patent), new = rank_of(is, need, patent);
        const char *expected = !old ? "new" : !new ? "gone" : old == new ? "kept" : new < old ? "up" : "down";
        cr_expect_str_eq(change, expected, "%s: %s", now->month, *row);
        cr_expect_eq(strcmp(change, "kept") == 0, *cause == '\0', "%s: %s", now->month, *row);
        g_hash_table_add(seen, g_strdup(cause));
        gboolean earlier = TRUE; /* shared classes before the cause do not restore, the cause does */
        for (int c = 0; c < N_SHARED && *cause && earlier; c++) {
            gboolean restores = rank_of(back[c], need, patent) == old;
            if (strcmp(cause, shared[c]) == 0) {
                cr_expect(restores, "%s: %s", now->month, *row);
                earlier = FALSE;
            } else if (strcmp(cause, "patent") != 0 && strcmp(cause, "gate") != 0) {
                cr_expect_not(restores, "%s: %s restores: %s", now->month, shared[c], *row);
            }
        }
        gboolean moves[N_SHARED];
        for (int c = 0; c < N_SHARED; c++)
            moves[c] = rank_of(back[c], need, patent) != new;
        cr_expect_eq(strcmp(cause, "combined") == 0, *cell[8] != '\0', "%s: %s", now->month, *row);
        if (*cell[8])
            check_combined(cell[8], *row, moves, before, now);
        gboolean own = strcmp(cause, "patent") == 0;
        if (before->facts != now->facts && now->decision == 0 && *cause && n_deep < 6) {
            n_deep++;
            guint rank = rank_with_own_patent_back(ground, before, now, need, patent);
            if (!g_str_has_prefix(need, DJ_MONTH_PROFILE_PREFIX))
                cr_expect_eq(rank == old, own, "%s: %u, %s", now->month, rank, *row);
        }
    }
    for (int c = 0; c < N_SHARED; c++)
        dj_result_set_free(back[c]);
    dj_month_runner_free(runner);
}

static void make(YearGround *ground, const DjMonthVersion *now, const DjMonthVersion *before, guint threads,
                 const char *kernel, const char *folder)
{
    g_autoptr(GError) error = NULL;
    DjMonthRunner *runner = new_runner(ground, threads, kernel);
    g_auto(DjMonthSummary) summary = {0};
    cr_assert(dj_month_make(runner, ground->workspace, now, before, DJ_AUDIENCE_ORGANISER, folder, &summary, &error),
              "%s: %s", now->month, error ? error->message : "");
    cr_expect_eq(summary.gap, 0);
    cr_expect_geq(summary.points, 0, "the points of what was chosen, not less what is missing");
    cr_expect_leq(summary.n_runs, 12);
    dj_month_runner_free(runner);
}

static char *manifest_of(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, DJ_MONTH_MANIFEST, NULL);
    char *text = NULL;
    cr_assert(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

Test(month, a_worked_year_and_the_cause_of_every_change, .timeout = 280)
{
    YearGround ground;
    year_ground_make(&ground, N_PATENTS, 16, 11);
    write_settings(&ground, 80);
    write_taxonomy(&ground, 1);
    write_rules(&ground, 1);
    write_lexicon(&ground, 1);
    year_ground_train(&ground);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    DjMonthVersion *before = NULL;
    for (ground.month = 1; ground.month <= 12; ground.month++) {
        happen(&ground);
        DjMonthVersion *now = year_ground_version(&ground);
        g_autofree char *folder = g_build_filename(ground.folder, now->month, NULL);
        make(&ground, now, before, 2, NULL, folder);
        if (before)
            check_month(&ground, before, now, folder, seen);
        dj_month_version_free(before);
        before = now;
    }
    dj_month_version_free(before);
    static const char *const causes[] = {"patent",  "need",  "gate",    "decision",    "taxonomy",
                                         "lexicon", "model", "weights", "competitors", "combined"};
    for (gsize i = 0; i < G_N_ELEMENTS(causes); i++)
        cr_expect(g_hash_table_contains(seen, causes[i]), "the year never shows %s", causes[i]);
    year_ground_free(&ground);
}

static void ready(YearGround *ground)
{
    year_ground_make(ground, N_PATENTS, 16, 12);
    write_settings(ground, 80);
    write_taxonomy(ground, 1);
    write_rules(ground, 1);
    write_lexicon(ground, 1);
    year_ground_train(ground);
}

Test(month, threads_and_kernels_change_no_byte)
{
    YearGround ground;
    ready(&ground);
    DjMonthVersion *first = year_ground_version(&ground);
    ground.month = 2;
    happen(&ground);
    DjMonthVersion *now = year_ground_version(&ground);
    static const struct {
        guint threads;
        const char *kernel;
    } ways[] = {{1, "scalar"}, {2, NULL}, {8, NULL}, {8, "scalar"}};
    g_autofree char *wanted = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autofree char *folder = g_strdup_printf("%s/out%zu", ground.folder, i);
        make(&ground, now, first, ways[i].threads, ways[i].kernel, folder);
        g_autofree char *manifest = manifest_of(folder); /* holds the hash of every other file */
        if (!wanted)
            wanted = g_strdup(manifest);
        cr_expect_str_eq(manifest, wanted, "%u threads, kernel %s", ways[i].threads,
                         ways[i].kernel ? ways[i].kernel : "best");
    }
    dj_month_version_free(first);
    dj_month_version_free(now);
    year_ground_free(&ground);
}

static DjMonthPushed pushed_of(DjStore *store, const char *folder, const DjMonthPushes *pushes)
{
    DjMonthPushed pushed;
    g_autoptr(GError) error = NULL;
    json_t *manifest = dj_month_manifest_read(folder, &error);
    cr_assert(manifest && dj_month_pushed(store, folder, manifest, pushes, &pushed, &error), "%s",
              error ? error->message : "");
    json_decref(manifest);
    return pushed;
}

Test(month, what_was_pushed_is_not_pushed_again_until_it_changes)
{
    YearGround ground;
    g_autoptr(GError) error = NULL;
    ready(&ground);
    DjMonthVersion *first = year_ground_version(&ground);
    g_autofree char *one = g_build_filename(ground.folder, "one", NULL),
                    *two = g_build_filename(ground.folder, "two", NULL);
    make(&ground, first, NULL, 1, NULL, one);
    DjStore *store = ground.workspace->store;
    guint added = 0, known = 0;
    cr_assert(dj_month_publish(store, one, "2026-01-29T09:00:00", &added, &known, &error), "%s",
              error ? error->message : "");
    cr_assert_gt(added, 0);
    guint again = 0;
    cr_assert(dj_month_publish(store, one, "2026-01-30T09:00:00", &again, &known, &error));
    cr_expect_eq(again, 0);
    cr_expect_eq(known, added);
    /* and it can be told what is recorded */
    g_autoptr(DjMonthPushes) pushes = dj_month_pushes_read(store, &error);
    cr_assert(pushes, "%s", error ? error->message : "");
    DjMonthPushed pushed = pushed_of(store, one, pushes);
    cr_expect(pushed.recorded.n == added && pushed.waiting == 0 && pushed.kept);
    cr_expect_str_eq(pushed.recorded.last, "2026-01-29", "a second press records nothing");

    ground.month = 2;
    g_autofree char *path = g_build_filename(one, DJ_MONTH_PUSHES, NULL), *text = NULL, *more = NULL;
    cr_assert(g_file_get_contents(path, &text, NULL, NULL));
    DjMonthVersion *before = dj_month_published_before(store, "2026-02", &error);
    cr_assert_not_null(before, "%s", error ? error->message : "");
    cr_expect_str_eq(before->month, "2026-01");
    DjMonthVersion *now = year_ground_version(&ground);
    make(&ground, now, before, 1, NULL, two);
    g_autofree char *path_two = g_build_filename(two, DJ_MONTH_PUSHES, NULL);
    cr_assert(g_file_get_contents(path_two, &more, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(more, "\n", -1);
    for (char **line = lines; **line; line++)
        cr_expect_null(strstr(text, *line), "%s", *line);
    pushed = pushed_of(store, two, pushes);
    cr_expect(pushed.recorded.n == 0 && pushed.waiting == g_strv_length(lines) - 1 && !pushed.kept &&
              !*pushed.recorded.last);

    /* a changed file is not published */
    g_autofree char *coverage = g_build_filename(two, "coverage.csv", NULL);
    cr_assert(g_file_set_contents(coverage, "x", 1, NULL));
    cr_expect_not(dj_month_publish(store, two, "2026-02-28T09:00:00", &added, &known, &error));
    cr_expect(strstr(error->message, "coverage.csv"), "%s", error->message);
    dj_month_version_free(first);
    dj_month_version_free(before);
    dj_month_version_free(now);
    year_ground_free(&ground);
}

static char *read_file(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;
    cr_assert(g_file_get_contents(path, &text, NULL, NULL), "%s", name);
    return text;
}

Test(month, coverage_accounts_for_every_enterprise_that_it_is_owed_to)
{
    YearGround ground;
    ready(&ground);
    DjMonthVersion *now = year_ground_version(&ground);
    g_autofree char *folder = g_build_filename(ground.folder, "one", NULL);
    make(&ground, now, NULL, 1, NULL, folder);
    g_autofree char *path = g_build_filename(folder, "coverage.csv", NULL), *text = NULL;
    cr_assert(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) rows = g_strsplit(text, "\r\n", -1);
    guint n = 0;
    for (char **row = rows + 1; **row; row++, n++) {
        cr_expect(strstr(*row, "covered"), "%s", *row);
        cr_expect_null(strstr(*row, "企业7,"), "not owed: %s", *row);
        if (strstr(*row, "企业8,"))
            cr_expect(strstr(*row, "主导产品,5,3,2,covered"), "%s", *row);
        if (strstr(*row, "企业9,"))
            cr_expect(strstr(*row, "无,0,0,2,uncovered,既无在办需求，也无主导产品,请企业填"), "%s", *row);
        if (strstr(*row, "企业6,"))
            cr_expect(strstr(*row, "企业选择不接收推荐"), "%s", *row);
    }
    cr_expect_eq(n, 9, "ten enterprises, one without a title");
    g_autofree char *page = read_file(folder, DJ_MONTH_COVERAGE_PAGE);
    cr_expect(strstr(page, "<td>企业9</td>") && strstr(page, "既无在办需求，也无主导产品"));
    cr_expect_null(strstr(page, "<td>企业8</td>"), "covered, so nobody is to be asked");
    g_autofree char *index = read_file(folder, "index.html"), *lists = g_build_filename(folder, "配对清单.xlsx", NULL),
                    *sheet = NULL;
    cr_expect(strstr(index, "<h1>2026 年 1 月供需配对清单</h1>"));
    const char *argv[] = {"unzip", "-p", lists, "xl/worksheets/sheet2.xml", NULL};
    cr_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &sheet, NULL, NULL, NULL));
    cr_expect(strstr(sheet, "企业9") && strstr(sheet, "既无在办需求，也无主导产品") && strstr(sheet, "没有"));
    cr_expect(strstr(sheet, "企业8") && strstr(sheet, "主导产品") && strstr(sheet, "达到"), "the covered too");
    dj_month_version_free(now);
    year_ground_free(&ground);
}

/* 9 has no text of its own; a person finds that 8, which has a product, is the same one. */
Test(month, two_records_of_one_enterprise_are_covered_as_one)
{
    YearGround ground;
    ready(&ground);
    g_auto(GStrv) key = g_new0(char *, 3);
    for (int i = 0; i < 2; i++) {
        g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_ENTERPRISE);
        dj_record_set(record, DJ_ENTERPRISE_NAME, i == 0 ? "企业9" : "企业8");
        cr_assert(dj_record_make_key(record));
        key[i] = g_strdup(record->key);
    }
    year_ground_decide(&ground, DJ_DECISION_SAME, key[0], key[1]);
    DjMonthVersion *now = year_ground_version(&ground);
    g_autofree char *folder = g_build_filename(ground.folder, "one", NULL);
    make(&ground, now, NULL, 1, NULL, folder);
    g_autofree char *coverage = read_file(folder, "coverage.csv"), *pushes = read_file(folder, DJ_MONTH_PUSHES);
    cr_expect_null(strstr(coverage, "企业8,"), "%s", coverage);
    const char *row = strstr(coverage, "企业9,");
    cr_expect(row && strstr(row, "主导产品,5,3,2,covered"), "%s", coverage);
    cr_expect(strstr(pushes, key[0]) && !strstr(pushes, key[1]), "%s", pushes);
    dj_month_version_free(now);
    year_ground_free(&ground);
}

/* Every patent on one page, lists of two: the pages need pairs that no list shows. And floors that nobody can keep. */
Test(month, caps_and_floors_reach_below_the_ends_of_lists)
{
    YearGround ground;
    ready(&ground);
    year_ground_write(&ground, "default.yaml",
                      "data:\n  taxonomy: year\n  gate: year\nlist:\n  top: 2\n  min_score: 0\n"
                      "monthly:\n  floor: 2\n  sheet: 3\n  patent_cap: 1\n");
    year_ground_write(&ground, "coverage/floors.yaml",
                      "floors:\n  - {by: city, of: 恩施州, least: 2}\n  - {by: chain, of: a, least: 9}\n"
                      "  - {by: institution, of: 大学0, least: 1}\n");
    DjMonthVersion *now = year_ground_version(&ground);
    g_autofree char *folder = g_build_filename(ground.folder, "one", NULL);
    g_autoptr(GError) error = NULL;
    DjMonthRunner *runner = new_runner(&ground, 2, NULL);
    g_auto(DjMonthSummary) summary = {0};
    cr_assert(dj_month_make(runner, ground.workspace, now, NULL, DJ_AUDIENCE_ORGANISER, folder, &summary, &error), "%s",
              error ? error->message : "");
    dj_month_runner_free(runner);
    cr_expect_gt(summary.n_rounds, 0);
    cr_expect_geq(summary.gap, 0);
    cr_expect_gt(summary.points, 0);
    /* two for the city that no enterprise lies in, two for the enterprise without a text */
    cr_expect_eq(summary.n_missing, 4, "%u", summary.n_missing);

    g_autofree char *pushes = read_file(folder, "pushes.jsonl"), *coverage = read_file(folder, "coverage.csv"),
                    *floors = read_file(folder, "floors.csv");
    g_autoptr(GHashTable) patents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) lines = g_strsplit(pushes, "\n", -1);
    for (char **line = lines; **line; line++) {
        json_t *push = json_loads(*line, 0, NULL);
        const char *patent = json_string_value(json_object_get(push, "patent")),
                   *enterprise = json_string_value(json_object_get(push, "enterprise"));
        cr_expect(g_hash_table_add(patents, g_strdup(patent)), "%s stands on two pages", patent);
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(of, enterprise));
        g_hash_table_insert(of, g_strdup(enterprise), GUINT_TO_POINTER(n + 1));
        json_decref(push);
    }
    cr_expect_eq(g_hash_table_size(of), 8, "every enterprise with a text that takes part");
    GHashTableIter iter;
    gpointer n;
    g_hash_table_iter_init(&iter, of);
    while (g_hash_table_iter_next(&iter, NULL, &n))
        cr_expect_eq(GPOINTER_TO_UINT(n), 3, "60 patents suffice for three each");
    cr_expect(strstr(floors, "city,恩施州,恩施州,2,0,2,市州 恩施州：应有 2 条"), "%s", floors);
    cr_expect(strstr(floors, "chain,a,甲链,9,0,0,"), "%s", floors);
    cr_expect(strstr(coverage, "企业8,,主导产品,2,3,2,covered"), "%s", coverage);
    dj_month_version_free(now);
    year_ground_free(&ground);
}
