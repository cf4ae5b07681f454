/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The schema of duijie.db; the comments are part of it, so that `sqlite3 duijie.db .schema` explains the file. */
#pragma once

#define DJ_STORE_APPLICATION_ID 0x6475696A /* "duij" */
/* A change of the tables: edit schema.c, add the step that leads there to upgrade.c, count this up. */
#define DJ_STORE_SCHEMA_VERSION 3

/* Added by version 2; the same text for a new store and for one that is brought there. */
#define DJ_STORE_QUESTION_TABLES                                                                                       \
    "CREATE TABLE unmet (\n"                                                                                           \
    "  -- questions that nothing fitted, and where they go\n"                                                          \
    "  id INTEGER PRIMARY KEY,\n"                                                                                      \
    "  title TEXT NOT NULL,        -- what the asker lets be shown\n"                                                  \
    "  text TEXT NOT NULL,         -- confidential, as are detail and contact\n"                                       \
    "  reason TEXT NOT NULL, detail TEXT NOT NULL,\n"                                                                  \
    "  route TEXT NOT NULL,\n"                                                                                         \
    "  contact TEXT NOT NULL,\n"                                                                                       \
    "  who TEXT NOT NULL,          -- user, '' = the public page\n"                                                    \
    "  recorded_at TEXT NOT NULL\n"                                                                                    \
    ") STRICT;\n"                                                                                                      \
    "CREATE TRIGGER unmet_stays BEFORE UPDATE ON unmet\n"                                                              \
    "  BEGIN SELECT RAISE(ABORT, 'a question is never changed'); END;\n"                                               \
    "CREATE TRIGGER unmet_is_kept BEFORE DELETE ON unmet\n"                                                            \
    "  BEGIN SELECT RAISE(ABORT, 'a question is never deleted'); END;\n"                                               \
    "CREATE TABLE saved (\n"                                                                                           \
    "  -- questions that a user keeps to see what is new; the user's own, so they may be changed and forgotten\n"      \
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"                                                                        \
    "  user INTEGER NOT NULL REFERENCES user (id),\n"                                                                  \
    "  text TEXT NOT NULL, filter TEXT NOT NULL,\n"                                                                    \
    "  point INTEGER NOT NULL,     -- facts that the user has seen\n"                                                  \
    "  recorded_at TEXT NOT NULL, seen_at TEXT NOT NULL\n"                                                             \
    ") STRICT;\n"                                                                                                      \
    "CREATE INDEX saved_user ON saved (user);\n"

/* Added by version 3. */
#define DJ_STORE_ROW_HASH "ALTER TABLE record ADD COLUMN row_hash BLOB"

extern const char dj_store_schema[];
