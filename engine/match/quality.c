/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/quality.h"

static void level_free(gpointer data)
{
    DjQualityLevel *level = data;
    dj_test_free(level->when);
    g_free(level);
}

DjCriterion *dj_criterion_new(void)
{
    DjCriterion *criterion = g_new0(DjCriterion, 1);
    criterion->levels = g_ptr_array_new_with_free_func(level_free);
    return criterion;
}

void dj_criterion_free(DjCriterion *criterion)
{
    if (!criterion)
        return;
    g_free(criterion->id);
    g_free(criterion->name);
    g_free(criterion->dimension);
    g_free(criterion->source);
    dj_test_free(criterion->applies);
    g_ptr_array_unref(criterion->levels);
    g_free(criterion);
}

void dj_criterion_add_level(DjCriterion *criterion, DjTest *when, int points)
{
    DjQualityLevel *level = g_new(DjQualityLevel, 1);
    *level = (DjQualityLevel){when, points};
    g_ptr_array_add(criterion->levels, level);
    criterion->most = MAX(criterion->most, points);
}

DjCriteria *dj_criteria_new(void)
{
    DjCriteria *criteria = g_new0(DjCriteria, 1);
    criteria->references = 1;
    criteria->criteria = g_ptr_array_new_with_free_func((GDestroyNotify)dj_criterion_free);
    return criteria;
}

DjCriteria *dj_criteria_ref(DjCriteria *criteria)
{
    g_atomic_int_inc(&criteria->references);
    return criteria;
}

void dj_criteria_unref(DjCriteria *criteria)
{
    if (!criteria || !g_atomic_int_dec_and_test(&criteria->references))
        return;
    g_ptr_array_unref(criteria->criteria);
    g_free(criteria->id);
    g_free(criteria->version);
    g_free(criteria);
}

static void part_clear(gpointer data)
{
    g_free(((DjQualityPart *)data)->value);
}

/* The value names what was looked at up to the level that decided. */
static DjQualityPart judge(const DjCriterion *criterion, const DjRecord *patent, int now)
{
    DjQualityPart part = {.criterion = criterion, .privacy = DJ_PUBLIC};
    g_autoptr(GString) value = g_string_new(NULL);
    g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(int));
    for (guint i = 0; i < criterion->levels->len; i++) {
        const DjQualityLevel *level = criterion->levels->pdata[i];
        DjVerdict verdict = dj_test_judge(level->when, patent, now);
        dj_test_describe(level->when, patent, value, seen, &part.privacy);
        if (verdict == DJ_NOT_MET)
            continue;
        part.points = verdict == DJ_MET ? level->points : -1;
        break;
    }
    part.value = g_strdup(value->str);
    return part;
}

DjQuality *dj_quality_judge(DjCriteria *criteria, const DjRecord *patent, int now)
{
    if (!criteria)
        return NULL;
    DjQuality *quality = g_new0(DjQuality, 1);
    quality->criteria = dj_criteria_ref(criteria);
    quality->parts = g_array_new(FALSE, FALSE, sizeof(DjQualityPart));
    g_array_set_clear_func(quality->parts, part_clear);
    for (guint i = 0; i < criteria->criteria->len; i++) {
        const DjCriterion *criterion = criteria->criteria->pdata[i];
        if (criterion->applies && dj_test_judge(criterion->applies, patent, now) == DJ_NOT_MET)
            continue;
        DjQualityPart part = judge(criterion, patent, now);
        g_array_append_val(quality->parts, part);
    }
    return quality;
}

void dj_quality_free(DjQuality *quality)
{
    if (!quality)
        return;
    g_array_unref(quality->parts);
    dj_criteria_unref(quality->criteria);
    g_free(quality);
}

int dj_quality_score(const DjQuality *quality, DjAudience audience, int *known)
{
    int points = 0, known_most = 0, most = 0;
    for (guint i = 0; i < quality->parts->len; i++) {
        const DjQualityPart *part = &g_array_index(quality->parts, DjQualityPart, i);
        most += part->criterion->most;
        if (part->points < 0 || !dj_audience_sees(audience, part->privacy))
            continue;
        points += part->points;
        known_most += part->criterion->most;
    }
    int share = most > 0 ? 100 * known_most / most : 0;
    if (known)
        *known = share;
    if (known_most == 0 || share < quality->criteria->min_known)
        return -1;
    return (200 * points + known_most) / (2 * known_most);
}

DjPrivacy dj_quality_privacy(const DjQuality *quality)
{
    DjPrivacy widest = DJ_PUBLIC;
    for (guint i = 0; i < quality->parts->len; i++) {
        const DjQualityPart *part = &g_array_index(quality->parts, DjQualityPart, i);
        if (part->points >= 0)
            widest = MAX(widest, part->privacy);
    }
    return widest;
}
