/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came of a meeting (会后): kept or not, how each side rates it, what is next, why not. Written on the sheets that
 * go out, read from the sheets that come back, stored as a fact. Ratings are confidential (class C).
 *
 * The scale is that of b2match's feedback form; reasons for no are those of IN-PART. Words are Chinese; the keys in
 * files and facts are English. Ownership: an outcome owns its texts. Threads: pure functions. */
#pragma once
#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    DJ_RATING_NONE,        /* nothing said */
    DJ_RATING_NOT_HELD,    /* 没有见成 */
    DJ_RATING_NO_INTEREST, /* 兴趣不大 */
    DJ_RATING_INFORMATIVE, /* 有收获，暂不合作 */
    DJ_RATING_POSSIBLE,    /* 可能合作 */
    DJ_N_RATINGS
} DjRating;

typedef enum {
    DJ_DECLINE_NONE,
    DJ_DECLINE_UNFIT,    /* 不合适 */
    DJ_DECLINE_IMMATURE, /* 不成熟 */
    DJ_DECLINE_PRICE,    /* 价格 */
    DJ_DECLINE_SOLVED,   /* 已解决 */
    DJ_DECLINE_CAPACITY, /* 没有力量 */
    DJ_DECLINE_CONFLICT, /* 利益冲突 */
    DJ_N_DECLINES
} DjDecline;

/* Key and label; "" for NONE. */
const char *dj_rating_key(DjRating rating);
const char *dj_rating_label(DjRating rating);
const char *dj_decline_key(DjDecline decline);
const char *dj_decline_label(DjDecline decline);
/* Label, key or another usual wording (未举行, 兴趣不足, 有收获但不合作). Blanks and punctuation between do not count.
 */
gboolean dj_rating_parse(const char *text, DjRating *out);
gboolean dj_decline_parse(const char *text, DjDecline *out);

typedef struct {
    gboolean kept;
    DjRating rating[2]; /* of who asks (企业), of who answers (发明人) */
    DjDecline decline;
    char *next_step, *owner, *due; /* due: YYYY-MM-DD; NULL where nothing was said */
} DjOutcome;

void dj_outcome_clear(DjOutcome *outcome);
void dj_outcome_free(DjOutcome *outcome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjOutcome, dj_outcome_free)

/* The rating that counts for the pairing: that of who asks, else that of who answers. */
DjRating dj_outcome_rating(const DjOutcome *outcome);

/* A JSON object in a fixed order of keys, without what was not said; the same outcome gives the same text. Free it. */
char *dj_outcome_to_json(const DjOutcome *outcome);
/* FALSE where the text is no outcome; `out` is then empty. */
gboolean dj_outcome_from_json(const char *json, DjOutcome *out);
/* The same of the data of a decision OUTCOME, which holds it as "answer" beside the meeting that it is of. */
gboolean dj_outcome_from_fact(const char *data, DjOutcome *out);

G_END_DECLS
