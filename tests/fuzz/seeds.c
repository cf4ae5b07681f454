/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_seeds CORPUS: writes the saved inputs of the binary formats, small and valid, into CORPUS/matrix, pack, model.
 */
#include "engine/kernel/matrix.h"
#include "engine/match/model.h"
#include "engine/semantic/train.h"
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

static const char *corpus;

static gboolean save(const char *target, const char *name, const void *bytes, gsize size)
{
    g_autofree char *folder = g_build_filename(corpus, target, NULL);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) error = NULL;
    if (g_mkdir_with_parents(folder, 0755) == 0 && g_file_set_contents(path, bytes, (gssize)size, &error))
        return TRUE;
    fprintf(stderr, "fuzz_seeds: %s: %s\n", path, error ? error->message : "cannot be written");
    return FALSE;
}

static bool keep(void *user, const void *bytes, size_t size)
{
    g_byte_array_append(user, bytes, (guint)size);
    return true;
}

/* n documents of a common term, a term of every third and one of their own; two segments. */
static gboolean save_matrix(const char *name, guint32 n, guint32 dim)
{
    g_autoptr(GArray) ptr = g_array_new(FALSE, FALSE, 8), term = g_array_new(FALSE, FALSE, 4),
                      seg = g_array_new(FALSE, FALSE, 4);
    g_autoptr(GByteArray) impact = g_byte_array_new(), vec = g_byte_array_new(), out = g_byte_array_new();
    guint64 end = 0;
    g_array_append_val(ptr, end);
    for (guint32 d = 0; d < n; d++) {
        const guint32 terms[] = {0, 1 + d % 3, 4 + d};
        for (gsize i = 0; i < G_N_ELEMENTS(terms); i++) {
            guint8 value = (guint8)(1 + (d * 7 + i) % 255);
            g_array_append_val(term, terms[i]);
            g_byte_array_append(impact, &value, 1);
        }
        for (guint32 i = 0; i < dim; i++) {
            guint8 value = (guint8)((d + i) % 100);
            g_byte_array_append(vec, &value, 1);
        }
        end = term->len;
        g_array_append_val(ptr, end);
        g_array_append_val(seg, d);
    }
    for (guint32 d = 0; d < n; d += 2)
        g_array_append_val(seg, d);
    const guint64 seg_ptr[] = {0, n, seg->len};
    const DjMatrixInput in = {
        .n_docs = n,
        .n_terms = 4 + n,
        .doc_ptr = (const guint64 *)(gpointer)ptr->data,
        .doc_term = (const guint32 *)(gpointer)term->data,
        .doc_impact = impact->data,
        .dim = dim,
        .doc_vec = dim ? (const gint8 *)vec->data : NULL,
        .n_segments = 2,
        .seg_ptr = seg_ptr,
        .seg_doc = (const guint32 *)(gpointer)seg->data,
    };
    DjMatrixStatus status = dj_matrix_compile(&in, keep, out);
    if (status != DJ_MATRIX_OK) {
        fprintf(stderr, "fuzz_seeds: matrix: %s\n", dj_matrix_status_text(status));
        return FALSE;
    }
    return save("matrix", name, out->data, out->len);
}

/* The same pack twice: as it is, and as sections (see sections.h). */
static gboolean save_pack(const char *target, const char *kind, const char *const *names, guint n_names, GBytes *bytes)
{
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    g_autoptr(GByteArray) out = g_byte_array_new();
    DjPack pack;
    if (!save(target, "whole", data, size) || !dj_pack_open(&pack, bytes, kind, NULL))
        return FALSE;
    for (guint i = 0; i < n_names; i++) {
        gsize length = 0;
        const guint8 *section = dj_pack_section(&pack, names[i], 1, &length, NULL);
        const guint8 head[] = {(guint8)i, (guint8)length, (guint8)(length >> 8), (guint8)(length >> 16)};
        g_byte_array_append(out, head, sizeof head);
        if (length > 0)
            g_byte_array_append(out, section, (guint)length);
    }
    dj_pack_close(&pack);
    return save(target, "sections", out->data, out->len);
}

static gboolean save_string_table(void)
{
    static const char *const names[] = {"words.off", "words.txt", "words.map", "numbers"};
    static const char text[] = "电池隔膜w";
    static const guint64 offset[] = {0, 6, 12, 13};
    DjPackWriter *writer = dj_pack_writer_new("test");
    dj_pack_writer_add(writer, "numbers", "\1\2\3\4\5\6\7\10", 8);
    dj_pack_writer_add_strings(writer, "words", offset, text, 3);
    g_autoptr(GBytes) bytes = dj_pack_writer_finish(writer);
    return save_pack("pack", "test", names, G_N_ELEMENTS(names), bytes);
}

static DjSemanticModel *train_words(GError **error)
{
    static const char *const texts[][3] = {
        {"电池", "材料", "隔膜"}, {"电池", "电极", "材料"}, {"隔膜", "材料", "薄膜"}};
    DjSemanticOptions options;
    dj_semantic_options_init(&options);
    options.min_texts = 1;
    options.n_threads = 1;
    options.power_iterations = 1;
    g_autoptr(DjSemanticTrainer) trainer = dj_semantic_trainer_new(&options);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        DjSemanticWord words[3];
        for (gsize j = 0; j < 3; j++)
            words[j] = (DjSemanticWord){texts[i][j], (guint32)strlen(texts[i][j])};
        if (!dj_semantic_trainer_add(trainer, DJ_SEMANTIC_SUPPLY, words, 3, error))
            return NULL;
    }
    return dj_semantic_trainer_finish(trainer, NULL, error);
}

static gboolean save_model(void)
{
    static const char *const names[] = {"terms.off", "terms.txt", "terms.map", "stats", "params", "semantic"};
    g_autoptr(GError) error = NULL;
    const DjScoring scoring = dj_scoring_default();
    g_autoptr(DjModelBuilder) builder = dj_model_builder_new(&scoring);
    g_autoptr(DjDocument) document = dj_document_new(&error);
    DjRecord *record = dj_record_new(DJ_TABLE_PATENT);
    dj_record_set(record, DJ_PATENT_TITLE, "电池隔膜材料");
    dj_record_set(record, DJ_PATENT_ABSTRACT, "一种薄膜电池材料");
    if (document) {
        dj_document_fill(document, record, &scoring);
        dj_model_builder_add_doc(builder, document);
    }
    dj_record_free(record);
    g_autoptr(DjSemanticModel) semantic = document ? train_words(&error) : NULL;
    g_autoptr(GBytes) bytes = semantic ? dj_model_builder_finish(builder, semantic, &error) : NULL;
    if (!bytes) {
        fprintf(stderr, "fuzz_seeds: model: %s\n", error ? error->message : "not made");
        return FALSE;
    }
    return save_pack("model", "model", names, G_N_ELEMENTS(names), bytes);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "use: fuzz_seeds CORPUS\n");
        return 2;
    }
    corpus = argv[1];
    return save_matrix("lists", 5, 0) && save_matrix("vectors", 70, 64) && save_string_table() && save_model() ? 0 : 1;
}
