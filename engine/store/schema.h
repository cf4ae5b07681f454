/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The schema of duijie.db; the comments are part of it, so that `sqlite3 duijie.db .schema` explains the file. */
#pragma once

#define DJ_STORE_APPLICATION_ID 0x6475696A /* "duij" */
/* A change of the tables: edit schema.c, add the step that leads there to upgrade.c, count this up. */
#define DJ_STORE_SCHEMA_VERSION 5

extern const char dj_store_schema[];
