/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pairing (配对): one need and one patent or achievement, with the evidence that led to it.
 *
 * Points (点) are integers. The parts of a pairing add up exactly to its points; the score (匹配度, 0 to 100) compares
 * them with what the need would get if it were matched with its own text. Everything here is plain data that owns its
 * strings; it is filled by engine/match and only read afterwards. Texts that an audience must not see are removed by
 * the projection in engine/report, never here: each part carries the class of the text that it quotes. */
#pragma once
#include "engine/model/field.h"
#include "engine/model/verdict.h"

typedef enum {
    DJ_DIRECTION_NEED,  /* best patents of each need */
    DJ_DIRECTION_PATENT /* best needs of each patent */
} DjDirection;

typedef enum {
    DJ_PART_PHRASE,    /* a run of words that stands in both texts */
    DJ_PART_RELATED,   /* a word of the patent that stands for one of the need: "锂电池 ~ LIB" */
    DJ_PART_KINDRED,   /* words that are close by the word vectors: "隔膜 ~ 电解质膜" */
    DJ_PART_OTHER,     /* remaining shared words and characters, together */
    DJ_PART_SEMANTIC,  /* the rest of the closeness by word vectors */
    DJ_PART_INDICATOR, /* an indicator that is met */
    DJ_PART_CHAIN,     /* same industry chain */
    DJ_PART_IPC,       /* same IPC subclass or group */
    DJ_PART_QUALITY,   /* quality of the patent, where a setting lets it count */
    DJ_PART_WITHHELD   /* 保密字段: words of fields that the audience must not see; made by the projection */
} DjPartKind;

/* A stretch of the original text of one field, in bytes and in Unicode characters, half open. */
typedef struct {
    int field; /* index in the record's table, -1 = none */
    guint32 byte_begin, byte_end;
    guint32 char_begin, char_end;
} DjSpan;

typedef struct {
    DjPartKind kind;
    DjPrivacy privacy; /* class of the need's text that it quotes */
    gint64 points;
    char *text;     /* what a person reads: the shared words, "隔膜 ~ 电解质膜", a chain's name; may be NULL */
    DjSpan need;    /* where the words stand in the need */
    DjSpan patent;  /* where they stand in the patent */
    guint n_others; /* DJ_PART_OTHER: number of terms summed up */
} DjPart;

typedef struct {
    char *rule; /* rule id */
    char *name; /* rule in plain words */
    gboolean hard;
    DjVerdict verdict;
    char *value;       /* what it looked at, in plain words: "年费缴至 2026-11-30"; may be NULL */
    char *ask;         /* unknown: what to ask whom; may be NULL */
    DjPrivacy privacy; /* class of the value */
} DjGateResult;

/* One indicator of the need against what the patent states. */
typedef struct {
    char *property; /* 热导率, in the need's words */
    char *wanted;   /* quoted from the need: "≥170 W/(m·K)" */
    char *stated;   /* quoted from the patent; NULL when it says nothing of the property */
    DjVerdict verdict;
    DjPrivacy privacy;             /* class of the need's text */
    DjSpan need_span, patent_span; /* patent_span.field -1: nothing stated */
} DjIndicator;

#define DJ_MAX_SIMILAR 50

typedef struct {
    char *need, *patent; /* keys */
    char *chain;         /* home chain id, "" = 未归链 */
    char **other_chains; /* ids of further chains that both belong to; NULL-terminated, may be NULL */
    DjDirection direction;
    guint rank;   /* within its need (or patent, by direction), from 1 */
    int score;    /* 0 to 100 */
    gboolean low; /* below what lists begin with: there because a person pinned it, or as the nearest to a question */
    gint64 points, self_points;
    int permille;          /* calibrated probability that it is worth a meeting, -1 = uncalibrated */
    gint64 total;          /* exact total before rounding, for ordering */
    GPtrArray *parts;      /* DjPart, best first within kind order; points add up to `points` */
    GPtrArray *gate;       /* DjGateResult in rule order */
    GPtrArray *indicators; /* DjIndicator: met, then unknown, then failed */
    int n_unknown;         /* gate verdicts that are unknown (待核) */
    char *group;           /* key of the first member of its partner's group of like records, NULL = stands alone */
    guint n_similar;       /* further members of it that could stand here and are not listed: 另有 N 件 */
    char **similar;        /* their keys, ascending, at most DJ_MAX_SIMILAR; NULL = none */
} DjPairing;

DjPart *dj_part_new(DjPartKind kind, DjPrivacy privacy, gint64 points, const char *text);
void dj_part_free(DjPart *part);
void dj_gate_result_free(DjGateResult *result);
void dj_indicator_free(DjIndicator *indicator);
DjPairing *dj_pairing_new(void);
void dj_pairing_free(DjPairing *pairing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjPairing, dj_pairing_free)

const char *dj_direction_name(DjDirection direction); /* "need", "patent" */
const char *dj_part_kind_name(DjPartKind kind);       /* "phrase" … */
const char *dj_part_kind_label(DjPartKind kind);      /* 同词 … */

/* Sum of the parts' points. */
gint64 dj_pairing_parts_sum(const DjPairing *pairing);

/* Shares `points` out to n parts in proportion to raw[i] (each >= 0, sum > 0) by largest remainder, ties by part order:
 * out[i] add up to points exactly. With all raw 0 the first part takes all. */
void dj_points_share(gint64 points, const gint64 *raw, gsize n, gint64 *out);
