/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The draft of an event: loads, plans, and shows no word that participants may not see. */
#include "config/event_file.h"
#include "engine/plan/event_plan.h"
#include "engine/report/event_draft.h"
#include "tests/folder.h"
#include "tests/unit/report/fixture.h"

#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

static const DjEventDraftOptions options = {
    .id = "t: \"1\"", .name = "示例会", .date = "2026-05-15", .most = {10, 10}, .min = {1, 1}, .slots = 4, .tables = 3};

Test(event_draft, can_be_planned_as_it_stands)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjResultSet) set = fixture_set();
    g_autoptr(DjEventDraft) draft = dj_event_draft(set, &options, NULL);
    cr_assert_gt(draft->n[0], 0);
    cr_assert_gt(draft->n[1], 0);
    cr_assert_gt(draft->n_pairs, 0);
    g_autofree char *folder = g_dir_make_tmp("duijie-draft-XXXXXX", &error);
    g_autofree char *yaml = g_build_filename(folder, "EVENT.yaml", NULL);
    g_autofree char *pairs = g_build_filename(folder, "pairs.csv", NULL);
    cr_assert(g_file_set_contents(yaml, draft->yaml, -1, &error));
    cr_assert(g_file_set_contents(pairs, draft->pairs_csv, -1, &error));
    g_autoptr(DjEvent) event = dj_event_file_load(yaml, NULL, &error);
    cr_assert_not_null(event, "%s", error ? error->message : "");
    cr_assert_str_eq(event->id, "t: \"1\"");
    cr_assert_eq(event->pairs->len, draft->n_pairs);
    cr_assert_eq(event->persons->len, draft->n[0] + draft->n[1]);
    g_autoptr(DjEventPlan) made = dj_event_plan_make(event, NULL, 1, NULL, &error);
    cr_assert_not_null(made, "%s", error ? error->message : "");
    cr_assert_eq(made->plan->status, DJ_PLAN_OPTIMAL);
    folder_remove(folder);
}

Test(event_draft, shows_what_participants_may_see)
{
    g_autoptr(DjResultSet) set = fixture_set();
    g_autoptr(DjEventDraft) draft = dj_event_draft(set, &options, NULL);
    cr_assert_null(strstr(draft->pairs_csv, CANARY_CONFIDENTIAL));
    cr_assert_null(strstr(draft->yaml, CANARY_CONFIDENTIAL));
    cr_assert_null(strstr(draft->pairs_csv, CANARY_ORGANISER));
    g_autoptr(DjEventDraft) again = dj_event_draft(set, &options, NULL);
    cr_assert_str_eq(draft->yaml, again->yaml);
    cr_assert_str_eq(draft->pairs_csv, again->pairs_csv);
}

Test(event_draft, fewer_guests_leave_out_the_weaker)
{
    g_autoptr(DjResultSet) set = fixture_set();
    DjEventDraftOptions few = options;
    few.most[1] = 1;
    g_autoptr(DjEventDraft) draft = dj_event_draft(set, &few, NULL);
    cr_assert_eq(draft->n[1], 1);
    cr_assert_not_null(strstr(draft->yaml, "id: T001"));
    cr_assert_null(strstr(draft->yaml, "id: T002"));
    cr_assert_null(strstr(draft->pairs_csv, "T002"));
}

Test(event_draft, no_table_stands_empty_all_evening)
{
    g_autoptr(DjResultSet) set = fixture_set();
    DjEventDraftOptions hall = options;
    hall.tables = 40;
    g_autoptr(DjEventDraft) draft = dj_event_draft(set, &hall, NULL);
    g_autofree char *said = g_strdup_printf("\ntables: %u\n", draft->tables);
    cr_assert_eq(draft->tables, MIN(draft->n[0], draft->n[1]));
    cr_assert_not_null(strstr(draft->yaml, said));
    hall.tables = 1;
    g_autoptr(DjEventDraft) small = dj_event_draft(set, &hall, NULL);
    cr_assert_eq(small->tables, 1);
}
