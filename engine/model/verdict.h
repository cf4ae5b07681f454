/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three-valued verdict of a rule: what is not known is said, never guessed. */
#pragma once

typedef enum {
    DJ_MET,     /* 满足 */
    DJ_NOT_MET, /* 不满足 */
    DJ_UNKNOWN  /* 待核 */
} DjVerdict;

/* Kleene's strong conjunction: not met wins, then unknown. */
static inline DjVerdict dj_verdict_and(DjVerdict a, DjVerdict b)
{
    if (a == DJ_NOT_MET || b == DJ_NOT_MET)
        return DJ_NOT_MET;
    return (a == DJ_UNKNOWN || b == DJ_UNKNOWN) ? DJ_UNKNOWN : DJ_MET;
}
static inline DjVerdict dj_verdict_or(DjVerdict a, DjVerdict b)
{
    if (a == DJ_MET || b == DJ_MET)
        return DJ_MET;
    return (a == DJ_UNKNOWN || b == DJ_UNKNOWN) ? DJ_UNKNOWN : DJ_NOT_MET;
}
static inline const char *dj_verdict_name(DjVerdict v)
{
    return v == DJ_MET ? "met" : v == DJ_NOT_MET ? "not_met" : "unknown";
}
static inline const char *dj_verdict_label(DjVerdict v)
{
    return v == DJ_MET ? "满足" : v == DJ_NOT_MET ? "不满足" : "待核";
}
