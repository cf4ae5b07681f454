/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is proposed for a session and who of them may meet (拟邀名单与候选配对), from pairing lists. Internal to
 * engine/report.
 *
 * An enterprise with several needs is one guest; an inventor who speaks for several patents is one guest, whichever of
 * the joint owners a patent names first. The pairings of two guests, one per patent, are what they may talk about at
 * their one meeting, which is worth the one with most points.
 * Where more are paired than there is room for, guests are left out one by one, each time the one whose best candidates
 * among those still proposed are worth least: so the guests of a session have much to say to each other, and are not
 * merely the best of long lists. Same result set, same guests. Texts belong to the guests; pairings to the set, which
 * must outlive the list. */
#pragma once

#include "engine/match/result.h"

typedef struct {
    char *key;
    char *name, *organisation, *concern, *city, *team, *need, *chain; /* may be NULL */
    GPtrArray *candidates;                                            /* DjCandidate, best first */
    gint64 worth; /* points of the best candidates whose other side is proposed */
    guint meets;  /* candidates whose other side is proposed */
    guint number; /* from 1; 0: not proposed */
    GSequenceIter *place;
} DjGuest;

typedef struct {
    DjGuest *who[2];   /* asks, answers */
    GPtrArray *topics; /* DjPairing, one per patent, best first; at least one */
} DjCandidate;

typedef struct {
    const DjResultSet *set;
    GPtrArray *guests[2]; /* DjGuest, proposed, by number */
    GPtrArray *pairs;     /* DjCandidate of proposed guests, by the numbers of both */
    GHashTable *by_key[2];
    GHashTable *by_pair;
    GHashTable *voices; /* owner and inventor -> the same of another patent, if they are one person */
} DjGuestList;

/* The pairing with most points. */
static inline const DjPairing *dj_candidate_best(const DjCandidate *candidate)
{
    return (const DjPairing *)candidate->topics->pdata[0];
}

/* most: guests per side at most. depth: how many candidates of a guest count when it is compared with others. */
DjGuestList *dj_guests_propose(const DjResultSet *set, const guint most[2], guint depth);
/* The guest whose need this is, proposed or not; NULL: none. */
const DjGuest *dj_guests_of_need(const DjGuestList *list, const char *need_key);
void dj_guests_free(DjGuestList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjGuestList, dj_guests_free)
