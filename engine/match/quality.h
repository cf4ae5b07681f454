/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quality of a patent (优质): a judgement of its own beside the fit (适用, the score of a pairing), from the facts of
 * the record alone. It stands in no order unless the setting points.quality says so, and then as a part of its own.
 *
 * Criteria are data (config/quality): each has levels, best first; the first level whose condition is met gives its
 * points, a condition that is unknown leaves the criterion unknown, none met gives 0. The score is
 *
 *   round(100 * points of the known criteria / most points of the known criteria)          0 to 100
 *
 * and unknown (-1) where less than `min_known` per cent of the weight is known. Source of the dimensions: notice 002
 * (推广应用《专利评估指引》国家标准), 003 (开展知识产权分级管理); each criterion names its own.
 *
 * Criteria and judgements are read-only once made and may be shared by threads. */
#pragma once
#include "engine/match/rule.h"

typedef struct {
    DjTest *when;
    int points;
} DjQualityLevel;

typedef struct {
    char *id, *name;
    char *dimension;   /* 法律, 技术, 经济 */
    char *source;      /* where the criterion comes from */
    DjTest *applies;   /* NULL: to every record; elsewhere the criterion is left out */
    GPtrArray *levels; /* DjQualityLevel, best first */
    int most;          /* points of the best level */
} DjCriterion;

typedef struct {
    gint references;
    char *id, *version;
    int min_known;       /* per cent */
    GPtrArray *criteria; /* DjCriterion, in file order */
} DjCriteria;

DjCriterion *dj_criterion_new(void);
void dj_criterion_free(DjCriterion *criterion);
void dj_criterion_add_level(DjCriterion *criterion, DjTest *when, int points); /* takes when */
DjCriteria *dj_criteria_new(void);
DjCriteria *dj_criteria_ref(DjCriteria *criteria);
void dj_criteria_unref(DjCriteria *criteria); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjCriterion, dj_criterion_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjCriteria, dj_criteria_unref)

typedef struct {
    const DjCriterion *criterion; /* of DjQuality.criteria */
    int points;                   /* -1 unknown */
    char *value;                  /* the fields that it looked at, in plain words */
    DjPrivacy privacy;            /* class of these fields */
} DjQualityPart;

typedef struct {
    DjCriteria *criteria;
    GArray *parts; /* DjQualityPart in the order of the criteria that apply */
} DjQuality;

/* NULL without criteria. */
DjQuality *dj_quality_judge(DjCriteria *criteria, const DjRecord *patent, int now);
void dj_quality_free(DjQuality *quality);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjQuality, dj_quality_free)

/* Score over the parts that the audience may see, -1 = unknown. *known: per cent of the weight that is known to it,
 * may be NULL. */
int dj_quality_score(const DjQuality *quality, DjAudience audience, int *known);
/* Widest class of a known part. */
DjPrivacy dj_quality_privacy(const DjQuality *quality);
