/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Term matrix from the postlists: terms are walked in order, their postings merged over the fields, weighted by the
 * model, and turned into rows by document. */
#include "indexer/compile.h"
#include "engine/search/search.h"
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    const DjBuildOptions *options;
    guint32 n_docs;
    DjLexUnit unit;
    const guint32 *length;  /* of this unit, per document */
    GString *term_text;     /* unit letter and term, all terms */
    GArray *term_offset;    /* guint64 */
    const DjTermStat *stat; /* of the current term */
    guint32 *tf;            /* per document, zero between terms */
    GArray *touched;        /* documents of the current term */
    /* postings by term: document and impact; term_end[t] ends term t */
    GArray *doc;        /* guint32 */
    GArray *impact;     /* guint8 */
    GArray *term_end;   /* guint64 */
    guint64 *doc_count; /* postings per document */
    GError *error;
} Compile;

static gboolean begin_term(const char *bytes, gsize length, gpointer user)
{
    Compile *compile = user;
    if (compile->term_end->len % 4096 == 0 &&
        !dj_build_tell(compile->options, "compile", compile->term_end->len, 0, &compile->error))
        return FALSE;
    gsize begin = compile->term_text->len;
    g_string_append_c(compile->term_text, DJ_UNIT_LETTERS[compile->unit]);
    g_string_append_len(compile->term_text, bytes, (gssize)length);
    guint64 end = compile->term_text->len;
    g_array_append_val(compile->term_offset, end);
    compile->stat = dj_model_find(compile->options->model, compile->term_text->str + begin, length + 1);
    return TRUE;
}

static void add_posting(guint32 number, int field, guint32 wdf, gpointer user)
{
    Compile *compile = user;
    guint32 weight = wdf * (guint32)compile->options->model->scoring.doc_weight[field];
    if (weight == 0)
        return;
    if (compile->tf[number] == 0)
        g_array_append_val(compile->touched, number);
    compile->tf[number] += weight;
}

static gboolean end_term(gpointer user)
{
    Compile *compile = user;
    const guint32 *touched = (const guint32 *)(gpointer)compile->touched->data;
    for (guint i = 0; i < compile->touched->len; i++) {
        guint32 d = touched[i];
        guint8 impact =
            dj_model_impact(compile->options->model, compile->stat, compile->tf[d], compile->length[d], compile->unit);
        g_array_append_val(compile->doc, d);
        g_array_append_val(compile->impact, impact);
        compile->doc_count[d]++;
        compile->tf[d] = 0;
    }
    g_array_set_size(compile->touched, 0);
    guint64 end = compile->doc->len;
    g_array_append_val(compile->term_end, end);
    return TRUE;
}

static gboolean walk_units(Compile *compile, DjIndex *index, GError **error)
{
    static const DjIndexWalk walk = {begin_term, add_posting, end_term};
    g_autofree guint32 *length = g_try_new(guint32, MAX(compile->n_docs, 1));
    if (!length) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "no memory for document lengths");
        return FALSE;
    }
    compile->length = length;
    for (int unit = 0; unit < DJ_N_LEX_UNITS; unit++) {
        char prefix[DJ_N_DOC_FIELDS][3];
        const char *prefixes[DJ_N_DOC_FIELDS];
        for (int f = 0; f < DJ_N_DOC_FIELDS; f++) {
            prefix[f][0] = dj_doc_field_letter((DjDocField)f);
            prefix[f][1] = DJ_UNIT_LETTERS[unit];
            prefix[f][2] = '\0';
            prefixes[f] = prefix[f];
        }
        compile->unit = (DjLexUnit)unit;
        if (!dj_index_lengths(index, unit, length, error))
            return FALSE;
        if (!dj_index_walk(index, prefixes, DJ_N_DOC_FIELDS, &walk, compile, error)) {
            if (compile->error)
                g_propagate_error(error, g_steal_pointer(&compile->error));
            return FALSE;
        }
    }
    return TRUE;
}

typedef struct {
    int fd;
    GError *error;
    const char *path;
    GChecksum *sum;
} Sink;

static gboolean write_all(int fd, const void *bytes, gsize size)
{
    const guint8 *at = bytes;
    while (size > 0) {
        ssize_t n = write(fd, at, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        at += n;
        size -= (gsize)n;
    }
    return TRUE;
}

static bool sink_write(void *user, const void *bytes, size_t size)
{
    Sink *sink = user;
    g_checksum_update(sink->sum, bytes, (gssize)size);
    if (write_all(sink->fd, bytes, size))
        return true;
    g_set_error(&sink->error, G_FILE_ERROR, g_file_error_from_errno(errno), "write %s: %s", sink->path,
                g_strerror(errno));
    return false;
}

/* Documents by segment: one list per chain, the unfiled ones, all. */
static void fill_segments(const DjSupplySide *side, guint32 n_docs, guint n_chains, guint64 *ptr, GArray *docs)
{
    const guint64 *member_ptr = (const guint64 *)(gpointer)side->member_ptr->data;
    const guint16 *chain = (const guint16 *)(gpointer)side->member_chain->data;
    for (guint s = 0; s < n_chains + 2; s++) {
        for (guint32 d = 0; d < n_docs; d++) {
            gboolean in = s == n_chains + 1 || (s == n_chains && member_ptr[d] == member_ptr[d + 1]);
            for (guint64 i = member_ptr[d]; i < member_ptr[d + 1] && !in && s < n_chains; i++)
                in = chain[i] == s;
            if (in)
                g_array_append_val(docs, d);
        }
        ptr[s + 1] = docs->len;
    }
}

static gboolean write_matrix(const DjSupplySide *side, const Compile *compile, const char *folder, GChecksum *sum,
                             GError **error)
{
    guint32 n_docs = compile->n_docs, n_terms = compile->term_end->len;
    guint64 n_postings = compile->doc->len;
    guint n_chains = dj_taxonomy_n_chains(side->options->taxonomy);
    /* transpose: postings by term become rows by document, terms ascending because they are visited in order */
    g_autofree guint64 *doc_ptr = g_try_new0(guint64, (gsize)n_docs + 1);
    g_autofree guint32 *doc_term = g_try_new(guint32, MAX(n_postings, 1));
    g_autofree guint8 *doc_impact = g_try_new(guint8, MAX(n_postings, 1));
    g_autofree guint64 *fill = g_try_new(guint64, (gsize)n_docs + 1);
    if (!doc_ptr || !doc_term || !doc_impact || !fill) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "no memory for the term matrix");
        return FALSE;
    }
    for (guint32 d = 0; d < n_docs; d++)
        doc_ptr[d + 1] = doc_ptr[d] + compile->doc_count[d];
    memcpy(fill, doc_ptr, ((gsize)n_docs + 1) * sizeof *fill);
    guint64 at = 0;
    for (guint32 t = 0; t < n_terms; t++) {
        for (guint64 end = g_array_index(compile->term_end, guint64, t); at < end; at++) {
            guint32 d = g_array_index(compile->doc, guint32, at);
            doc_term[fill[d]] = t;
            doc_impact[fill[d]++] = g_array_index(compile->impact, guint8, at);
        }
    }
    g_autofree guint64 *seg_ptr = g_new0(guint64, n_chains + 3);
    g_autoptr(GArray) seg_doc = g_array_new(FALSE, FALSE, sizeof(guint32));
    fill_segments(side, n_docs, n_chains, seg_ptr, seg_doc);
    gboolean dense = side->options->model->semantic != NULL;
    DjMatrixInput input = {
        .n_docs = n_docs,
        .n_terms = n_terms,
        .doc_ptr = doc_ptr,
        .doc_term = doc_term,
        .doc_impact = doc_impact,
        .dim = dense ? DJ_SEMANTIC_DIM : 0,
        .doc_vec = dense ? (const gint8 *)side->vectors->data : NULL,
        .n_segments = n_chains + 2,
        .seg_ptr = seg_ptr,
        .seg_doc = (const guint32 *)(gpointer)seg_doc->data,
    };
    g_autofree char *path = g_build_filename(folder, "matrix", NULL);
    Sink sink = {.fd = g_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644), .path = path, .sum = sum};
    if (sink.fd < 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "create %s: %s", path, g_strerror(errno));
        return FALSE;
    }
    DjMatrixStatus status = dj_matrix_compile(&input, sink_write, &sink);
    gboolean ok = status == DJ_MATRIX_OK && fsync(sink.fd) == 0;
    int saved = errno;
    close(sink.fd);
    if (ok)
        return TRUE;
    if (sink.error)
        g_propagate_error(error, sink.error);
    else if (status != DJ_MATRIX_OK)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "compile the term matrix: %s", dj_matrix_status_text(status));
    else
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(saved), "sync %s: %s", path, g_strerror(saved));
    return FALSE;
}

static gboolean write_pack(const DjSupplySide *side, const Compile *compile, const char *folder, gint64 point,
                           GChecksum *sum, GError **error)
{
    const DjTaxonomy *taxonomy = side->options->taxonomy;
    g_autofree char *name = g_strdup_printf("%s %s", dj_taxonomy_id(taxonomy), dj_taxonomy_version(taxonomy));
    json_t *info = json_pack("{s:s, s:s, s:I, s:i}", "taxonomy", name, "model", side->options->model->hash, "point",
                             (json_int_t)point, "chains", (int)dj_taxonomy_n_chains(taxonomy));
    char *text = json_dumps(info, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(info);
    DjPackWriter *writer = dj_pack_writer_new("corpus");
    dj_pack_writer_add(writer, "info", text, strlen(text));
    free(text);
    dj_pack_writer_add_strings(writer, "keys", (const guint64 *)(gpointer)side->key_offset->data, side->keys->str,
                               compile->n_docs);
    dj_pack_writer_add_strings(writer, "terms", (const guint64 *)(gpointer)compile->term_offset->data,
                               compile->term_text->str, compile->term_end->len);
    dj_pack_writer_add(writer, "member.ptr", side->member_ptr->data, side->member_ptr->len * sizeof(guint64));
    dj_pack_writer_add(writer, "member.chain", side->member_chain->data, side->member_chain->len * sizeof(guint16));
    dj_pack_writer_add(writer, "member.weight", side->member_weight->data, side->member_weight->len);
    dj_pack_writer_add(writer, "group", side->group, compile->n_docs * sizeof(guint32));
    g_autoptr(GBytes) bytes = dj_pack_writer_finish(writer);
    gsize size;
    const char *data = g_bytes_get_data(bytes, &size);
    g_checksum_update(sum, (const guchar *)data, (gssize)size);
    g_autofree char *path = g_build_filename(folder, "corpus", NULL);
    return g_file_set_contents_full(path, data, (gssize)size,
                                    G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644, error);
}

gboolean dj_compile_generation(const DjSupplySide *side, const char *folder, gint64 point, DjBuildResult *result,
                               char **content_hash, GError **error)
{
    g_autofree char *index_folder = g_build_filename(folder, DJ_GENERATION_INDEX, NULL);
    g_autoptr(DjIndex) index = dj_index_open(index_folder, error);
    if (!index)
        return FALSE;
    guint32 n_docs = side->n_docs;
    guint64 zero = 0;
    Compile compile = {
        .options = side->options,
        .n_docs = n_docs,
        .term_text = g_string_sized_new(1 << 20),
        .term_offset = g_array_new(FALSE, FALSE, sizeof(guint64)),
        .tf = g_try_new0(guint32, MAX(n_docs, 1)),
        .touched = g_array_new(FALSE, FALSE, sizeof(guint32)),
        .doc = g_array_new(FALSE, FALSE, sizeof(guint32)),
        .impact = g_array_new(FALSE, FALSE, sizeof(guint8)),
        .term_end = g_array_new(FALSE, FALSE, sizeof(guint64)),
        .doc_count = g_try_new0(guint64, MAX(n_docs, 1)),
    };
    g_array_append_val(compile.term_offset, zero);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gboolean ok = compile.tf && compile.doc_count;
    if (!ok)
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "no memory for the term matrix");
    ok = ok && walk_units(&compile, index, error) && write_matrix(side, &compile, folder, sum, error) &&
         write_pack(side, &compile, folder, point, sum, error);
    if (ok) {
        *content_hash = g_strdup(g_checksum_get_string(sum));
        result->n_terms = compile.term_end->len;
        result->n_postings = compile.doc->len;
    }
    g_string_free(compile.term_text, TRUE);
    g_array_unref(compile.term_offset);
    g_free(compile.tf);
    g_array_unref(compile.touched);
    g_array_unref(compile.doc);
    g_array_unref(compile.impact);
    g_array_unref(compile.term_end);
    g_free(compile.doc_count);
    return ok;
}
