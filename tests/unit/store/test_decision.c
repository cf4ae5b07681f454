/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decisions are facts: dated, in order, never changed. */
#include "engine/store/decision.h"
#include "fixture.h"
#include <sqlite3.h>
#include <string.h>

static void add(DjStore *store, DjDecisionKind kind, const char *at, const char *note)
{
    DjDecision decision = {.kind = kind, .need = "N1", .patent = "P1", .who = "O-02", .recorded_at = at, .note = note};
    GError *error = NULL;
    gint64 id = 0;
    must(dj_store_add_decision(store, &decision, &id, &error), error);
    cr_assert_gt(id, 0);
}

static gboolean list(const DjDecision *decision, gpointer user)
{
    g_string_append_printf(user, "%s %s %s %s %s [%s]\n", dj_decision_kind_name(decision->kind), decision->need,
                           decision->patent, decision->who, decision->note, decision->data);
    return TRUE;
}

static void expect(DjStore *store, const char *as_of, const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);
    GError *error = NULL;
    must(dj_store_each_decision(store, as_of, list, out, &error), error);
    cr_expect_str_eq(out->str, text);
}

Test(decision, a_day_means_its_end_and_order_is_that_of_recording)
{
    Fixture f = fixture_new();
    add(f.store, DJ_DECISION_PIN, "2026-10-31T18:00:00", "企业点名要见");
    add(f.store, DJ_DECISION_CLEAR, "2026-11-01T09:00:00", "");
    expect(f.store, "2026-10-30", "");
    expect(f.store, "2026-10-31", "pin N1 P1 O-02 企业点名要见 []\n");
    expect(f.store, "2026-11-01T08:59:59", "pin N1 P1 O-02 企业点名要见 []\n");
    expect(f.store, NULL, "pin N1 P1 O-02 企业点名要见 []\nclear N1 P1 O-02  []\n");
    fixture_free(&f);
}

Test(decision, what_was_decided_cannot_be_changed_or_removed)
{
    Fixture f = fixture_new();
    add(f.store, DJ_DECISION_BAN, "2026-10-31T18:00:00", "竞争对手");
    sqlite3 *db = NULL;
    cr_assert_eq(sqlite3_open(f.path, &db), SQLITE_OK);
    cr_expect_eq(sqlite3_exec(db, "UPDATE decision SET kind = 'accept'", NULL, NULL, NULL), SQLITE_CONSTRAINT);
    cr_expect_eq(sqlite3_exec(db, "DELETE FROM decision", NULL, NULL, NULL), SQLITE_CONSTRAINT);
    sqlite3_close(db);
    expect(f.store, NULL, "ban N1 P1 O-02 竞争对手 []\n");
    fixture_free(&f);
}

Test(decision, names_and_labels_are_read_back)
{
    for (int i = 0; i < DJ_N_DECISIONS; i++) {
        DjDecisionKind kind;
        cr_expect(dj_decision_kind_parse(dj_decision_kind_name((DjDecisionKind)i), &kind) && (int)kind == i);
        cr_expect(dj_decision_kind_parse(dj_decision_kind_label((DjDecisionKind)i), &kind) && (int)kind == i);
    }
    DjDecisionKind kind;
    cr_expect_not(dj_decision_kind_parse("maybe", &kind));
}
