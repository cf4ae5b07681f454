/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A damaged model, its word vectors included: what dj_model_parse lets pass may be asked everything. */
#include "engine/match/model.h"
#include "tests/fuzz/sections.h"
#include "tests/fuzz/target.h"
#include <string.h>

unsigned long fuzz_accepted;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"terms.off", "terms.txt", "terms.map", "stats", "params", "semantic"};
    static const char *const asked[] = {"电池", "薄膜电池材料", "w", "", "\xff"};
    g_autoptr(GBytes) bytes = fuzz_pack_of("model", names, G_N_ELEMENTS(names), data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(DjModel) model = dj_model_parse(bytes, &error);
    FUZZ_PROMISE((model == NULL) == (error != NULL));
    if (!model)
        return 0;
    DjTerm words[G_N_ELEMENTS(asked)] = {0};
    for (gsize i = 0; i < G_N_ELEMENTS(asked); i++) {
        words[i].bytes = asked[i];
        words[i].length = (guint32)strlen(asked[i]);
        FUZZ_PROMISE(dj_model_find(model, asked[i], strlen(asked[i])) != NULL);
    }
    for (guint32 i = 0; i < MIN(model->terms.n, 64); i++)
        for (int unit = 0; unit < DJ_N_LEX_UNITS; unit++)
            FUZZ_PROMISE(dj_model_impact(model, &model->stats[i], 300, 12000, (DjLexUnit)unit) >= 1);
    gint8 vector[DJ_SEMANTIC_DIM];
    dj_model_embed_words(model, words, G_N_ELEMENTS(words), NULL, vector);
    for (int i = 0; i < DJ_SEMANTIC_DIM; i++)
        FUZZ_PROMISE(vector[i] != -128);
    fuzz_accepted++;
    return 0;
}
