/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model/outcome.h"

#include <criterion/criterion.h>

Test(outcome, every_word_is_read_back)
{
    for (guint r = 1; r < DJ_N_RATINGS; r++) {
        DjRating by_key, by_label;
        cr_assert(dj_rating_parse(dj_rating_key((DjRating)r), &by_key));
        cr_assert(dj_rating_parse(dj_rating_label((DjRating)r), &by_label));
        cr_assert(by_key == (DjRating)r && by_label == (DjRating)r, "rating %u", r);
    }
    for (guint d = 1; d < DJ_N_DECLINES; d++) {
        DjDecline by_key, by_label;
        cr_assert(dj_decline_parse(dj_decline_key((DjDecline)d), &by_key));
        cr_assert(dj_decline_parse(dj_decline_label((DjDecline)d), &by_label));
        cr_assert(by_key == (DjDecline)d && by_label == (DjDecline)d, "reason %u", d);
    }
}

Test(outcome, other_spellings)
{
    static const struct {
        const char *text;
        DjRating rating;
    } known[] = {{"未举行", DJ_RATING_NOT_HELD},
                 {"兴趣不足", DJ_RATING_NO_INTEREST},
                 {"有收获但不合作", DJ_RATING_INFORMATIVE},
                 {"有收获, 暂不合作", DJ_RATING_INFORMATIVE},
                 {" 可能 合作。", DJ_RATING_POSSIBLE}};
    DjRating rating;
    for (guint k = 0; k < G_N_ELEMENTS(known); k++) {
        cr_assert(dj_rating_parse(known[k].text, &rating), "%s", known[k].text);
        cr_assert_eq(rating, known[k].rating, "%s", known[k].text);
    }
    cr_assert_not(dj_rating_parse("", &rating));
    cr_assert_not(dj_rating_parse("可能", &rating));
}

Test(outcome, json_goes_both_ways)
{
    DjOutcome out, outcome = {.kept = TRUE,
                              .rating = {DJ_RATING_NONE, DJ_RATING_INFORMATIVE},
                              .decline = DJ_DECLINE_PRICE,
                              .next_step = (char *)"寄样品\"甲\"",
                              .due = (char *)"2026-12-01"};
    g_autofree char *json = dj_outcome_to_json(&outcome);
    cr_assert_str_eq(json, "{\"kept\":true,\"supply_rating\":\"informative\",\"reason\":\"price\","
                           "\"next_step\":\"寄样品\\\"甲\\\"\",\"due\":\"2026-12-01\"}");
    cr_assert(dj_outcome_from_json(json, &out));
    cr_assert_eq(dj_outcome_rating(&out), DJ_RATING_INFORMATIVE);
    g_autofree char *again = dj_outcome_to_json(&out);
    cr_assert_str_eq(again, json);
    dj_outcome_clear(&out);
    static const char *const broken[] = {"", "[]", "{}", "{\"kept\":1}", "{\"kept\":true,\"demand_rating\":\"good\"}"};
    for (guint k = 0; k < G_N_ELEMENTS(broken); k++)
        cr_assert_not(dj_outcome_from_json(broken[k], &out), "%s", broken[k]);
}
