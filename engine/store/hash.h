/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hash by which records and files are recognised: XXH3 with 128 bits, canonical byte order. It tells changes and
 * damage, not forgery; blobs, which others name by their hash, have sha256 (see store.h). */
#pragma once
#include <glib.h>

#define DJ_HASH_BYTES 16

void dj_hash(const char *bytes, gsize length, guint8 out[DJ_HASH_BYTES]);

typedef struct DjHasher DjHasher;
DjHasher *dj_hasher_new(void);
void dj_hasher_update(DjHasher *hasher, const char *bytes, gsize length);
/* Hexadecimal; frees the hasher. */
char *dj_hasher_finish(DjHasher *hasher);
