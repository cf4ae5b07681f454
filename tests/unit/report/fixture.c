/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

static DjRecord *new_record(DjTable table, const char *key)
{
    DjRecord *record = dj_record_new(table);
    record->key = g_strdup(key);
    return record;
}

static void add_need(DjResultSet *set, const char *key, const char *title, const char *enterprise)
{
    DjRecord *need = new_record(DJ_TABLE_NEED, key);
    dj_record_set(need, DJ_NEED_ID, key);
    dj_record_set(need, DJ_NEED_TITLE, title);
    dj_record_set(need, DJ_NEED_REGION, "甲市" CANARY_PARTICIPANT);
    dj_record_set(need, DJ_NEED_DESCRIPTION, CANARY_CONFIDENTIAL "的做法");
    dj_record_set(need, DJ_NEED_BUDGET, CANARY_CONFIDENTIAL);
    dj_record_set(need, DJ_NEED_ENTERPRISE, "示例企业" CANARY_ORGANISER);
    dj_record_set(need, DJ_NEED_COLLECTOR, CANARY_ORGANISER);
    dj_record_add_extra(need, "备注", CANARY_CONFIDENTIAL);
    g_hash_table_insert(set->needs, g_strdup(key), need);
    if (enterprise)
        g_hash_table_insert(set->enterprise_of, g_strdup(key), g_strdup(enterprise));
}

static void add_criterion(DjCriteria *criteria, const char *id, const char *name, int field, int points)
{
    DjCriterion *criterion = dj_criterion_new();
    DjTest *test = dj_test_new(DJ_TEST_PRESENT);
    test->field = field;
    test->doubt = TRUE;
    criterion->id = g_strdup(id);
    criterion->name = g_strdup(name);
    criterion->dimension = g_strdup("经济");
    criterion->source = g_strdup("test");
    dj_criterion_add_level(criterion, test, points);
    g_ptr_array_add(criteria->criteria, criterion);
}

/* Quality by what is written of a patent: its payment, its grade (for organisers) and its maturity (nobody wrote it).
 */
static void judge_quality(DjResultSet *set)
{
    g_autoptr(DjCriteria) criteria = dj_criteria_new();
    criteria->id = g_strdup("test-quality");
    criteria->version = g_strdup("1");
    criteria->min_known = 20;
    add_criterion(criteria, "payment", "支付方式", DJ_PATENT_PAYMENT, 5);
    add_criterion(criteria, "grade", "机构分级", DJ_PATENT_GRADE, 10);
    add_criterion(criteria, "maturity", "成熟度", DJ_PATENT_MATURITY, 5);
    set->provenance.criteria = g_strdup("test-quality 1");
    GHashTableIter iter;
    gpointer key, patent;
    g_hash_table_iter_init(&iter, set->patents);
    while (g_hash_table_iter_next(&iter, &key, &patent))
        g_hash_table_insert(set->quality, g_strdup(key), dj_quality_judge(criteria, patent, 20573));
}

static DjRecord *add_patent(DjResultSet *set, const char *key, const char *title)
{
    DjRecord *patent = new_record(DJ_TABLE_PATENT, key);
    dj_record_set(patent, DJ_PATENT_NUMBER, key);
    dj_record_set(patent, DJ_PATENT_TITLE, title);
    dj_record_set(patent, DJ_PATENT_CONTACT, CANARY_ORGANISER);
    dj_record_set(patent, DJ_PATENT_LICENSEES, CANARY_CONFIDENTIAL);
    g_hash_table_insert(set->patents, g_strdup(key), patent);
    return patent;
}

static void add_chain(DjResultSet *set, const char *id, const char *name, const char *tier)
{
    DjResultChain *chain = g_new0(DjResultChain, 1);
    chain->id = g_strdup(id);
    chain->name = g_strdup(name);
    chain->tier = g_strdup(tier);
    chain->n_needs = 1234;
    chain->n_patents = 45;
    chain->n_enterprises = 6;
    chain->n_covered = 5;
    g_ptr_array_add(set->chains, chain);
}

static DjPart *add_part(DjPairing *pairing, DjPartKind kind, DjPrivacy privacy, gint64 points, const char *text)
{
    DjPart *part = dj_part_new(kind, privacy, points, text);
    g_ptr_array_add(pairing->parts, part);
    pairing->points += points;
    return part;
}

static void add_gate(DjPairing *pairing, const char *rule, DjVerdict verdict, DjPrivacy privacy, const char *value,
                     const char *ask)
{
    DjGateResult *gate = g_new0(DjGateResult, 1);
    gate->rule = g_strdup(rule);
    gate->name = g_strdup_printf("规则%s<成立>", rule);
    gate->verdict = verdict;
    gate->privacy = privacy;
    gate->value = g_strdup(value);
    gate->ask = g_strdup(ask);
    g_ptr_array_add(pairing->gate, gate);
}

static DjPairing *add_pairing(DjResultSet *set, const char *chain, DjDirection direction, guint rank, const char *need,
                              const char *patent)
{
    DjPairing *pairing = dj_pairing_new();
    pairing->chain = g_strdup(chain);
    pairing->direction = direction;
    pairing->rank = rank;
    pairing->need = g_strdup(need);
    pairing->patent = g_strdup(patent);
    pairing->score = 82 - (int)rank;
    pairing->self_points = 178;
    g_ptr_array_add(set->pairings, pairing);
    return pairing;
}

static void add_indicator(DjPairing *pairing, DjVerdict verdict, DjPrivacy privacy, const char *property,
                          const char *wanted, const char *stated)
{
    DjIndicator *indicator = g_new0(DjIndicator, 1);
    indicator->verdict = verdict;
    indicator->privacy = privacy;
    indicator->property = g_strdup(property);
    indicator->wanted = g_strdup(wanted);
    indicator->stated = g_strdup(stated);
    indicator->need_span = (DjSpan){.field = DJ_NEED_TITLE, .byte_end = 9, .char_end = 3};
    indicator->patent_span = (DjSpan){.field = stated ? DJ_PATENT_ABSTRACT : -1, .char_begin = 7, .char_end = 9};
    g_ptr_array_add(pairing->indicators, indicator);
}

static void add_full_evidence(DjPairing *pairing)
{
    static char *others[] = {"c<2>", "", NULL};
    pairing->other_chains = g_strdupv(others);
    pairing->n_similar = 6;
    DjPart *part = add_part(pairing, DJ_PART_PHRASE, DJ_PUBLIC, 41, "氮化铝<sub>");
    part->need = (DjSpan){.field = DJ_NEED_TITLE, .byte_end = 9, .char_end = 3};
    part->patent = (DjSpan){.field = DJ_PATENT_TITLE, .byte_begin = 6, .byte_end = 15, .char_begin = 2, .char_end = 5};
    add_part(pairing, DJ_PART_PHRASE, DJ_PARTICIPANT, 10, CANARY_PARTICIPANT);
    part = add_part(pairing, DJ_PART_PHRASE, DJ_CONFIDENTIAL, 9, CANARY_CONFIDENTIAL);
    part->need = (DjSpan){.field = DJ_NEED_DESCRIPTION, .byte_end = 9, .char_end = 3};
    /* an upstream mistake: called public, but it points into the confidential description */
    part = add_part(pairing, DJ_PART_PHRASE, DJ_PUBLIC, 3, CANARY_CONFIDENTIAL);
    part->need = (DjSpan){.field = DJ_NEED_DESCRIPTION, .byte_end = 9, .char_end = 3};
    add_part(pairing, DJ_PART_OTHER, DJ_PUBLIC, 10, NULL)->n_others = 7;
    add_part(pairing, DJ_PART_OTHER, DJ_PUBLIC, 2, NULL)->n_others = 2;
    add_part(pairing, DJ_PART_SEMANTIC, DJ_PUBLIC, 24, NULL);
    add_part(pairing, DJ_PART_CHAIN, DJ_PUBLIC, 7, "电子信息材料");
    add_part(pairing, DJ_PART_IPC, DJ_PUBLIC, 4, "C04B35");
    add_gate(pairing, "L-01", DJ_MET, DJ_PUBLIC, "年费缴至：2026-11-30", NULL);
    add_gate(pairing, "L-02", DJ_UNKNOWN, DJ_PUBLIC, NULL, "有没有质押？查专利登记簿");
    add_gate(pairing, "L-03", DJ_UNKNOWN, DJ_CONFIDENTIAL, "预算：" CANARY_CONFIDENTIAL, "问预算" CANARY_CONFIDENTIAL);
    add_gate(pairing, "L-04", DJ_NOT_MET, DJ_ORGANISER, CANARY_ORGANISER, NULL);
    pairing->n_unknown = 2;
    pairing->permille = 623;
    add_indicator(pairing, DJ_MET, DJ_PUBLIC, "热导率", "≥170 W/(m·K)", "185 W/(m·K)");
    add_indicator(pairing, DJ_UNKNOWN, DJ_PUBLIC, "热循环", "≥1000 次", NULL);
    add_indicator(pairing, DJ_NOT_MET, DJ_PUBLIC, "幅面", "138 mm", "<114 mm");
    add_indicator(pairing, DJ_NOT_MET, DJ_CONFIDENTIAL, CANARY_CONFIDENTIAL, CANARY_CONFIDENTIAL, "1");
    add_indicator(pairing, DJ_UNKNOWN, DJ_PUBLIC, CANARY_CONFIDENTIAL, "1", NULL); /* again an upstream mistake */
    ((DjIndicator *)pairing->indicators->pdata[4])->need_span.field = DJ_NEED_INDICATORS;
}

DjResultSet *fixture_set(void)
{
    DjResultSet *set = dj_result_set_new();
    set->provenance.version = g_strdup("0.1.0");
    set->provenance.workspace = g_strdup("demo");
    set->provenance.now = g_strdup("2026-04-30");
    set->provenance.generation = 37;
    set->provenance.model = g_strdup("8f3c71ab04de88121122334455667788");
    set->provenance.settings = g_strdup("00ff00ff00ff00ff1122334455667788");
    set->provenance.taxonomy = g_strdup("demo 2026.1");
    set->provenance.rules = g_strdup("open-licence 2024.1");
    set->provenance.kernel = g_strdup("KERNEL-NAME");
    set->min_score = 45;
    set->top = 20;
    add_chain(set, "c1", "电子信息材料", "千亿级");
    add_chain(set, "c<2>", "高端装备/[数控]:*?\\ & <b>“机床”</b>，一个长得放不进工作表名称、也放不进文件名的产业链名字",
              NULL);
    add_chain(set, "", "未归链", NULL);

    DjRecord *enterprise = new_record(DJ_TABLE_ENTERPRISE, "91420000000000000X");
    dj_record_set(enterprise, DJ_ENTERPRISE_NAME, "=示例晶衡\"电子\"," CANARY_ORGANISER);
    dj_record_set(enterprise, DJ_ENTERPRISE_CITY, "甲市");
    dj_record_set(enterprise, DJ_ENTERPRISE_PHONE, "PHONE-CANARY");
    g_hash_table_insert(set->enterprises, g_strdup(enterprise->key), enterprise);

    add_need(set, "N-0412", "氮化铝陶瓷基板<script>热导率</script>提升 & \"更多\"", "91420000000000000X");
    add_need(set, "000123", "=HYPERLINK(\"x\")", NULL);
    DjRecord *patent = add_patent(set, "ZL202010000001.X", "一种低温烧结高导热氮化铝陶瓷基板及其制备方法");
    dj_record_set(patent, DJ_PATENT_KIND, "invention");
    dj_record_set(patent, DJ_PATENT_OWNERS, "示例大学\n示例研究院");
    dj_record_set(patent, DJ_PATENT_LICENCE_END, "2029-06-30");
    dj_record_set(patent, DJ_PATENT_PAYMENT, "一次付清");
    dj_record_set(patent, DJ_PATENT_FEE_AMOUNT, "60000");
    dj_record_set(patent, DJ_PATENT_GRADE, "A级" CANARY_ORGANISER);
    g_autoptr(GString) title = g_string_new(NULL);
    for (int i = 0; i < 9000; i++)
        g_string_append(title, "长标题😀");
    g_string_append(title, "\x01尾");
    add_patent(set, "A-000000000001", title->str);

    add_full_evidence(add_pairing(set, "c1", DJ_DIRECTION_NEED, 1, "N-0412", "ZL202010000001.X"));
    add_pairing(set, "c1", DJ_DIRECTION_NEED, 2, "N-0412", "A-000000000001");
    DjPairing *unfiled = add_pairing(set, "", DJ_DIRECTION_NEED, 1, "000123", "ZL202010000001.X");
    add_part(unfiled, DJ_PART_OTHER, DJ_PUBLIC, 5, NULL)->n_others = 3;
    add_full_evidence(add_pairing(set, "c1", DJ_DIRECTION_PATENT, 1, "N-0412", "ZL202010000001.X"));
    judge_quality(set);
    return set;
}
