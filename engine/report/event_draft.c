/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/event_draft.h"

#include "engine/report/wording.h"

#include <string.h>

typedef struct {
    char *key; /* enterprise key, or owner and inventor */
    char *name, *organisation, *concern, *city, *team, *need, *chain;
    gint64 best, sum; /* points of its pairings */
    guint number;     /* from 1 once it is taken, 0 before */
} Guest;

typedef struct {
    const DjResultSet *set;
    GHashTable *guests[2]; /* key -> Guest, per role */
    GPtrArray *order[2];   /* the same, best first */
} Draft;

static void guest_free(gpointer data)
{
    Guest *guest = data;
    char *const texts[] = {guest->concern, guest->key,  guest->name, guest->organisation,
                           guest->city,    guest->team, guest->need, guest->chain};
    for (guint k = 0; k < G_N_ELEMENTS(texts); k++)
        g_free(texts[k]);
    g_free(guest);
}

void dj_event_draft_free(DjEventDraft *draft)
{
    if (!draft)
        return;
    g_free(draft->yaml);
    g_free(draft->pairs_csv);
    g_free(draft);
}

static char *first_item(const char *list)
{
    const char *end = list ? strchr(list, '\n') : NULL;
    return end ? g_strndup(list, (gsize)(end - list)) : g_strdup(list ? list : "");
}

static Guest *find_guest(Draft *draft, guint role, const char *key, gint64 points)
{
    Guest *guest = g_hash_table_lookup(draft->guests[role], key);
    if (!guest) {
        guest = g_new0(Guest, 1);
        guest->key = g_strdup(key);
        g_hash_table_insert(draft->guests[role], guest->key, guest);
        g_ptr_array_add(draft->order[role], guest);
    }
    guest->best = MAX(guest->best, points);
    guest->sum += points;
    return guest;
}

static char *demand_key(const Draft *draft, const DjPairing *pairing)
{
    const char *enterprise = g_hash_table_lookup(draft->set->enterprise_of, pairing->need);
    /* a need without a known enterprise stands for itself */
    return g_strdup(enterprise ? enterprise : pairing->need);
}

static char *supply_key(const DjRecord *patent)
{
    const DjAudience audience = DJ_AUDIENCE_PARTICIPANT;
    g_autofree char *owner = first_item(dj_projection_field(audience, patent, DJ_PATENT_OWNERS));
    g_autofree char *inventor = first_item(dj_projection_field(audience, patent, DJ_PATENT_INVENTORS));
    const char *team = dj_projection_field(audience, patent, DJ_PATENT_TEAM);
    return g_strdup_printf("%s\n%s", owner, *inventor ? inventor : team ? team : "");
}

static void meet_enterprise(Draft *draft, const DjPairing *pairing, const DjRecord *need)
{
    g_autofree char *key = demand_key(draft, pairing);
    Guest *guest = find_guest(draft, 0, key, pairing->points);
    if (guest->name)
        return;
    const char *enterprise_key = g_hash_table_lookup(draft->set->enterprise_of, pairing->need);
    const DjRecord *record = enterprise_key ? g_hash_table_lookup(draft->set->enterprises, enterprise_key) : NULL;
    const DjRecord *shown = dj_projection_enterprise(DJ_AUDIENCE_ORGANISER, need, record);
    const char *stated = dj_projection_field(DJ_AUDIENCE_ORGANISER, need, DJ_NEED_ENTERPRISE);
    const char *title = dj_projection_field(DJ_AUDIENCE_PARTICIPANT, need, DJ_NEED_TITLE);
    guest->name = g_strdup(shown ? dj_record_title(shown) : stated ? stated : pairing->need);
    guest->organisation = g_strdup(guest->name);
    guest->city = g_strdup(dj_projection_field(DJ_AUDIENCE_ORGANISER, shown, DJ_ENTERPRISE_CITY));
    guest->concern = g_strdup(dj_projection_field(DJ_AUDIENCE_ORGANISER, shown, DJ_ENTERPRISE_GROUP));
    guest->need = g_strdup(title);
    guest->chain = g_strdup(dj_result_chain_name(draft->set, pairing->chain));
}

static void meet_inventor(Draft *draft, const DjPairing *pairing, const DjRecord *patent)
{
    const DjAudience audience = DJ_AUDIENCE_PARTICIPANT;
    g_autofree char *key = supply_key(patent);
    Guest *guest = find_guest(draft, 1, key, pairing->points);
    if (guest->name)
        return;
    g_autofree char *inventor = first_item(dj_projection_field(audience, patent, DJ_PATENT_INVENTORS));
    guest->organisation = first_item(dj_projection_field(audience, patent, DJ_PATENT_OWNERS));
    guest->team = g_strdup(dj_projection_field(audience, patent, DJ_PATENT_TEAM));
    guest->name = g_strdup(*inventor ? inventor : guest->team ? guest->team : guest->organisation);
    guest->city = g_strdup(dj_projection_field(audience, patent, DJ_PATENT_REGION));
    guest->chain = g_strdup(dj_result_chain_name(draft->set, pairing->chain));
}

static gint compare_guests(gconstpointer a, gconstpointer b)
{
    const Guest *x = *(const Guest *const *)a, *y = *(const Guest *const *)b;
    if (x->best != y->best)
        return x->best > y->best ? -1 : 1;
    if (x->sum != y->sum)
        return x->sum > y->sum ? -1 : 1;
    return strcmp(x->key, y->key);
}

static guint take_guests(Draft *draft, guint role, guint most)
{
    g_ptr_array_sort(draft->order[role], compare_guests);
    guint n = MIN(draft->order[role]->len, most);
    for (guint k = 0; k < n; k++)
        ((Guest *)g_ptr_array_index(draft->order[role], k))->number = k + 1;
    return n;
}

/* Enterprises are judged by the inventors who are proposed; who would meet none of them is left out. */
static void forget_unmet(Draft *draft)
{
    for (guint k = 0; k < draft->order[0]->len; k++) {
        Guest *guest = g_ptr_array_index(draft->order[0], k);
        guest->best = guest->sum = -1;
    }
    for (guint k = 0; k < draft->set->pairings->len; k++) {
        const DjPairing *pairing = g_ptr_array_index(draft->set->pairings, k);
        const DjRecord *patent = g_hash_table_lookup(draft->set->patents, pairing->patent);
        g_autofree char *x = demand_key(draft, pairing);
        g_autofree char *y = patent ? supply_key(patent) : g_strdup("");
        Guest *asks = g_hash_table_lookup(draft->guests[0], x);
        const Guest *answers = g_hash_table_lookup(draft->guests[1], y);
        if (!asks || !answers || answers->number == 0)
            continue;
        asks->best = MAX(asks->best, pairing->points);
        asks->sum += pairing->points;
    }
    for (guint k = draft->order[0]->len; k-- > 0;) {
        Guest *guest = g_ptr_array_index(draft->order[0], k);
        if (guest->best >= 0)
            continue;
        g_hash_table_remove(draft->guests[0], guest->key);
        g_ptr_array_remove_index(draft->order[0], k);
    }
}

/* A JSON string is a YAML string. */
static void put_yaml(GString *out, const char *key, const char *text)
{
    if (!text || !*text)
        return;
    g_string_append_printf(out, ", %s: \"", key);
    for (const char *p = text; *p; p++)
        if (*p == '"' || *p == '\\')
            g_string_append_printf(out, "\\%c", *p);
        else
            g_string_append_c(out, (guchar)*p < 0x20 ? ' ' : *p);
    g_string_append_c(out, '"');
}

static void put_guests(GString *out, const Draft *draft, guint role, guint n)
{
    for (guint k = 0; k < n; k++) {
        const Guest *guest = g_ptr_array_index(draft->order[role], k);
        g_string_append_printf(out, "  - {id: %c%03u, side: %s", role == 0 ? 'E' : 'T', guest->number,
                               role == 0 ? "demand" : "supply");
        put_yaml(out, "name", guest->name);
        put_yaml(out, "organisation", guest->organisation);
        put_yaml(out, "concern", guest->concern);
        put_yaml(out, "city", guest->city);
        put_yaml(out, "chain", guest->chain);
        put_yaml(out, "team", guest->team);
        put_yaml(out, "need", guest->need);
        g_string_append(out, "}\n");
    }
}

static char *make_yaml(const Draft *draft, const DjEventDraftOptions *options, guint n_demand, guint n_supply)
{
    GString *out = g_string_new(
        "# 对接会草案：由配对清单生成，请改好再排。时间、桌数、最低最高场次、团队上限、必见与禁配都可以改。\n");
    guint seats = options->slots * options->tables;
    guint most = MAX(1, MIN(options->slots, seats / MAX(n_demand, 1) + 2));
    /* put_yaml begins with a comma for maps; at the top level the keys stand alone */
    g_autoptr(GString) id = g_string_new(NULL);
    g_autoptr(GString) name = g_string_new(NULL);
    put_yaml(id, "id", options->id);
    put_yaml(name, "name", options->name);
    g_string_append_printf(
        out, "%s\n%s\ndate: %s\nplace: \"\"\nslots: {first: \"18:30\", minutes: 15, count: %u}\ntables: %u\n",
        id->str + 2, name->str + 2, options->date, options->slots, options->tables);
    g_string_append_printf(
        out,
        "limits:\n  demand: {min: 0, max: %u}\n  supply: {max: %u}\nfairness: counts\npairs: pairs.csv\n"
        "must: []\nban: []\nteams: []\nfloors: []\nparticipants:\n",
        most, MAX(1, options->slots * 2 / 3));
    put_guests(out, draft, 0, n_demand);
    put_guests(out, draft, 1, n_supply);
    return g_string_free(out, FALSE);
}

/* A cell, always quoted. What a spreadsheet would take for a formula gets an apostrophe. */
static void put_cell(GString *out, const char *text, gboolean last)
{
    g_string_append_c(out, '"');
    if (text && *text && strchr("=+-@", *text))
        g_string_append_c(out, '\'');
    for (const char *p = text ? text : ""; *p; p++) {
        if (*p == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, (guchar)*p < 0x20 ? ' ' : *p);
    }
    g_string_append(out, last ? "\"\n" : "\",");
}

static void put_evidence(GString *out, const DjPairing *pairing, const DjRecord *need, const DjRecord *patent)
{
    const DjAudience audience = DJ_AUDIENCE_PARTICIPANT;
    g_auto(DjPairingView) view;
    dj_pairing_view_init(&view, audience);
    dj_pairing_view_set(&view, pairing, need);
    g_autoptr(GString) met = g_string_new(NULL);
    for (guint k = 0; k < view.indicators->len; k++) {
        const DjShownIndicator *indicator = &g_array_index(view.indicators, DjShownIndicator, k);
        if (indicator->verdict != DJ_MET)
            continue;
        g_string_append(met, met->len > 0 ? "；" : "");
        dj_wording_indicator(met, indicator);
    }
    g_autoptr(GString) reasons = g_string_new(NULL);
    g_autoptr(GString) questions = g_string_new(NULL);
    g_autoptr(GString) fee = g_string_new(NULL);
    dj_wording_reasons(reasons, &view);
    dj_wording_questions(questions, &view);
    dj_wording_fee(fee, audience, patent);
    put_cell(out, dj_projection_field(audience, patent, DJ_PATENT_NUMBER), FALSE);
    put_cell(out, dj_record_title(patent), FALSE);
    put_cell(out, reasons->str, FALSE);
    put_cell(out, met->str, FALSE);
    put_cell(out, dj_projection_field(audience, patent, DJ_PATENT_ADVANTAGE), FALSE);
    put_cell(out, fee->str, FALSE);
    put_cell(out, dj_projection_field(audience, patent, DJ_PATENT_LICENCE_END), FALSE);
    put_cell(out, dj_projection_field(audience, patent, DJ_PATENT_MATURITY), FALSE);
    put_cell(out, questions->str, FALSE);
    put_cell(out, pairing->need, FALSE);
    put_cell(out, pairing->patent, TRUE);
}

/* Both guests, or FALSE where one of them is not proposed. */
static gboolean find_both(const Draft *draft, const DjPairing *pairing, const Guest **a, const Guest **b)
{
    const DjRecord *patent = g_hash_table_lookup(draft->set->patents, pairing->patent);
    g_autofree char *x = demand_key(draft, pairing);
    g_autofree char *y = patent ? supply_key(patent) : NULL;
    *a = g_hash_table_lookup(draft->guests[0], x);
    *b = y ? g_hash_table_lookup(draft->guests[1], y) : NULL;
    return *a && *b && (*a)->number > 0 && (*b)->number > 0;
}

static char *make_pairs(const Draft *draft, guint *n)
{
    GString *out = g_string_new("demand,supply,points,level,patent,title,why1,why2,why3,fee,term,maturity,unknown,"
                                "need_key,patent_key\n");
    /* the first of two guests' pairings with most points counts; later ones of the same two add nothing */
    g_autoptr(GHashTable) best = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const GPtrArray *pairings = draft->set->pairings;
    for (guint pass = 0; pass < 2; pass++)
        for (guint k = 0; k < pairings->len; k++) {
            const DjPairing *pairing = g_ptr_array_index(pairings, k);
            const Guest *a, *b;
            if (!find_both(draft, pairing, &a, &b))
                continue;
            g_autofree char *key = g_strdup_printf("%u %u", a->number, b->number);
            const DjPairing *now = g_hash_table_lookup(best, key);
            if (pass == 0) {
                if (!now || pairing->points > now->points)
                    g_hash_table_insert(best, g_steal_pointer(&key), (gpointer)pairing);
                continue;
            }
            if (now != pairing)
                continue;
            g_string_append_printf(out, "E%03u,T%03u,%" G_GINT64_FORMAT ",%d,", a->number, b->number, pairing->points,
                                   pairing->score);
            put_evidence(out, pairing, g_hash_table_lookup(draft->set->needs, pairing->need),
                         g_hash_table_lookup(draft->set->patents, pairing->patent));
            ++*n;
        }
    return g_string_free(out, FALSE);
}

DjEventDraft *dj_event_draft(const DjResultSet *set, const DjEventDraftOptions *options)
{
    Draft draft = {.set = set};
    for (guint role = 0; role < 2; role++) {
        draft.guests[role] = g_hash_table_new(g_str_hash, g_str_equal);
        draft.order[role] = g_ptr_array_new_with_free_func(guest_free);
    }
    for (guint k = 0; k < set->pairings->len; k++) {
        const DjPairing *pairing = g_ptr_array_index(set->pairings, k);
        const DjRecord *need = g_hash_table_lookup(set->needs, pairing->need);
        const DjRecord *patent = g_hash_table_lookup(set->patents, pairing->patent);
        if (!need || !patent)
            continue;
        meet_enterprise(&draft, pairing, need);
        meet_inventor(&draft, pairing, patent);
    }
    DjEventDraft *out = g_new0(DjEventDraft, 1);
    out->n_supply = take_guests(&draft, 1, options->max_supply);
    forget_unmet(&draft);
    out->n_demand = take_guests(&draft, 0, options->max_demand);
    out->yaml = make_yaml(&draft, options, out->n_demand, out->n_supply);
    out->pairs_csv = make_pairs(&draft, &out->n_pairs);
    for (guint role = 0; role < 2; role++) {
        g_hash_table_unref(draft.guests[role]);
        g_ptr_array_unref(draft.order[role]);
    }
    return out;
}
