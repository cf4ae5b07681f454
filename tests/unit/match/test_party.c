/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planted ties: owners under every variant of a name, co-owners, groups, competitors, departments, own numbers, avoided
 * parties and a merged identity. What no list may hold is known from how it was planted; everything else must be on the
 * list as it is when nobody's name is known. */
#include "engine/match/identity.h"
#include "tests/unit/match/fixture.h"
#include <criterion/criterion.h>
#include <string.h>

#define N_PATENTS 60
#define N_ORGS    12
#define OWN       7 /* number of the patent that org 1 lists as its own though another owns it */

/* Every organisation by all its names; the first is the registered one. */
static const char *const names[N_ORGS][4] = {
    {"甲材料（武汉）有限公司", "甲材料(武汉)有限责任公司", "甲新材厂", "甲材料 (武汉) 有限公司"},
    {"乙材料有限公司", "乙材料有限责任公司", "乙新材厂", "乙材料有限公司"},
    {"丙控股集团有限公司", "丙控股集团有限责任公司", "丙总厂", "丙控股集团 有限公司"},
    {"丁光电有限公司", "丁光电有限责任公司", "丁灯泡厂", "丁光电有限公司"},
    {"戊药业股份有限公司", "戊药业股份有限公司", "戊制药厂", "戊药业股份有限公司"},
    {"己药业ＡＢ有限公司", "己药业ab有限责任公司", "己制药厂", "己药业AB有限公司"},
    {"庚机床有限公司", "庚机床有限责任公司", "庚机床厂", "庚机床有限公司"},
    {"庚数控装备有限公司", "庚数控装备有限责任公司", "庚数控", "庚数控装备有限公司"}, /* a person: it is 6 */
    {"辛理工大学", "辛理工大学化学学院", "辛理工大学光电国家实验室", "辛理工大学"},
    {"壬大学(武汉)", "壬大学（武汉）材料系", "壬大学(武汉)机械研究所", "壬大学(武汉)"},
    {"癸线缆有限公司", "癸线缆有限责任公司", "癸电缆厂", "癸线缆有限公司"},
    {"子大学", "子大学", "子大学", "子大学"},
};

/* The ties as planted below, both ways. */
static gboolean tied(guint a, guint b)
{
    static const guint pairs[][2] = {
        {0, 1},                   /* both name a parent that has no record */
        {2, 3}, {2, 10}, {3, 10}, /* parent 2, named by 3 as it is called and by 10 as it was called */
        {4, 5},                   /* 4 declares 5 */
        {6, 7},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++)
        if ((pairs[i][0] == a && pairs[i][1] == b) || (pairs[i][0] == b && pairs[i][1] == a))
            return TRUE;
    return a == b;
}

/* The need's own department and the number of another organisation that it avoids; N_ORGS: none. */
static guint avoided_by(guint need)
{
    return need % 3 == 0 ? (need * 5 + 8) % N_ORGS : N_ORGS;
}

static gboolean is_forbidden(const guint owners[2], guint patent, guint need)
{
    guint of = need % N_ORGS;
    for (int i = 0; i < 2; i++)
        if (owners[i] < N_ORGS &&
            (tied(owners[i], of) || owners[i] == avoided_by(need) || (avoided_by(need) == 6 && owners[i] == 7) ||
             (avoided_by(need) == 7 && owners[i] == 6)))
            return TRUE;
    return patent == OWN && (tied(1, of) || avoided_by(need) == 1);
}

static void put_enterprise(Ground *ground, guint org, const char *group, const char *rivals, const char *own)
{
    g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_ENTERPRISE);
    g_autofree char *aliases = g_strdup_printf("%s\n%s", names[org][2], "");
    dj_record_set(record, DJ_ENTERPRISE_NAME, names[org][0]);
    dj_record_set(record, DJ_ENTERPRISE_ALIASES, g_strchomp(aliases));
    dj_record_set(record, DJ_ENTERPRISE_GROUP, group);
    dj_record_set(record, DJ_ENTERPRISE_COMPETITORS, rivals);
    dj_record_set(record, DJ_ENTERPRISE_OWN_PATENTS, own);
    ground_put(ground, record);
}

static char *enterprise_key(guint org)
{
    g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_ENTERPRISE);
    dj_record_set(record, DJ_ENTERPRISE_NAME, names[org][0]);
    cr_assert(dj_record_make_key(record));
    return g_strdup(record->key);
}

static void plant_enterprises(Ground *ground)
{
    g_autofree char *own = g_strdup_printf("S%05d", OWN);
    put_enterprise(ground, 0, "天河集团", NULL, NULL);
    put_enterprise(ground, 1, "天河 集团", NULL, own);
    put_enterprise(ground, 2, NULL, NULL, NULL);
    put_enterprise(ground, 3, names[2][1], NULL, NULL);
    put_enterprise(ground, 4, NULL, names[5][3], NULL);
    put_enterprise(ground, 5, NULL, NULL, NULL);
    put_enterprise(ground, 6, NULL, NULL, NULL);
    put_enterprise(ground, 7, NULL, NULL, NULL);
    put_enterprise(ground, 10, names[2][2], NULL, NULL);
}

static void set_need(Ground *ground, guint number)
{
    g_autofree char *key = g_strdup_printf("N%05u", number);
    g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
    gboolean found;
    cr_assert(dj_store_get(ground->store, DJ_TABLE_NEED, key, DJ_POINT_NOW, need, &found, NULL) && found);
    guint avoided = avoided_by(number);
    dj_record_set(need, DJ_NEED_ENTERPRISE, names[number % N_ORGS][number / N_ORGS % 4]);
    dj_record_set(need, DJ_NEED_EXCLUSIONS, avoided < N_ORGS ? names[avoided][number % 4] : NULL);
    ground_put(ground, need);
}

static void clear_need(Ground *ground, guint number)
{
    g_autofree char *key = g_strdup_printf("N%05u", number);
    g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
    gboolean found;
    cr_assert(dj_store_get(ground->store, DJ_TABLE_NEED, key, DJ_POINT_NOW, need, &found, NULL) && found);
    dj_record_set(need, DJ_NEED_ENTERPRISE, NULL);
    ground_put(ground, need);
}

static GHashTable *listed(Ground *ground)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjResultSet) set = dj_match(ground->corpus, &ground->records, &ground->options, &error);
    cr_assert_not_null(set, "%s", error ? error->message : "");
    GHashTable *pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        g_hash_table_add(pairs, g_strdup_printf("%s %s", pairing->need, pairing->patent));
    }
    return pairs;
}

Test(party, no_list_holds_a_tied_pair_and_nothing_else_is_missing)
{
    const guint n_needs = 4 * N_ORGS;
    Ground ground;
    ground_make(&ground, N_PATENTS, n_needs, 0, 30, 31);
    ground.options.top = N_PATENTS;
    ground.options.explain = FALSE;
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    guint owners[N_PATENTS][2];
    for (guint i = 0; i < N_PATENTS; i++) {
        g_autofree char *key = g_strdup_printf("S%05u", i);
        g_autoptr(DjRecord) patent = dj_record_new(DJ_TABLE_PATENT);
        gboolean found;
        cr_assert(dj_store_get(ground.store, DJ_TABLE_PATENT, key, DJ_POINT_NOW, patent, &found, NULL) && found);
        owners[i][0] = i == OWN ? 11 : (guint)g_rand_int_range(rand, 0, N_ORGS);
        owners[i][1] = i % 3 == 0 ? (guint)g_rand_int_range(rand, 0, N_ORGS) : N_ORGS;
        const char *first = names[owners[i][0]][g_rand_int_range(rand, 0, 4)],
                   *second = owners[i][1] < N_ORGS ? names[owners[i][1]][g_rand_int_range(rand, 0, 4)] : NULL;
        g_autofree char *both = second ? g_strdup_printf("%s\n%s", first, second) : g_strdup(first);
        dj_record_set(patent, DJ_PATENT_OWNERS, both);
        ground_put(&ground, patent);
    }
    for (guint n = 0; n < n_needs; n++)
        clear_need(&ground, n);
    g_autoptr(GHashTable) all = listed(&ground);
    plant_enterprises(&ground);
    for (guint n = 0; n < n_needs; n++)
        set_need(&ground, n);
    g_autofree char *kept = enterprise_key(6), *other = enterprise_key(7);
    g_autoptr(GArray) identities = dj_identities_new();
    dj_identities_add(identities, kept, other, TRUE);
    ground.options.identities = identities;
    g_autoptr(GHashTable) pairs = listed(&ground);
    guint n_forbidden = 0, n_listed = 0;
    for (guint n = 0; n < n_needs; n++)
        for (guint i = 0; i < N_PATENTS; i++) {
            g_autofree char *pair = g_strdup_printf("N%05u S%05u", n, i);
            gboolean forbidden = is_forbidden(owners[i], i, n);
            cr_expect_eq(g_hash_table_contains(pairs, pair), !forbidden && g_hash_table_contains(all, pair),
                         "%s, of %s and %s: %s", pair, names[n % N_ORGS][0], names[owners[i][0]][0],
                         forbidden ? "must not be listed" : "is missing");
            n_forbidden += forbidden && g_hash_table_contains(all, pair);
            n_listed += g_hash_table_contains(pairs, pair);
        }
    cr_expect_gt(n_forbidden, 200);
    cr_expect_gt(n_listed, 1000);

    /* the later decision is the one that holds */
    dj_identities_add(identities, kept, other, FALSE);
    g_autoptr(GHashTable) apart = listed(&ground);
    cr_expect_gt(g_hash_table_size(apart), g_hash_table_size(pairs));
    ground_free(&ground);
}

Test(party, one_enterprise_of_two_records)
{
    g_autoptr(GArray) identities = dj_identities_new();
    dj_identities_add(identities, "A", "B", TRUE);
    dj_identities_add(identities, "B", "C", TRUE);
    dj_identities_add(identities, "D", "E", FALSE);
    cr_expect_str_eq(dj_identities_resolve(identities, "C"), "A");
    cr_expect_str_eq(dj_identities_resolve(identities, "E"), "E");
    cr_expect(dj_identities_find(identities, "E", "D") && !dj_identities_find(identities, "E", "D")->same);
    g_autoptr(GHashTable) silent = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_add(silent, (gpointer) "C");
    cr_expect(dj_identities_among(identities, "A", silent) && !dj_identities_among(identities, "D", silent));
    dj_identities_add(identities, "C", "A", TRUE); /* a circle ends all the same */
    cr_expect_not_null(dj_identities_resolve(identities, "A"));

    g_autoptr(DjRecord) kept = dj_record_new(DJ_TABLE_ENTERPRISE), other = dj_record_new(DJ_TABLE_ENTERPRISE);
    dj_record_set(kept, DJ_ENTERPRISE_NAME, "庚机床有限公司");
    dj_record_set(kept, DJ_ENTERPRISE_CITY, "武汉市");
    dj_record_set(kept, DJ_ENTERPRISE_TITLES, "高新技术企业");
    dj_record_set(other, DJ_ENTERPRISE_NAME, "庚机床厂");
    dj_record_set(other, DJ_ENTERPRISE_CITY, "襄阳市");
    dj_record_set(other, DJ_ENTERPRISE_PRODUCT, "数控机床");
    dj_record_set(other, DJ_ENTERPRISE_TITLES, "高新技术企业\n专精特新中小企业");
    dj_record_set(other, DJ_ENTERPRISE_OPT_OUT, "yes");
    dj_identity_merge(kept, other);
    cr_expect_str_eq(dj_record_get(kept, DJ_ENTERPRISE_NAME), "庚机床有限公司");
    cr_expect_str_eq(dj_record_get(kept, DJ_ENTERPRISE_ALIASES), "庚机床厂");
    cr_expect_str_eq(dj_record_get(kept, DJ_ENTERPRISE_CITY), "武汉市");
    cr_expect_str_eq(dj_record_get(kept, DJ_ENTERPRISE_PRODUCT), "数控机床");
    cr_expect_str_eq(dj_record_get(kept, DJ_ENTERPRISE_TITLES), "高新技术企业\n专精特新中小企业");
    cr_expect_str_eq(dj_record_get(kept, DJ_ENTERPRISE_OPT_OUT), "yes");
}
