/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A corpus: one generation of the supply side, read-only: what the kernel multiplies and the index searches.
 *
 * Generation folder
 *   matrix        compiled term matrix, engine/kernel/matrix.h; segments: one per chain of the taxonomy, then records
 *                 in no chain, then all records
 *   corpus        pack "corpus": string tables `keys` (document number -> key) and `terms` (term number -> unit letter
 *                 and term), memberships `member.ptr` (u64, n + 1), `member.chain` (u16), `member.weight` (u8), `group`
 * (u32, first member of each document's group, group.h), `info` (JSON: taxonomy id and version, model hash, point)
 *   index/        inverted index, engine/search/search.h
 *
 * A DjCorpus may be shared by threads, except the index, which each thread opens for itself. */
#pragma once
#include "engine/kernel/kernel.h"
#include "engine/match/chain.h"
#include "engine/match/need.h"
#include "engine/match/pack.h"

typedef struct {
    char *folder;
    int lock; /* shared flock on the folder: clean-up leaves a generation in use alone */
    GMappedFile *matrix_file, *pack_file;
    DjMatrix matrix;
    DjPack pack;
    DjStrings keys, terms;
    const guint64 *member_ptr;
    const guint16 *member_chain;
    const guint8 *member_weight;
    const guint32 *group; /* n_docs; see group.h */
    guint n_chains;       /* of the taxonomy it was built under */
    char *taxonomy;       /* "id version" */
    char *model;          /* hash */
    gint64 point;         /* facts that it holds */
} DjCorpus;

#define DJ_CORPUS_SEGMENT_UNFILED(corpus) ((guint32)(corpus)->n_chains)
#define DJ_CORPUS_SEGMENT_ALL(corpus)     ((guint32)(corpus)->n_chains + 1)

#define DJ_CORPUS_ERROR (dj_corpus_error_quark())
GQuark dj_corpus_error_quark(void);
typedef enum {
    DJ_CORPUS_ERROR_MISSING, /* a file is not there: run `duijie index --rebuild` */
    DJ_CORPUS_ERROR_DAMAGED  /* a file is damaged: the same */
} DjCorpusError;

DjCorpus *dj_corpus_open(const char *folder, GError **error);
void dj_corpus_free(DjCorpus *corpus);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjCorpus, dj_corpus_free)
/* Reads everything and compares all checksums. */
gboolean dj_corpus_verify(const DjCorpus *corpus, GError **error);

static inline guint32 dj_corpus_n_docs(const DjCorpus *corpus)
{
    return corpus->keys.n;
}
/* Document number of a key, DJ_STRINGS_NONE if it is not in the corpus. */
guint32 dj_corpus_find(const DjCorpus *corpus, const char *key);
char *dj_corpus_key(const DjCorpus *corpus, guint32 doc);
/* Memberships of a document, at most DJ_MAX_MEMBERSHIPS. */
guint dj_corpus_memberships(const DjCorpus *corpus, guint32 doc, DjMembership out[DJ_MAX_MEMBERSHIPS]);

/* ---- needs in the corpus's numbers ---- */

/* Growing arrays that become DjKernelNeeds. */
typedef struct {
    GArray *ptr, *term, *weight, *a, *vec;
    GArray *ban_ptr, *ban_doc;
    GArray *self_total; /* gint64, beside a */
    gint64 b;
} DjNeedSet;

void dj_need_set_init(DjNeedSet *set, gint64 b);
void dj_need_set_clear(DjNeedSet *set);
/* Appends a query; terms that no document has are dropped (they match nothing). ban: ascending documents. */
void dj_need_set_add(DjNeedSet *set, const DjCorpus *corpus, const DjQuery *query, const guint32 *ban, guint n_ban);
DjKernelNeeds dj_need_set_view(const DjNeedSet *set);
