/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/scoring.h"

DjScoring dj_scoring_default(void)
{
    return (DjScoring){
        .doc_weight = {[DJ_DOC_TITLE] = 100,
                       [DJ_DOC_ABSTRACT] = 100,
                       [DJ_DOC_CLAIM] = 50,
                       [DJ_DOC_FIELDS] = 100,
                       [DJ_DOC_PRODUCTS] = 100,
                       [DJ_DOC_KEYWORDS] = 100,
                       [DJ_DOC_ADVANTAGE] = 50},
        .k1 = 120,
        .b = 75,
        .char_weight = 50,
        .title_k3 = 100,
        .content_k3 = 300,
        .content_weight = 80,
        .lexicon_weight = 75,
        .semantic_weight = 2000,
        .semantic_content = 40,
        .boilerplate = TRUE,
        .lexical = TRUE,
        .semantic = TRUE,
        .chain_points = 8,
        .ipc_points = 4,
        .indicator_points = 12,
        .points_per_deviation = 10,
        .min_score = 12,
    };
}

char dj_doc_field_letter(DjDocField field)
{
    return "TACFPKV"[field];
}
