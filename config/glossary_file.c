/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/glossary_file.h"

#include "config/rules_file.h"
#include "config/suggest.h"
#include "config/taxonomy_file.h"
#include "engine/match/demand.h"
#include "engine/report/template_xlsx.h"

static void add_all(DjGlossary *glossary, const DjField *field, const char *const *words, gboolean offered)
{
    for (gsize i = 0; words && words[i]; i++)
        dj_glossary_add(glossary, field, words[i], offered);
}

void dj_glossary_fill(DjGlossary *glossary, const DjConfigSource *source, const DjSettings *settings)
{
    const DjField *status = dj_field_at(DJ_TABLE_NEED, DJ_NEED_STATUS);
    const DjField *const fields[] = {status, dj_field_at(DJ_TABLE_NEED, DJ_NEED_URGENCY),
                                     dj_field_at(DJ_TABLE_PATENT, DJ_PATENT_LEGAL_STATUS)};
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        add_all(glossary, fields[i], dj_template_choices(fields[i]), TRUE);
    add_all(glossary, status, dj_need_statuses(TRUE), FALSE);
    add_all(glossary, status, dj_need_statuses(FALSE), FALSE);
    DjTaxonomy *taxonomy = dj_taxonomy_file_load(source, settings->taxonomy, NULL);
    DjRuleSet *gate = dj_rules_file_load(source, settings->gate, NULL);
    if (taxonomy)
        dj_glossary_set_chains(glossary, taxonomy, dj_suggest);
    if (gate)
        dj_glossary_set_rules(glossary, gate);
}
