/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/corpus.h"
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

G_DEFINE_QUARK(dj - corpus - error - quark, dj_corpus_error)

static gboolean damaged(GError **error, const char *folder, const char *what)
{
    g_set_error(error, DJ_CORPUS_ERROR, DJ_CORPUS_ERROR_DAMAGED,
                "generation %s is damaged (%s): run `duijie index --rebuild`", folder, what);
    return FALSE;
}

static GMappedFile *map_file(const char *folder, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) problem = NULL;
    GMappedFile *file = g_mapped_file_new(path, FALSE, &problem);
    if (!file)
        g_set_error(error, DJ_CORPUS_ERROR, DJ_CORPUS_ERROR_MISSING,
                    "generation file %s cannot be read (%s): run `duijie index --rebuild`", path, problem->message);
    return file;
}

static gboolean read_info(DjCorpus *corpus, GError **error)
{
    gsize length;
    const char *text = dj_pack_section(&corpus->pack, "info", 1, &length, error);
    if (!text)
        return FALSE;
    json_error_t problem;
    const char *taxonomy, *model;
    json_int_t point, n_chains;
    json_t *root = json_loadb(text, length, 0, &problem);
    gboolean ok = json_unpack_ex(root, &problem, 0, "{s:s, s:s, s:I, s:I}", "taxonomy", &taxonomy, "model", &model,
                                 "point", &point, "chains", &n_chains) == 0 &&
                  n_chains >= 0 && n_chains < G_MAXUINT16;
    if (ok) {
        corpus->taxonomy = g_strdup(taxonomy);
        corpus->model = g_strdup(model);
        corpus->point = point;
        corpus->n_chains = (guint)n_chains;
    }
    json_decref(root);
    return ok || damaged(error, corpus->folder, "info");
}

/* Everything that later code indexes without looking is compared here. */
static gboolean check_shapes(DjCorpus *corpus, GError **error)
{
    gsize n_ptr, n_chain, n_weight;
    corpus->member_ptr = dj_pack_section(&corpus->pack, "member.ptr", sizeof(guint64), &n_ptr, error);
    corpus->member_chain =
        corpus->member_ptr ? dj_pack_section(&corpus->pack, "member.chain", sizeof(guint16), &n_chain, error) : NULL;
    corpus->member_weight =
        corpus->member_chain ? dj_pack_section(&corpus->pack, "member.weight", 1, &n_weight, error) : NULL;
    if (!corpus->member_weight)
        return FALSE;
    gsize n = corpus->keys.n;
    if (n_ptr != n + 1 || n_chain != n_weight || corpus->member_ptr[0] != 0 || corpus->member_ptr[n] != n_chain)
        return damaged(error, corpus->folder, "memberships");
    for (gsize i = 0; i < n; i++)
        if (corpus->member_ptr[i] > corpus->member_ptr[i + 1])
            return damaged(error, corpus->folder, "memberships");
    for (gsize i = 0; i < n_chain; i++)
        if (corpus->member_chain[i] >= corpus->n_chains)
            return damaged(error, corpus->folder, "memberships");
    gsize n_group;
    corpus->group = dj_pack_section(&corpus->pack, "group", sizeof(guint32), &n_group, NULL);
    if (!corpus->group || n_group != n)
        return damaged(error, corpus->folder, "no groups, or built by an older version");
    for (gsize i = 0; i < n; i++)
        if (corpus->group[i] > i || corpus->group[corpus->group[i]] != corpus->group[i])
            return damaged(error, corpus->folder, "groups");
    if (dj_matrix_n_docs(&corpus->matrix) != n || dj_matrix_n_terms(&corpus->matrix) != corpus->terms.n ||
        dj_matrix_n_segments(&corpus->matrix) != corpus->n_chains + 2)
        return damaged(error, corpus->folder, "matrix and corpus do not belong together");
    return TRUE;
}

DjCorpus *dj_corpus_open(const char *folder, GError **error)
{
    g_autoptr(DjCorpus) corpus = g_new0(DjCorpus, 1);
    corpus->folder = g_strdup(folder);
    corpus->lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (corpus->lock >= 0)
        flock(corpus->lock, LOCK_SH | LOCK_NB); /* only clean-up takes it exclusively, and then the files are going */
    corpus->matrix_file = map_file(folder, "matrix", error);
    corpus->pack_file = corpus->matrix_file ? map_file(folder, "corpus", error) : NULL;
    if (!corpus->pack_file)
        return NULL;
    DjMatrixStatus status = dj_matrix_open(g_mapped_file_get_contents(corpus->matrix_file),
                                           g_mapped_file_get_length(corpus->matrix_file), &corpus->matrix);
    if (status == DJ_MATRIX_WRONG_VERSION) {
        g_set_error(error, DJ_CORPUS_ERROR, DJ_CORPUS_ERROR_DAMAGED,
                    "generation %s was built by another version of duijie: run `duijie index`", folder);
        return NULL;
    }
    if (status != DJ_MATRIX_OK) {
        damaged(error, folder, dj_matrix_status_text(status));
        return NULL;
    }
    g_autoptr(GBytes) bytes = g_mapped_file_get_bytes(corpus->pack_file);
    if (!dj_pack_open(&corpus->pack, bytes, "corpus", error) || !read_info(corpus, error) ||
        !dj_pack_strings(&corpus->pack, "keys", &corpus->keys, error) ||
        !dj_pack_strings(&corpus->pack, "terms", &corpus->terms, error) || !check_shapes(corpus, error))
        return NULL;
    return g_steal_pointer(&corpus);
}

void dj_corpus_free(DjCorpus *corpus)
{
    if (!corpus)
        return;
    dj_pack_close(&corpus->pack);
    g_clear_pointer(&corpus->matrix_file, g_mapped_file_unref);
    g_clear_pointer(&corpus->pack_file, g_mapped_file_unref);
    if (corpus->lock >= 0)
        close(corpus->lock);
    g_free(corpus->folder);
    g_free(corpus->taxonomy);
    g_free(corpus->model);
    g_free(corpus);
}

gboolean dj_corpus_verify(const DjCorpus *corpus, GError **error)
{
    DjMatrixStatus status = dj_matrix_verify(&corpus->matrix);
    if (status != DJ_MATRIX_OK)
        return damaged(error, corpus->folder, dj_matrix_status_text(status));
    g_autoptr(GError) problem = NULL;
    return dj_pack_verify(&corpus->pack, &problem) || damaged(error, corpus->folder, problem->message);
}

guint32 dj_corpus_find(const DjCorpus *corpus, const char *key)
{
    return dj_strings_find(&corpus->keys, key, strlen(key));
}

char *dj_corpus_key(const DjCorpus *corpus, guint32 doc)
{
    gsize length;
    const char *key = dj_strings_get(&corpus->keys, doc, &length);
    return g_strndup(key, length);
}

guint dj_corpus_memberships(const DjCorpus *corpus, guint32 doc, DjMembership out[DJ_MAX_MEMBERSHIPS])
{
    guint n = 0;
    for (guint64 i = corpus->member_ptr[doc]; i < corpus->member_ptr[doc + 1] && n < DJ_MAX_MEMBERSHIPS; i++)
        out[n++] = (DjMembership){corpus->member_chain[i], corpus->member_weight[i]};
    return n;
}

/* ---- needs ---- */

void dj_need_set_init(DjNeedSet *set, gint64 b)
{
    guint64 zero = 0;
    *set = (DjNeedSet){
        .ptr = g_array_new(FALSE, FALSE, sizeof(guint64)),
        .term = g_array_new(FALSE, FALSE, sizeof(guint32)),
        .weight = g_array_new(FALSE, FALSE, sizeof(guint8)),
        .a = g_array_new(FALSE, FALSE, sizeof(gint64)),
        .vec = g_array_new(FALSE, FALSE, DJ_SEMANTIC_DIM),
        .ban_ptr = g_array_new(FALSE, FALSE, sizeof(guint64)),
        .ban_doc = g_array_new(FALSE, FALSE, sizeof(guint32)),
        .self_total = g_array_new(FALSE, FALSE, sizeof(gint64)),
        .b = b,
    };
    g_array_append_val(set->ptr, zero);
    g_array_append_val(set->ban_ptr, zero);
}

void dj_need_set_clear(DjNeedSet *set)
{
    GArray **arrays[] = {&set->ptr, &set->term,    &set->weight,  &set->a,
                         &set->vec, &set->ban_ptr, &set->ban_doc, &set->self_total};
    for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_clear_pointer(arrays[i], g_array_unref);
}

typedef struct {
    guint32 term;
    guint8 weight;
} Weighted;

static gint compare_weighted(gconstpointer a, gconstpointer b)
{
    guint32 x = ((const Weighted *)a)->term, y = ((const Weighted *)b)->term;
    return (x > y) - (x < y);
}

void dj_need_set_add(DjNeedSet *set, const DjCorpus *corpus, const DjQuery *query, const guint32 *ban, guint n_ban)
{
    g_autoptr(GArray) known = g_array_new(FALSE, FALSE, sizeof(Weighted));
    for (guint i = 0; i < query->terms->len; i++) {
        const DjQueryTerm *term = &g_array_index(query->terms, DjQueryTerm, i);
        guint32 number = term->weight ? dj_strings_find(&corpus->terms, term->key, term->length) : DJ_STRINGS_NONE;
        if (number != DJ_STRINGS_NONE) {
            Weighted weighted = {number, term->weight};
            g_array_append_val(known, weighted);
        }
    }
    g_array_sort(known, compare_weighted);
    for (guint i = 0; i < known->len; i++) {
        const Weighted *weighted = &g_array_index(known, Weighted, i);
        g_array_append_val(set->term, weighted->term);
        g_array_append_val(set->weight, weighted->weight);
    }
    guint64 end = set->term->len;
    g_array_append_val(set->ptr, end);
    g_array_append_val(set->a, query->a);
    g_array_append_vals(set->vec, query->vec, 1);
    g_array_append_val(set->self_total, query->self_total);
    if (n_ban)
        g_array_append_vals(set->ban_doc, ban, n_ban);
    end = set->ban_doc->len;
    g_array_append_val(set->ban_ptr, end);
}

DjKernelNeeds dj_need_set_view(const DjNeedSet *set)
{
    return (DjKernelNeeds){
        .n = set->a->len,
        .ptr = (const guint64 *)(gpointer)set->ptr->data,
        .term = (const guint32 *)(gpointer)set->term->data,
        .weight = (const guint8 *)set->weight->data,
        .vec = (const gint8 *)set->vec->data,
        .a = (const gint64 *)(gpointer)set->a->data,
        .b = set->b,
        .ban_ptr = (const guint64 *)(gpointer)set->ban_ptr->data,
        .ban_doc = (const guint32 *)(gpointer)set->ban_doc->data,
    };
}
