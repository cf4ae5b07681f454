/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workspace with settings of its own and made-up records whose year a test can steer. */
#pragma once
#include "app/month_make.h"

typedef struct {
    char *folder, *config; /* workspace, configuration */
    DjApp app;
    DjWorkspace *workspace;
    GRand *rand;
    int month;
} YearGround;

void year_ground_make(YearGround *ground, guint n_patents, guint n_needs, guint32 seed);
void year_ground_free(YearGround *ground);

/* Random Han text; a taste of its own for every chain, so that lists differ. Free it. */
char *year_ground_text(YearGround *ground, guint length);
/* Stores records in one batch dated the fifth of the month; takes them. */
void year_ground_put(YearGround *ground, GPtrArray *records);
/* A sound patent, a need of enterprise number `of`. */
DjRecord *year_ground_patent(YearGround *ground, guint number);
DjRecord *year_ground_need(YearGround *ground, guint number, guint of);
DjRecord *year_ground_read(YearGround *ground, DjTable table, const char *key, gint64 point);
void year_ground_write(YearGround *ground, const char *name, const char *text);
/* Trains; the model differs from the one before when the records do. */
void year_ground_train(YearGround *ground);
void year_ground_decide(YearGround *ground, int kind, const char *need, const char *patent);
/* The version of the month as things stand; its gates on the 28th. */
DjMonthVersion *year_ground_version(YearGround *ground);
