/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that mean nothing to what reads them later bring a warning; words that mean something bring none. */
#include "config/glossary_file.h"
#include "config/mapping_file.h"
#include "config/suggest.h"
#include "engine/match/demand.h"
#include "engine/report/template_xlsx.h"
#include "fixture.h"
#include <string.h>

typedef struct {
    DjTable table;
    int field;
    const char *value, *says; /* says NULL: nothing */
} Case;

static void check(const DjGlossary *glossary, const Case *c)
{
    g_autofree char *said = dj_glossary_complain(glossary, dj_field_at(c->table, c->field), c->value);
    if (c->says)
        cr_expect(said && strstr(said, c->says), "%s: %s", c->value, said ? said : "nothing");
    else
        cr_expect_null(said, "%s: %s", c->value, said);
}

Test(glossary, words_that_nothing_knows_are_told)
{
    static const Case cases[] = {
        {DJ_TABLE_NEED, DJ_NEED_CHAIN, "电子信息才料",
         "“电子信息才料”不是认得的产业链，照写的保存；是不是“电子信息材料”？"},
        {DJ_TABLE_PATENT, DJ_PATENT_CHAINS, "新能源\n光芯屏端罔", "“光芯屏端罔”不是认得的产业链"},
        {DJ_TABLE_ENTERPRISE, DJ_ENTERPRISE_CHAINS, "没有这样的链", "；认得的有新一代信息技术（“光芯屏端网”）、"},
        {DJ_TABLE_PATENT, DJ_PATENT_CHAINS, "新能源\n电子信息材料", NULL},
        {DJ_TABLE_NEED, DJ_NEED_STATUS, "已关壁", "请写待对接、对接中、已签约或已撤回"},
        {DJ_TABLE_NEED, DJ_NEED_STATUS, "已转办", NULL},
        {DJ_TABLE_NEED, DJ_NEED_STATUS, "routed", NULL},
        {DJ_TABLE_NEED, DJ_NEED_URGENCY, "很急很急", "不是认得的紧迫程度，照写的保存；请写一般、紧急或特急"},
        {DJ_TABLE_NEED, DJ_NEED_URGENCY, "急", NULL},
        {DJ_TABLE_PATENT, DJ_PATENT_LEGAL_STATUS, "有校", "请写有效、失效或审查中"},
        {DJ_TABLE_PATENT, DJ_PATENT_LEGAL_STATUS, "实质审查", NULL},
        {DJ_TABLE_PATENT, DJ_PATENT_LEGAL_STATUS, "失效（未缴年费）", NULL},
        {DJ_TABLE_PATENT, DJ_PATENT_LEGAL_STATUS, "专利权终止", NULL},
        {DJ_TABLE_NEED, DJ_NEED_TITLE, "很急很急", NULL},
    };
    g_autoptr(DjConfigSource) source = fixture_shipped();
    g_autoptr(GError) error = NULL;
    g_autoptr(DjMapping) mapping = dj_mapping_load(source, "needs", &error);
    g_autoptr(DjSettings) settings = dj_settings_load(source, &error);
    cr_assert(mapping && settings, "%s", error ? error->message : "");
    DjGlossary *glossary = mapping->words->glossary;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        cr_expect(!cases[i].says || !dj_glossary_complain(glossary, dj_field_at(cases[i].table, cases[i].field), "x"),
                  "a layout alone asks for no words");
    dj_glossary_fill(glossary, source, settings);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        check(glossary, &cases[i]);
}

/* What the template offers must mean something: it was once open to choose 已撤回, and such needs stayed open. */
Test(glossary, every_state_that_the_template_offers_is_interpreted)
{
    const char *const *offered = dj_template_choices(dj_field_at(DJ_TABLE_NEED, DJ_NEED_STATUS));
    for (gsize i = 0; offered[i]; i++)
        cr_expect(g_strv_contains(dj_need_statuses(TRUE), offered[i]) !=
                      g_strv_contains(dj_need_statuses(FALSE), offered[i]),
                  "%s", offered[i]);
    g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
    dj_record_set(need, DJ_NEED_STATUS, "已撤回");
    cr_expect_not(dj_need_is_open(need, 0));
    dj_record_set(need, DJ_NEED_STATUS, "对接中");
    cr_expect(dj_need_is_open(need, 0));
}

Test(glossary, the_nearest_word_is_one_that_people_meant)
{
    static const char *const names[] = {"新能源", "新材料", "集成电路", "status", NULL};
    cr_expect_str_eq(dj_suggest("集成电器", names), "集成电路");
    cr_expect_str_eq(dj_suggest("集成申路", names), "集成电路", "characters count, not their bytes");
    cr_expect_null(dj_suggest("新药品", names), "two of three characters differ");
    cr_expect_str_eq(dj_suggest("statsu", names), "status");
    cr_expect_null(dj_suggest("st", names));
    cr_expect_null(dj_suggest("\xff", names));
}
