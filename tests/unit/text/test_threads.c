/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that analyse texts and read quantities at once, each with an analyser and a parser of its own, find what one
 * finds alone. A plain program, for ThreadSanitizer to watch. */
#include "config/units.h"
#include "engine/text/analyzer.h"
#include "engine/text/quantity.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_THREADS 3
#define N_ROUNDS  50

static const char *const texts[] = {
    "要热导率不低于 170 W/(m·K) 的氮化铝陶瓷基板，热循环不分层",
    "抗拉強度≥800 MPa，厚度不得超过0.5mm，使用寿命5年以上",
    "温度小于1750℃，误差控制在±1.5mm之内，重量约3吨，KU60 与 18650 电池",
};

static DjUnits *units;

static void must(gboolean ok, const GError *error)
{
    if (ok)
        return;
    fprintf(stderr, "test_text_threads: %s\n", error ? error->message : "failed without a message");
    exit(1);
}

/* All terms and quantities of the texts, as one string. */
static gpointer describe(gpointer unused)
{
    (void)unused;
    GError *error = NULL;
    GString *out = g_string_new(NULL);
    DjAnalyzer *analyzer = dj_analyzer_new(&error);
    must(analyzer != NULL, error);
    DjQuantityParser *parser = dj_quantity_parser_new(units, &error);
    must(parser != NULL, error);
    for (int round = 0; round < N_ROUNDS; round++)
        for (gsize t = 0; t < G_N_ELEMENTS(texts); t++) {
            gsize n;
            const DjTerm *terms =
                dj_analyzer_split(analyzer, texts[t], -1, DJ_UNIT_BIGRAM | DJ_UNIT_CHAR | DJ_UNIT_WORD, &n);
            for (gsize i = 0; i < n; i++)
                g_string_append_printf(out, "%.*s ", (int)terms[i].length, terms[i].bytes);
            const DjQuantity *found = dj_quantity_parser_run(parser, texts[t], -1, &n);
            for (gsize i = 0; i < n; i++)
                g_string_append_printf(out, "%d:%" G_GINT64_FORMAT "e%d ", (int)found[i].relation,
                                       found[i].low.mantissa, found[i].low.exponent);
        }
    dj_quantity_parser_free(parser);
    dj_analyzer_free(analyzer);
    return g_string_free(out, FALSE);
}

int main(void)
{
    GError *error = NULL;
    pthread_t threads[N_THREADS];
    units = dj_units_load(DJ_SOURCE_DIR "/config/units/units.yaml", &error);
    must(units != NULL, error);
    for (int i = 0; i < N_THREADS; i++) /* first of all, so that they meet in what is made once */
        must(pthread_create(&threads[i], NULL, describe, NULL) == 0, NULL);
    char *found[N_THREADS];
    for (int i = 0; i < N_THREADS; i++)
        pthread_join(threads[i], (void **)&found[i]);
    g_autofree char *alone = describe(NULL);
    int failed = !strstr(alone, "2:17e1") || !strstr(alone, "氮化 化铝");
    for (int i = 0; i < N_THREADS; i++) {
        failed += strcmp(found[i], alone) != 0;
        g_free(found[i]);
    }
    dj_units_free(units);
    if (failed)
        fprintf(stderr, "test_text_threads: %d threads found something else: %.300s\n", failed, alone);
    return failed > 0;
}
