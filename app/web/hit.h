/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pairing on a page: score, verdicts, facts, bars that add up, both texts with the matched words marked. Reads
 * records through the projection alone. */
#pragma once
#include "engine/match/result.h"
#include "engine/report/projection.h"

typedef struct {
    const DjPairingView *view;
    const DjRecord *need;     /* NULL for a question */
    const char *question;     /* the text that was asked, NULL for a need */
    const DjRecord *patent;   /* never NULL */
    const DjQuality *quality; /* of the patent, NULL where it was not judged */
    const char *chain_name;
    int now;
    gboolean open;   /* the texts are unfolded */
    gboolean is_new; /* a chip 新 */
} DjHit;

/* Score, title, owner, verdicts, facts, parts, texts: an article of class hit. href: where the title leads, encoded. */
void dj_hit_card(GString *out, const DjHit *hit, const char *href);
/* Its blocks, for a page of their own. */
void dj_hit_parts(GString *out, const DjHit *hit);
void dj_hit_texts(GString *out, const DjHit *hit);
void dj_hit_gate(GString *out, const DjHit *hit);
void dj_hit_facts(GString *out, const DjHit *hit);

/* A stretch of a text to be marked; near: a related word, not the same one. */
typedef struct {
    guint32 begin, end; /* bytes */
    guint number;
    gboolean near;
} DjMark;
/* Text with marks (in any order; what overlaps an earlier one is left out), escaped. At most about `most` bytes around
 * the marks are shown, cut at characters; 0 = all. */
void dj_hit_marked(GString *out, const char *text, GArray *marks, gsize most);
