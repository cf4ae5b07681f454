/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sums of a generation's inverted index, as `sha256sum` writes and checks them: Xapian has no checksums of its own,
 * so damage in its files would only show as other answers. Matrix and corpus carry theirs inside. */
#pragma once
#include <glib.h>

/* Writes FOLDER/SHA256SUMS over every file below FOLDER/sub. */
gboolean dj_sums_write(const char *folder, const char *sub, GError **error);
/* Every file that is named is there with its sum, and no other is below sub. The error names the first that is not. */
gboolean dj_sums_verify(const char *folder, const char *sub, GError **error);
