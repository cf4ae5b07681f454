/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sheet that came back: what is taken, what is rejected and how that is said. */
#include "engine/plan/event_plan.h"
#include "fixture.h"
#include "indexer/feedback.h"
#include "indexer/rejects.h"
#include "tests/folder.h"

#define HEAD "企业编号,发明人编号,是否见成,企业评价,发明人评价,不合作原因,下一步,负责人,期限,对接会编号,备注\n"

static GPtrArray *make_meetings(void)
{
    GPtrArray *meetings = g_ptr_array_new_with_free_func(dj_event_plan_meeting_free);
    for (guint k = 0; k < 3; k++) {
        DjEventMeeting *meeting = g_new0(DjEventMeeting, 1);
        meeting->who[0] = g_strdup_printf("E%u", k + 1);
        meeting->who[1] = g_strdup("T1");
        g_ptr_array_add(meetings, meeting);
    }
    return meetings;
}

static DjFeedback *read_text(const char *text, const char *rejects, GError **error)
{
    g_autofree char *folder = g_dir_make_tmp("duijie-feedback-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "back.csv", NULL);
    cr_assert(g_file_set_contents(path, text, -1, NULL));
    g_autoptr(GPtrArray) meetings = make_meetings();
    const DjFeedbackOptions options = {
        .path = path, .event = "spring", .meetings = meetings, .rejects_folder = rejects, .day = 20000};
    DjFeedback *feedback = dj_feedback_read(&options, error);
    folder_remove(folder);
    return feedback;
}

Test(feedback, takes_what_is_filled_in)
{
    GError *error = NULL;
    g_autoptr(DjFeedback) feedback =
        read_text(HEAD "E2,T1,是,可能合作,有收获但不合作,,看生产线,王特派员,2026年12月1日,spring,x\n"
                       " E1 ,T1,,未举行,,,,,,,\n"
                       "E3,T1,,,,,,,,spring,不算数\n",
                  NULL, &error);
    must(feedback != NULL, error);
    cr_assert(feedback->n_rows == 3 && feedback->n_blank == 1 && feedback->n_rejected == 0);
    const DjOutcome *first = feedback->outcomes->pdata[0], *second = feedback->outcomes->pdata[1];
    cr_assert(!first->kept && first->rating[0] == DJ_RATING_NOT_HELD);
    cr_assert(second->kept && second->rating[0] == DJ_RATING_POSSIBLE && second->rating[1] == DJ_RATING_INFORMATIVE);
    cr_assert_str_eq(second->next_step, "看生产线");
    cr_assert_str_eq(second->owner, "王特派员");
    cr_assert_str_eq(second->due, "2026-12-01");
    cr_assert_null(feedback->outcomes->pdata[2]);
}

Test(feedback, every_fault_names_column_value_and_reason)
{
    static const struct {
        const char *row, *message;
    } faults[] = {
        {"E9,T1,是", "back.csv: row 2, column 发明人编号: \"T1\": 安排中没有 E9 与 T1 的会面"},
        {",T1,是", "back.csv: row 2, column 企业编号: \"\": 没有写编号，不知道是哪一场会面"},
        {"E1,T1,也许", "back.csv: row 2, column 是否见成: \"也许\": 请填“是”或“否”"},
        {"E1,T1,是,还行",
         "back.csv: row 2, column 企业评价: \"还行\": 评价只能是：没有见成、兴趣不大、有收获，暂不合作、可能合作"},
        {"E1,T1,是,,,太贵",
         "back.csv: row 2, column 不合作原因: \"太贵\": 原因只能是：不合适、不成熟、价格、已解决、没有力量、利益冲突"},
        {"E1,T1,否,,可能合作", "back.csv: row 2, column 发明人评价: \"可能合作\": 没有见成，就不能评价"},
        {"E1,T1,是,未举行", "back.csv: row 2, column 企业评价: \"未举行\": 已见成，评价却是“没有见成”"},
        {"E1,T1,,未举行,可能合作", "back.csv: row 2, column 发明人评价: \"可能合作\": 没有见成，就不能评价"},
        {"E1,T1,,,,价格", "back.csv: row 2, column 是否见成: \"\": 请先填是否见成，或填评价"},
        {"E1,T1,是,可能合作,,价格",
         "back.csv: row 2, column 不合作原因: \"价格\": 评价是“可能合作”，就不应有不合作原因"},
        {"E1,T1,是,,,,,,2026-12", "back.csv: row 2, column 期限: \"2026-12\": 请写完整的日期，如 2026-06-30"},
        {"E1,T1,是,,,,,,2026-02-30", "back.csv: row 2, column 期限: \"2026-02-30\": 请写完整的日期，如 2026-06-30"},
        {"E1,T1,是,,,,,,,autumn",
         "back.csv: row 2, column 对接会编号: \"autumn\": 这一行属于另一场对接会；本场编号是 spring"},
    };
    for (guint k = 0; k < G_N_ELEMENTS(faults); k++) {
        GError *error = NULL;
        g_autofree char *text = g_strconcat(HEAD, faults[k].row, "\n", NULL);
        g_autoptr(DjFeedback) feedback = read_text(text, NULL, &error);
        must(feedback != NULL, error);
        cr_assert_eq(feedback->n_rejected, 1, "accepted: %s", faults[k].row);
        cr_assert_str_eq(feedback->messages->pdata[0], faults[k].message);
        cr_assert_null(feedback->outcomes->pdata[0]);
    }
}

Test(feedback, a_meeting_answered_twice)
{
    GError *error = NULL;
    g_autoptr(DjFeedback) feedback =
        read_text(HEAD "E1,T1,是,可能合作\nE1,T1,是,可能合作\nE1,T1,是,兴趣不大\n", NULL, &error);
    must(feedback != NULL, error);
    cr_assert_eq(feedback->n_rejected, 1, "the same answer twice is no fault");
    cr_assert_str_eq(feedback->messages->pdata[0],
                     "back.csv: row 4, column 企业编号: \"E1\": 与第 2 行是同一场会面，填的却不同");
    const DjOutcome *outcome = feedback->outcomes->pdata[0];
    cr_assert_eq(outcome->rating[0], DJ_RATING_POSSIBLE);
}

Test(feedback, a_mended_list_of_rejects_is_read)
{
    GError *error = NULL;
    g_autofree char *folder = g_dir_make_tmp("duijie-feedback-XXXXXX", NULL);
    g_autofree char *rejects = g_build_filename(folder, "rejects", NULL);
    g_autoptr(DjFeedback) feedback = read_text(HEAD "E1,T1,是,还行\n", rejects, &error);
    must(feedback != NULL, error);
    cr_assert_eq(feedback->reject_files->len, 2);
    g_autofree char *list = NULL;
    must(g_file_get_contents(feedback->reject_files->pdata[0], &list, NULL, &error), error);
    cr_assert(g_str_has_prefix(list, "\xEF\xBB\xBF文件,行,列,值,原因,企业编号,发明人编号,"), "%s", list);
    cr_assert_not_null(strstr(list, "back.csv,2,企业评价,还行,评价只能是："), "%s", list);
    g_auto(GStrv) parts = g_strsplit(list, "是,还行", -1);
    g_autofree char *mended = g_strjoinv("是,兴趣不足", parts);
    g_autoptr(DjFeedback) again = read_text(mended, NULL, &error);
    must(again != NULL, error);
    cr_assert_eq(again->n_rejected, 0);
    const DjOutcome *outcome = again->outcomes->pdata[0];
    cr_assert(outcome->kept && outcome->rating[0] == DJ_RATING_NO_INTEREST);
    dj_rejects_forget(rejects);
    cr_assert_not(g_file_test(rejects, G_FILE_TEST_EXISTS));
    folder_remove(folder);
}

Test(feedback, another_table_is_no_feedback)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjFeedback) feedback = read_text("名称,价格\na,b\n", NULL, &error);
    cr_assert_null(feedback);
    cr_assert_not_null(strstr(error->message, "no column 企业编号; is this the sheet 会后反馈"), "%s", error->message);
}
