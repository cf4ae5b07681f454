/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/event/make.h"

static guint64 next(guint64 *state)
{
    /* splitmix64: published by Steele, Lea and Flood, 2014 */
    guint64 z = *state += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static guint below(guint64 *state, guint n)
{
    return n == 0 ? 0 : (guint)(next(state) % n);
}

static const char *const chains[] = {"电子信息材料", "集成电路", "新能源与智能网联汽车", "生物医药及医疗器械"};
static const char *const cities[] = {"云汀市", "岚屏市", "湛原市", "青溯市", "栎川市"};

static guint64 presence(const MakeOptions *options, guint64 *state)
{
    guint64 all = options->slots >= 64 ? G_MAXUINT64 : (G_GUINT64_CONSTANT(1) << options->slots) - 1;
    if (below(state, 100) >= options->absent)
        return all;
    guint late = 1 + below(state, MAX(options->slots / 3, 1));
    switch (below(state, 3)) {
    case 0:
        return all << late & all;
    case 1:
        return all >> late;
    default:
        return all & ~(G_GUINT64_CONSTANT(1) << below(state, options->slots));
    }
}

static void add_persons(DjEvent *event, const MakeOptions *options, guint64 *state)
{
    /* seats per side: what the tables give, with some air */
    guint seats = options->slots * options->tables;
    guint demand_max = MIN(options->slots, seats / MAX(options->demand, 1) + 2);
    guint supply_max = MIN(options->slots, MAX(options->slots / 2, seats / MAX(options->supply, 1) + 1));
    for (guint i = 0; i < options->demand + options->supply; i++) {
        gboolean asks = i < options->demand;
        guint number = asks ? i + 1 : i - options->demand + 1;
        DjEventPerson *person = dj_event_add_person(event);
        person->id = g_strdup_printf("%c%03u", asks ? 'E' : 'T', number);
        person->side = asks ? DJ_EVENT_DEMAND : DJ_EVENT_SUPPLY;
        person->name = g_strdup_printf("示例%s%u", asks ? "企业" : "发明人", number);
        person->organisation = asks ? g_strdup(person->name)
                                    : g_strdup_printf("示例院校%u", 1 + below(state, MAX(options->supply / 4, 1)));
        person->city = g_strdup(cities[below(state, G_N_ELEMENTS(cities))]);
        person->chain = g_strdup(chains[i % G_N_ELEMENTS(chains)]);
        person->open = presence(options, state);
        person->max = asks ? demand_max : supply_max;
        guint most = seats / MAX(options->demand, 1);
        person->min = asks ? MIN(MIN(most, 3), demand_max) : 0;
        person->min = person->min > 0 && options->demand * person->min > seats * 9 / 10 ? person->min - 1 : person->min;
    }
}

static void add_pairs(DjEvent *event, const MakeOptions *options, guint64 *state)
{
    guint all = options->demand * options->supply;
    /* how many of a thousand combinations become candidates, so that about `pairs` of them do */
    guint same = options->pairs == 0 ? 1000 : 1000, other = 60;
    if (options->pairs > 0) {
        guint wanted = (guint)MIN((guint64)options->pairs * 1000 / MAX(all, 1), 1000);
        /* a quarter of the combinations lie within a chain */
        same = MIN(1000, wanted * 4 * 4 / 5);
        other = (4 * wanted - same) / 3;
    }
    for (guint a = 0; a < options->demand; a++)
        for (guint b = 0; b < options->supply; b++) {
            gboolean within = a % G_N_ELEMENTS(chains) == (options->demand + b) % G_N_ELEMENTS(chains);
            guint luck = below(state, 1000), points = below(state, 90) + below(state, 30);
            if (luck >= (within ? same : other))
                continue;
            /* every eighth inventor is in demand */
            DjEventPair *pair = dj_event_add_pair(event);
            pair->who[0] = a;
            pair->who[1] = options->demand + b;
            pair->points = 20 + points + (within ? 20 : 0) + (b % 8 == 0 ? 25 : 0);
        }
}

DjEvent *make_event(const MakeOptions *options)
{
    DjEvent *event = dj_event_new();
    guint64 state = options->seed;
    event->id = g_strdup_printf("gen-%" G_GUINT64_FORMAT, options->seed);
    event->name = g_strdup("示例专利技术供需对接会（生成）");
    event->date = g_strdup("2026-05-15");
    event->place = g_strdup("示例会展中心 2 号厅");
    event->checkin = g_strdup("18:10");
    event->slots = options->slots;
    event->tables = options->tables;
    event->minutes = options->slots <= 20 ? 15 : 10;
    guint first = options->slots <= 20 ? 18 * 60 + 30 : 9 * 60;
    for (guint t = 0; t < options->slots; t++)
        event->start[t] = first + t * event->minutes;
    add_persons(event, options, &state);
    add_pairs(event, options, &state);
    return event;
}
