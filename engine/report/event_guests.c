/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/event_guests.h"

#include "engine/model/ident.h"
#include "engine/report/projection.h"

#include <string.h>

static void guest_free(gpointer data)
{
    DjGuest *guest = data;
    char *const texts[] = {guest->key,  guest->name, guest->organisation, guest->concern,
                           guest->city, guest->team, guest->need,         guest->chain};
    for (guint k = 0; k < G_N_ELEMENTS(texts); k++)
        g_free(texts[k]);
    g_ptr_array_unref(guest->candidates);
    g_free(guest);
}

/* ---- who speaks ---- */

static char *first_item(const char *list)
{
    const char *end = list ? strchr(list, '\n') : NULL;
    return end ? g_strndup(list, (gsize)(end - list)) : g_strdup(list ? list : "");
}

/* The inventor named first, else the team, else nobody in particular: then the owner itself is the guest. */
static char *speaker(const DjRecord *patent)
{
    g_autofree char *inventor = first_item(dj_projection_field(DJ_AUDIENCE_PARTICIPANT, patent, DJ_PATENT_INVENTORS));
    const char *team = dj_projection_field(DJ_AUDIENCE_PARTICIPANT, patent, DJ_PATENT_TEAM);
    return *inventor ? g_steal_pointer(&inventor) : g_strdup(team ? team : "");
}

static char *voice(const char *owner, const char *name)
{
    g_autofree char *folded = dj_org_name_fold(owner);
    return g_strdup_printf("%s\n%s", folded, name);
}

/* The voice that stands for all of one person. */
static const char *first_voice(GHashTable *voices, const char *key)
{
    for (const char *next = key; next; next = g_hash_table_lookup(voices, key))
        key = next;
    return key;
}

/* The joint owners of a patent name one and the same person. */
static void join_voices(GHashTable *voices, const DjRecord *patent)
{
    g_autofree char *name = speaker(patent);
    const char *owners = dj_projection_field(DJ_AUDIENCE_PARTICIPANT, patent, DJ_PATENT_OWNERS);
    g_auto(GStrv) list = g_strsplit(owners ? owners : "", "\n", -1);
    for (guint k = 1; *name && list[0] && list[k]; k++) {
        g_autofree char *x = voice(list[0], name);
        g_autofree char *y = voice(list[k], name);
        const char *a = first_voice(voices, x), *b = first_voice(voices, y);
        int order = strcmp(a, b);
        if (order != 0)
            g_hash_table_insert(voices, g_strdup(order < 0 ? b : a), g_strdup(order < 0 ? a : b));
    }
}

static char *supply_key(const DjGuestList *list, const DjRecord *patent)
{
    g_autofree char *owner = first_item(dj_projection_field(DJ_AUDIENCE_PARTICIPANT, patent, DJ_PATENT_OWNERS));
    g_autofree char *name = speaker(patent);
    g_autofree char *key = voice(owner, name);
    return g_strdup(first_voice(list->voices, key));
}

/* A need of an enterprise that is not known stands for the name that it states, else for itself. */
static char *demand_key(const DjGuestList *list, const DjRecord *need)
{
    const char *enterprise = g_hash_table_lookup(list->set->enterprise_of, need->key);
    const char *stated = dj_projection_field(DJ_AUDIENCE_ORGANISER, need, DJ_NEED_ENTERPRISE);
    if (enterprise)
        return g_strdup(enterprise);
    return stated ? dj_org_name_fold(stated) : g_strdup(need->key);
}

/* ---- who may meet ---- */

static void candidate_free(gpointer data)
{
    DjCandidate *candidate = data;
    g_ptr_array_unref(candidate->topics);
    g_free(candidate);
}

/* Of one patent the pairing with most points counts, whichever need of the enterprise it is for; of equal ones the one
 * that came first. */
static void add_topic(DjCandidate *candidate, const DjPairing *pairing)
{
    GPtrArray *topics = candidate->topics;
    guint at = 0;
    for (guint k = 0; k < topics->len; k++) {
        const DjPairing *known = topics->pdata[k];
        if (strcmp(known->patent, pairing->patent) != 0)
            continue;
        if (known->points >= pairing->points)
            return;
        g_ptr_array_remove_index(topics, k);
        break;
    }
    while (at < topics->len && ((const DjPairing *)topics->pdata[at])->points >= pairing->points)
        at++;
    g_ptr_array_insert(topics, (gint)at, (gpointer)pairing);
}

static DjGuest *find_guest(DjGuestList *list, guint role, char *key)
{
    DjGuest *guest = g_hash_table_lookup(list->by_key[role], key);
    if (guest) {
        g_free(key);
        return guest;
    }
    guest = g_new0(DjGuest, 1);
    guest->key = key;
    guest->candidates = g_ptr_array_new_with_free_func(candidate_free);
    if (role == 1)
        g_ptr_array_set_free_func(guest->candidates, NULL); /* they belong to the one who asks */
    g_hash_table_insert(list->by_key[role], key, guest);
    g_ptr_array_add(list->guests[role], guest);
    return guest;
}

static void add_candidate(DjGuestList *list, const DjPairing *pairing)
{
    const DjRecord *need = g_hash_table_lookup(list->set->needs, pairing->need);
    const DjRecord *patent = g_hash_table_lookup(list->set->patents, pairing->patent);
    if (!need || !patent || pairing->points <= 0)
        return;
    DjGuest *asks = find_guest(list, 0, demand_key(list, need));
    DjGuest *answers = find_guest(list, 1, supply_key(list, patent));
    g_autofree char *key = g_strdup_printf("%p %p", (gpointer)asks, (gpointer)answers);
    DjCandidate *candidate = g_hash_table_lookup(list->by_pair, key);
    if (!candidate) {
        candidate = g_new0(DjCandidate, 1);
        candidate->who[0] = asks;
        candidate->who[1] = answers;
        candidate->topics = g_ptr_array_new();
        g_ptr_array_add(asks->candidates, candidate);
        g_ptr_array_add(answers->candidates, candidate);
        g_hash_table_insert(list->by_pair, g_steal_pointer(&key), candidate);
    }
    add_topic(candidate, pairing);
}

static gint compare_candidates(gconstpointer a, gconstpointer b)
{
    const DjPairing *x = dj_candidate_best(*(const DjCandidate *const *)a);
    const DjPairing *y = dj_candidate_best(*(const DjCandidate *const *)b);
    if (x->points != y->points)
        return x->points > y->points ? -1 : 1;
    int order = strcmp(x->need, y->need);
    return order ? order : strcmp(x->patent, y->patent);
}

/* ---- who is proposed ---- */

static void value_guest(DjGuest *guest, guint role, guint depth)
{
    guest->worth = guest->meets = 0;
    for (guint k = 0; k < guest->candidates->len; k++) {
        const DjCandidate *candidate = g_ptr_array_index(guest->candidates, k);
        if (candidate->who[1 - role]->number == 0)
            continue;
        if (guest->meets++ < depth)
            guest->worth += dj_candidate_best(candidate)->points;
    }
}

/* Worst first. */
static gint compare_worth(gconstpointer a, gconstpointer b, gpointer unused)
{
    const DjGuest *x = a, *y = b;
    (void)unused;
    if (x->worth != y->worth)
        return x->worth < y->worth ? -1 : 1;
    if (x->meets != y->meets)
        return x->meets < y->meets ? -1 : 1;
    return strcmp(y->key, x->key);
}

typedef struct {
    GSequence *queue[2];
    guint depth;
} Choice;

static void leave_out(Choice *choice, guint role, DjGuest *guest)
{
    g_sequence_remove(guest->place);
    guest->number = 0;
    for (guint k = 0; k < guest->candidates->len; k++) {
        DjGuest *other = ((DjCandidate *)g_ptr_array_index(guest->candidates, k))->who[1 - role];
        if (other->number == 0)
            continue;
        value_guest(other, 1 - role, choice->depth);
        g_sequence_sort_changed(other->place, compare_worth, NULL);
    }
}

static void choose(DjGuestList *list, const guint most[2], guint depth)
{
    Choice choice = {.depth = depth};
    for (guint role = 0; role < 2; role++)
        for (guint k = 0; k < list->guests[role]->len; k++)
            ((DjGuest *)g_ptr_array_index(list->guests[role], k))->number = 1;
    for (guint role = 0; role < 2; role++) {
        choice.queue[role] = g_sequence_new(NULL);
        for (guint k = 0; k < list->guests[role]->len; k++) {
            DjGuest *guest = g_ptr_array_index(list->guests[role], k);
            value_guest(guest, role, depth);
            guest->place = g_sequence_insert_sorted(choice.queue[role], guest, compare_worth, NULL);
        }
    }
    for (;;) {
        guint64 n[2] = {(guint64)g_sequence_get_length(choice.queue[0]),
                        (guint64)g_sequence_get_length(choice.queue[1])};
        gboolean over[2] = {n[0] > most[0], n[1] > most[1]};
        guint role = over[0] && (!over[1] || n[0] * most[1] >= n[1] * most[0]) ? 0 : 1;
        DjGuest *worst[2] = {NULL, NULL};
        for (guint side = 0; side < 2; side++)
            if (n[side] > 0)
                worst[side] = g_sequence_get(g_sequence_get_begin_iter(choice.queue[side]));
        if (over[role])
            leave_out(&choice, role, worst[role]);
        else if (worst[0] && worst[0]->meets == 0)
            leave_out(&choice, 0, worst[0]);
        else if (worst[1] && worst[1]->meets == 0)
            leave_out(&choice, 1, worst[1]);
        else
            break;
    }
    for (guint role = 0; role < 2; role++)
        g_sequence_free(choice.queue[role]);
}

static gint compare_guests(gconstpointer a, gconstpointer b)
{
    return compare_worth(*(const DjGuest *const *)b, *(const DjGuest *const *)a, NULL);
}

static gint compare_pairs(gconstpointer a, gconstpointer b)
{
    const DjCandidate *x = *(const DjCandidate *const *)a, *y = *(const DjCandidate *const *)b;
    if (x->who[0] != y->who[0])
        return x->who[0]->number < y->who[0]->number ? -1 : 1;
    return x->who[1]->number < y->who[1]->number ? -1 : x->who[1]->number > y->who[1]->number;
}

/* ---- what is said of them ---- */

static const DjPairing *best_pairing(const DjGuest *guest, guint role)
{
    for (guint k = 0;; k++) {
        const DjCandidate *candidate = g_ptr_array_index(guest->candidates, k);
        if (candidate->who[1 - role]->number > 0)
            return dj_candidate_best(candidate);
    }
}

/* What an enterprise looks for: the needs that it would talk about, best first. */
static char *needs_of(const DjGuestList *list, const DjGuest *guest)
{
    enum { SHOWN = 3 };
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GString *out = g_string_new(NULL);
    for (guint k = 0; k < guest->candidates->len && g_hash_table_size(seen) < SHOWN; k++) {
        const DjCandidate *candidate = g_ptr_array_index(guest->candidates, k);
        const DjRecord *need = g_hash_table_lookup(list->set->needs, dj_candidate_best(candidate)->need);
        const char *title = dj_projection_field(DJ_AUDIENCE_PARTICIPANT, need, DJ_NEED_TITLE);
        if (candidate->who[1]->number > 0 && title && g_hash_table_add(seen, (gpointer)title))
            g_string_append_printf(out, "%s%s", out->len > 0 ? "；" : "", title);
    }
    return g_string_free(out, FALSE);
}

static void describe_enterprise(const DjGuestList *list, DjGuest *guest)
{
    const DjPairing *pairing = best_pairing(guest, 0);
    const DjRecord *need = g_hash_table_lookup(list->set->needs, pairing->need);
    const char *key = g_hash_table_lookup(list->set->enterprise_of, pairing->need);
    const DjRecord *record = key ? g_hash_table_lookup(list->set->enterprises, key) : NULL;
    const DjRecord *shown = dj_projection_enterprise(DJ_AUDIENCE_ORGANISER, need, record);
    const char *stated = dj_projection_field(DJ_AUDIENCE_ORGANISER, need, DJ_NEED_ENTERPRISE);
    guest->name = g_strdup(shown ? dj_record_title(shown) : stated ? stated : pairing->need);
    guest->organisation = g_strdup(guest->name);
    guest->city = g_strdup(dj_projection_field(DJ_AUDIENCE_ORGANISER, shown, DJ_ENTERPRISE_CITY));
    guest->concern = g_strdup(dj_projection_field(DJ_AUDIENCE_ORGANISER, shown, DJ_ENTERPRISE_GROUP));
    guest->need = needs_of(list, guest);
    guest->chain = g_strdup(dj_result_chain_name(list->set, pairing->chain));
}

static void describe_inventor(const DjGuestList *list, DjGuest *guest)
{
    const DjAudience audience = DJ_AUDIENCE_PARTICIPANT;
    const DjPairing *pairing = best_pairing(guest, 1);
    const DjRecord *patent = g_hash_table_lookup(list->set->patents, pairing->patent);
    g_autofree char *name = speaker(patent);
    guest->organisation = first_item(dj_projection_field(audience, patent, DJ_PATENT_OWNERS));
    guest->name = g_strdup(*name ? name : guest->organisation);
    guest->team = g_strdup(dj_projection_field(audience, patent, DJ_PATENT_TEAM));
    guest->city = g_strdup(dj_projection_field(audience, patent, DJ_PATENT_REGION));
    guest->chain = g_strdup(dj_result_chain_name(list->set, pairing->chain));
}

/* Best first, numbered; the rest stays in by_key alone. */
static void number_guests(DjGuestList *list)
{
    for (guint role = 0; role < 2; role++) {
        for (guint k = list->guests[role]->len; k-- > 0;)
            if (((DjGuest *)g_ptr_array_index(list->guests[role], k))->number == 0)
                g_ptr_array_remove_index_fast(list->guests[role], k);
        g_ptr_array_sort(list->guests[role], compare_guests);
        for (guint k = 0; k < list->guests[role]->len; k++) {
            DjGuest *guest = g_ptr_array_index(list->guests[role], k);
            guest->number = k + 1;
            if (role == 0)
                describe_enterprise(list, guest);
            else
                describe_inventor(list, guest);
        }
    }
    for (guint k = 0; k < list->guests[0]->len; k++) {
        const DjGuest *guest = g_ptr_array_index(list->guests[0], k);
        for (guint c = 0; c < guest->candidates->len; c++) {
            DjCandidate *candidate = g_ptr_array_index(guest->candidates, c);
            if (candidate->who[1]->number > 0)
                g_ptr_array_add(list->pairs, candidate);
        }
    }
    g_ptr_array_sort(list->pairs, compare_pairs);
}

DjGuestList *dj_guests_propose(const DjResultSet *set, const guint most[2], guint depth)
{
    DjGuestList *list = g_new0(DjGuestList, 1);
    list->set = set;
    list->voices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    list->by_pair = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    list->pairs = g_ptr_array_new();
    for (guint role = 0; role < 2; role++) {
        list->by_key[role] = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, guest_free);
        list->guests[role] = g_ptr_array_new();
    }
    for (guint k = 0; k < set->pairings->len; k++) {
        const DjPairing *pairing = g_ptr_array_index(set->pairings, k);
        const DjRecord *patent = g_hash_table_lookup(set->patents, pairing->patent);
        if (patent)
            join_voices(list->voices, patent);
    }
    for (guint k = 0; k < set->pairings->len; k++)
        add_candidate(list, g_ptr_array_index(set->pairings, k));
    for (guint role = 0; role < 2; role++)
        for (guint k = 0; k < list->guests[role]->len; k++)
            g_ptr_array_sort(((DjGuest *)g_ptr_array_index(list->guests[role], k))->candidates, compare_candidates);
    choose(list, most, depth);
    number_guests(list);
    return list;
}

const DjGuest *dj_guests_of_need(const DjGuestList *list, const char *need_key)
{
    const DjRecord *need = g_hash_table_lookup(list->set->needs, need_key);
    g_autofree char *key = need ? demand_key(list, need) : NULL;
    return key ? g_hash_table_lookup(list->by_key[0], key) : NULL;
}

void dj_guests_free(DjGuestList *list)
{
    if (!list)
        return;
    g_hash_table_unref(list->voices);
    g_hash_table_unref(list->by_pair);
    g_ptr_array_unref(list->pairs);
    for (guint role = 0; role < 2; role++) {
        g_hash_table_unref(list->by_key[role]);
        g_ptr_array_unref(list->guests[role]);
    }
    g_free(list);
}
