/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work that several commands share. */
#pragma once
#include "app/session.h"
#include "indexer/train.h"

/* Trains a model with the settings in force and says on stdout what it learned. *model: its hash, free it. */
gboolean dj_job_train(DjSession *session, int threads, char **model, GError **error);
