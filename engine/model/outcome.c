/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model/outcome.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *key, *label, *other; /* other: a second wording that people use */
} Word;

static const Word ratings[DJ_N_RATINGS] = {
    [DJ_RATING_NONE] = {"", "", NULL},
    [DJ_RATING_NOT_HELD] = {"not held", "没有见成", "未举行"},
    [DJ_RATING_NO_INTEREST] = {"no interest", "兴趣不大", "兴趣不足"},
    [DJ_RATING_INFORMATIVE] = {"informative", "有收获，暂不合作", "有收获但不合作"},
    [DJ_RATING_POSSIBLE] = {"possible", "可能合作", NULL},
};

static const Word declines[DJ_N_DECLINES] = {
    [DJ_DECLINE_NONE] = {"", "", NULL},
    [DJ_DECLINE_UNFIT] = {"unfit", "不合适", NULL},
    [DJ_DECLINE_IMMATURE] = {"immature", "不成熟", NULL},
    [DJ_DECLINE_PRICE] = {"price", "价格", NULL},
    [DJ_DECLINE_SOLVED] = {"solved", "已解决", NULL},
    [DJ_DECLINE_CAPACITY] = {"no capacity", "没有力量", NULL},
    [DJ_DECLINE_CONFLICT] = {"conflict", "利益冲突", NULL},
};

const char *dj_rating_key(DjRating rating)
{
    return ratings[rating].key;
}

const char *dj_rating_label(DjRating rating)
{
    return ratings[rating].label;
}

const char *dj_decline_key(DjDecline decline)
{
    return declines[decline].key;
}

const char *dj_decline_label(DjDecline decline)
{
    return declines[decline].label;
}

/* Letters and digits alone, lower case: "有收获， 暂不合作" and "有收获,暂不合作" are the same words. */
static char *fold(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_isalnum(c))
            g_string_append_unichar(out, g_unichar_tolower(c));
    }
    return g_string_free(out, FALSE);
}

static gboolean parse(const Word *words, guint n, const char *text, guint *out)
{
    g_autofree char *wanted = fold(text);
    for (guint w = 1; w < n; w++) {
        const char *const spelled[] = {words[w].key, words[w].label, words[w].other};
        for (guint s = 0; s < G_N_ELEMENTS(spelled) && spelled[s]; s++) {
            g_autofree char *known = fold(spelled[s]);
            if (strcmp(wanted, known) == 0) {
                *out = w;
                return TRUE;
            }
        }
    }
    return FALSE;
}

gboolean dj_rating_parse(const char *text, DjRating *out)
{
    guint found = 0;
    gboolean ok = parse(ratings, DJ_N_RATINGS, text, &found);
    *out = (DjRating)found;
    return ok;
}

gboolean dj_decline_parse(const char *text, DjDecline *out)
{
    guint found = 0;
    gboolean ok = parse(declines, DJ_N_DECLINES, text, &found);
    *out = (DjDecline)found;
    return ok;
}

void dj_outcome_clear(DjOutcome *outcome)
{
    g_free(outcome->next_step);
    g_free(outcome->owner);
    g_free(outcome->due);
    *outcome = (DjOutcome){0};
}

void dj_outcome_free(DjOutcome *outcome)
{
    if (!outcome)
        return;
    dj_outcome_clear(outcome);
    g_free(outcome);
}

DjRating dj_outcome_rating(const DjOutcome *outcome)
{
    return outcome->rating[0] != DJ_RATING_NONE ? outcome->rating[0] : outcome->rating[1];
}

static void put(json_t *root, const char *key, const char *text)
{
    if (text && *text)
        json_object_set_new(root, key, json_string(text));
}

char *dj_outcome_to_json(const DjOutcome *outcome)
{
    json_t *root = json_pack("{s:b}", "kept", outcome->kept);
    put(root, "demand_rating", dj_rating_key(outcome->rating[0]));
    put(root, "supply_rating", dj_rating_key(outcome->rating[1]));
    put(root, "reason", dj_decline_key(outcome->decline));
    put(root, "next_step", outcome->next_step);
    put(root, "owner", outcome->owner);
    put(root, "due", outcome->due);
    char *text = json_dumps(root, JSON_COMPACT);
    char *out = g_strdup(text);
    free(text);
    json_decref(root);
    return out;
}

gboolean dj_outcome_from_json(const char *json, DjOutcome *out)
{
    *out = (DjOutcome){0};
    json_t *root = json_loads(json, 0, NULL);
    const json_t *kept = json_object_get(root, "kept");
    gboolean ok = json_is_boolean(kept);
    if (ok) {
        const char *asks = json_string_value(json_object_get(root, "demand_rating"));
        const char *answers = json_string_value(json_object_get(root, "supply_rating"));
        const char *reason = json_string_value(json_object_get(root, "reason"));
        out->kept = json_is_true(kept);
        ok = (!asks || dj_rating_parse(asks, &out->rating[0])) &&
             (!answers || dj_rating_parse(answers, &out->rating[1])) &&
             (!reason || dj_decline_parse(reason, &out->decline));
        out->next_step = g_strdup(json_string_value(json_object_get(root, "next_step")));
        out->owner = g_strdup(json_string_value(json_object_get(root, "owner")));
        out->due = g_strdup(json_string_value(json_object_get(root, "due")));
    }
    if (!ok)
        dj_outcome_clear(out);
    json_decref(root);
    return ok;
}

gboolean dj_outcome_from_fact(const char *data, DjOutcome *out)
{
    json_t *root = json_loads(data, 0, NULL);
    char *answer = json_dumps(json_object_get(root, "answer"), 0);
    gboolean ok = answer && dj_outcome_from_json(answer, out);
    if (!answer)
        *out = (DjOutcome){0};
    free(answer);
    json_decref(root);
    return ok;
}
