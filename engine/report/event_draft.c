/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/event_draft.h"

#include "engine/plan/event.h"
#include "engine/plan/minima.h"
#include "engine/plan/select.h"
#include "engine/report/event_guests.h"
#include "engine/report/wording.h"

#include <string.h>

enum { TOPICS = 3 }; /* patents that two guests may talk about at their meeting */

void dj_event_draft_free(DjEventDraft *draft)
{
    if (!draft)
        return;
    g_free(draft->yaml);
    g_free(draft->pairs_csv);
    g_array_unref(draft->promised[0]);
    g_array_unref(draft->promised[1]);
    g_free(draft);
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

static void put_guests(GString *out, const DjGuestList *list, guint role, const DjEventDraft *draft, guint wanted)
{
    for (guint k = 0; k < list->guests[role]->len; k++) {
        const DjGuest *guest = g_ptr_array_index(list->guests[role], k);
        guint promised = g_array_index(draft->promised[role], guint, k);
        g_string_append_printf(out, "  - {id: %c%03u, side: %s", role == 0 ? 'E' : 'T', guest->number,
                               role == 0 ? "demand" : "supply");
        put_yaml(out, "name", guest->name);
        put_yaml(out, "organisation", guest->organisation);
        put_yaml(out, "concern", guest->concern);
        put_yaml(out, "city", guest->city);
        put_yaml(out, "chain", guest->chain);
        put_yaml(out, "team", guest->team);
        put_yaml(out, "need", guest->need);
        if (promised < wanted)
            g_string_append_printf(out, ", min: %u", promised);
        g_string_append_printf(out, "} # 候选 %u\n", guest->meets);
    }
}

/* Candidates hold nobody who must not meet, but somebody may add a pair by hand. Why they must not is confidential. */
static void put_bans(GString *out, const DjGuestList *list, const DjParties *parties)
{
    const char *before = "ban:\n";
    for (guint a = 0; parties && a < list->guests[0]->len; a++) {
        const DjGuest *asks = g_ptr_array_index(list->guests[0], a);
        g_autoptr(GHashTable) shunned = dj_parties_shunned(parties, NULL, asks->key);
        for (guint b = 0; b < list->guests[1]->len; b++) {
            const DjGuest *answers = g_ptr_array_index(list->guests[1], b);
            if (!dj_parties_shuns(shunned, answers->organisation))
                continue;
            g_string_append_printf(out, "%s  - {demand: E%03u, supply: T%03u, reason: \"利益冲突\"}\n", before,
                                   asks->number, answers->number);
            before = "";
        }
    }
    if (*before)
        g_string_append(out, "ban: []\n");
}

/* What the proposed pairs cannot give, so that nobody learns it at nine in the evening. */
static void put_promises(GString *out, const DjEventDraft *draft, const DjEventDraftOptions *options)
{
    static const char *const who[] = {"家企业", "位发明人"};
    g_string_append_printf(out, "# 候选 %u 对（匹配度 %d 以上，过了门槛）。最低场次：企业 %u 场，发明人 %u 场。\n",
                           draft->n_pairs, options->min_score, options->min[0], options->min[1]);
    gboolean any = FALSE;
    for (guint role = 0; role < 2; role++) {
        guint n = dj_event_draft_short(draft, role, options->min[role]);
        if (n > 0)
            g_string_append_printf(out, "# 有 %u %s按现有候选凑不满，各人行里的 min 是同时能保证的场次。\n", n,
                                   who[role]);
        any = any || n > 0;
    }
    if (any)
        g_string_append(out, "# 要多见几场：event new 时降低 --min-score，或在配对表里补配对后改 min。\n");
}

static char *make_yaml(const DjGuestList *list, const DjEventDraftOptions *options, const DjEventDraft *draft)
{
    GString *out = g_string_new(
        "# 对接会草案：由配对清单生成，请改好再排。时间、桌数、最低最高场次、团队上限、必见与禁配都可以改。\n");
    put_promises(out, draft, options);
    /* put_yaml begins with a comma for maps; at the top level the keys stand alone */
    g_autoptr(GString) id = g_string_new(NULL);
    g_autoptr(GString) name = g_string_new(NULL);
    put_yaml(id, "id", options->id);
    put_yaml(name, "name", options->name);
    g_string_append_printf(out,
                           "%s\n%s\ndate: %s\nplace: \"\"\nslots: {first: \"18:30\", minutes: 15, count: %u}\ntables: "
                           "%u\nspare_tables: 0\n",
                           id->str + 2, name->str + 2, options->date, options->slots, draft->tables);
    g_string_append_printf(
        out,
        "limits:\n  demand: {min: %u, max: %u}\n  supply: {min: %u, max: %u}\nfairness: counts\npairs: pairs.csv\n"
        "must: []\n",
        options->min[0], draft->max[0], options->min[1], draft->max[1]);
    put_bans(out, list, options->parties);
    g_string_append(out, "dropouts: []\nteams: []\nfloors: []\nparticipants:\n");
    put_guests(out, list, 0, draft, options->min[0]);
    put_guests(out, list, 1, draft, options->min[1]);
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

/* The indicators of the verdict, one after the other. */
static void put_indicators(GString *out, const DjPairingView *view, DjVerdict verdict, const char *between,
                           void (*word)(GString *, const DjShownIndicator *))
{
    for (guint k = 0; k < view->indicators->len; k++) {
        const DjShownIndicator *indicator = &g_array_index(view->indicators, DjShownIndicator, k);
        if (indicator->verdict != verdict)
            continue;
        g_string_append(out, out->len > 0 ? between : "");
        word(out, indicator);
    }
}

static void name_indicator(GString *out, const DjShownIndicator *indicator)
{
    g_string_append(out, indicator->property);
}

static void ask_indicator(GString *out, const DjShownIndicator *indicator)
{
    g_string_append_printf(out, "%s %s：能做到多少？", indicator->property, indicator->wanted);
    if (indicator->stated)
        g_string_append_printf(out, "（专利写 %s）", indicator->stated);
}

/* Three lines that both sides of the table understand: figures that fit, words that both use, what it is better at;
 * where one of these is missing, the common chain. */
static void put_why(GString *out, const char *const lines[4])
{
    guint n = 0;
    for (guint k = 0; k < 4 && n < DJ_EVENT_REASONS; k++)
        if (lines[k] && *lines[k]) {
            put_cell(out, lines[k], FALSE);
            n++;
        }
    for (; n < DJ_EVENT_REASONS; n++)
        put_cell(out, "", FALSE);
}

/* What the papers do not say: conditions of the gate and indicators, by name. */
static void put_unknown(GString *out, const DjPairingView *view)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint k = 0; k < view->gate->len; k++) {
        const DjShownGate *gate = &g_array_index(view->gate, DjShownGate, k);
        if (!gate->withheld && gate->verdict == DJ_UNKNOWN)
            g_string_append_printf(text, "%s%s", text->len > 0 ? "；" : "", gate->name);
    }
    put_indicators(text, view, DJ_UNKNOWN, "；", name_indicator);
    put_cell(out, text->str, FALSE);
}

static void put_term(GString *out, const char *end)
{
    g_autofree char *text = end ? g_strdup_printf("至 %s", end) : NULL;
    put_cell(out, text, FALSE);
}

static void put_maturity(GString *out, const char *maturity)
{
    gboolean level = maturity && g_ascii_isdigit(*maturity) && !maturity[1];
    g_autofree char *text = level ? g_strdup_printf("%s 级", maturity) : g_strdup(maturity);
    put_cell(out, text, FALSE);
}

static void put_evidence(GString *out, const DjResultSet *set, const DjPairing *pairing)
{
    const DjAudience audience = DJ_AUDIENCE_PARTICIPANT;
    const DjRecord *patent = g_hash_table_lookup(set->patents, pairing->patent);
    g_auto(DjPairingView) view;
    dj_pairing_view_init(&view, audience);
    dj_pairing_view_set(&view, pairing, g_hash_table_lookup(set->needs, pairing->need));
    g_autoptr(GString) met = g_string_new(NULL), shared = g_string_new(NULL), chain = g_string_new(NULL);
    g_autoptr(GString) fee = g_string_new(NULL), questions = g_string_new(NULL);
    put_indicators(met, &view, DJ_MET, "；", dj_wording_indicator);
    put_indicators(questions, &view, DJ_UNKNOWN, "", ask_indicator);
    dj_wording_shared(shared, &view);
    dj_wording_fee(fee, audience, patent);
    if (*pairing->chain)
        g_string_append_printf(chain, "产业链同为%s", dj_result_chain_name(set, pairing->chain));
    put_cell(out, dj_projection_field(audience, patent, DJ_PATENT_NUMBER), FALSE);
    put_cell(out, dj_record_title(patent), FALSE);
    const char *const why[4] = {met->str, shared->str, dj_projection_field(audience, patent, DJ_PATENT_ADVANTAGE),
                                chain->str};
    put_why(out, why);
    put_cell(out, fee->str, FALSE);
    put_term(out, dj_projection_field(audience, patent, DJ_PATENT_LICENCE_END));
    put_maturity(out, dj_projection_field(audience, patent, DJ_PATENT_MATURITY));
    put_unknown(out, &view);
    put_cell(out, questions->str, FALSE);
    put_cell(out, pairing->need, FALSE);
    put_cell(out, pairing->patent, TRUE);
}

static void put_pairing(GString *out, const DjGuestList *list, const DjCandidate *candidate, const DjPairing *pairing)
{
    g_string_append_printf(out, "E%03u,T%03u,%" G_GINT64_FORMAT ",%d,", candidate->who[0]->number,
                           candidate->who[1]->number, pairing->points, pairing->score);
    put_evidence(out, list->set, pairing);
}

/* Rows of the same two guests are one meeting about several patents. */
static char *make_pairs(const DjGuestList *list)
{
    GString *out = g_string_new("demand,supply,points,level,patent,title,why1,why2,why3,fee,term,maturity,unknown,"
                                "question,need_key,patent_key\n");
    for (guint k = 0; k < list->pairs->len; k++) {
        const DjCandidate *candidate = g_ptr_array_index(list->pairs, k);
        for (guint i = 0; i < MIN(candidate->topics->len, TOPICS); i++)
            put_pairing(out, list, candidate, candidate->topics->pdata[i]);
    }
    return g_string_free(out, FALSE);
}

/* ---- what can be promised ---- */

guint dj_event_draft_short(const DjEventDraft *draft, guint role, guint wanted)
{
    guint n = 0;
    for (guint k = 0; k < draft->promised[role]->len; k++)
        n += g_array_index(draft->promised[role], guint, k) < wanted;
    return n;
}

/* Both sides' promises stand together unless the tables are too few for both: then those who answer get none. */
static gboolean promise(DjEventDraft *draft, const DjGuestList *list, const DjEventDraftOptions *options,
                        GError **error)
{
    guint n[2] = {list->guests[0]->len, list->guests[1]->len}, all = n[0] + n[1];
    g_autofree DjPlanPerson *persons = g_new0(DjPlanPerson, all + 1);
    g_autofree DjPlanPair *pairs = g_new0(DjPlanPair, list->pairs->len + 1);
    g_autofree guint *promised = g_new0(guint, all + 1);
    for (guint i = 0; i < all; i++)
        persons[i] = (DjPlanPerson){
            .max = draft->max[i < n[0] ? 0 : 1], .open = G_MAXUINT64, .group = {DJ_PLAN_NONE, DJ_PLAN_NONE}};
    for (guint k = 0; k < list->pairs->len; k++) {
        const DjCandidate *candidate = g_ptr_array_index(list->pairs, k);
        pairs[k].who[0] = candidate->who[0]->number - 1;
        pairs[k].who[1] = n[0] + candidate->who[1]->number - 1;
        pairs[k].points = dj_candidate_best(candidate)->points;
    }
    DjPlanProblem problem = {.persons = persons,
                             .n_persons = all,
                             .pairs = pairs,
                             .n_pairs = list->pairs->len,
                             .slots = options->slots,
                             .tables = draft->tables};
    for (guint role = 0; role < 2; role++)
        if (!dj_plan_even_minima(&problem, role, options->min[role], promised, error))
            return FALSE;
    for (guint i = 0; i < all; i++)
        persons[i].min = promised[i];
    g_autoptr(DjPlanSelection) both = dj_plan_select(&problem, NULL, error);
    if (!both)
        return FALSE;
    for (guint i = 0; i < all; i++) {
        guint role = i < n[0] ? 0 : 1, none = 0;
        g_array_append_vals(draft->promised[role], role == 1 && !both->feasible ? &none : &promised[i], 1);
    }
    return TRUE;
}

static DjGuestList *propose(const DjResultSet *set, const DjEventDraftOptions *options)
{
    /* worth of a guest: the meetings that are wanted for an enterprise, whose evening it is */
    return dj_guests_propose(set, options->most, MAX(options->min[0], 1));
}

GHashTable *dj_event_draft_needs(const DjResultSet *set, const DjEventDraftOptions *options)
{
    g_autoptr(DjGuestList) list = propose(set, options);
    GHashTable *needs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint k = 0; k < set->pairings->len; k++) {
        const DjPairing *pairing = g_ptr_array_index(set->pairings, k);
        const DjGuest *guest = dj_guests_of_need(list, pairing->need);
        if (guest && guest->number > 0)
            g_hash_table_add(needs, g_strdup(pairing->need));
    }
    return needs;
}

DjEventDraft *dj_event_draft(const DjResultSet *set, const DjEventDraftOptions *options, GError **error)
{
    g_autoptr(DjGuestList) list = propose(set, options);
    g_autoptr(DjEventDraft) out = g_new0(DjEventDraft, 1);
    for (guint role = 0; role < 2; role++) {
        out->n[role] = list->guests[role]->len;
        out->promised[role] = g_array_new(FALSE, FALSE, sizeof(guint));
    }
    out->n_pairs = list->pairs->len;
    out->tables = MAX(1, MIN(options->tables, MIN(out->n[0], out->n[1])));
    guint seats = options->slots * out->tables;
    out->max[0] = MAX(MAX(1, options->min[0]), MIN(options->slots, seats / MAX(out->n[0], 1) + 2));
    out->max[1] = MAX(MAX(1, options->min[1]), options->slots * 2 / 3);
    if (!promise(out, list, options, error))
        return NULL;
    out->yaml = make_yaml(list, options, out);
    out->pairs_csv = make_pairs(list);
    return g_steal_pointer(&out);
}
