/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two ranges are the delicate case: a need of -10..55 ℃ may mean "any value in there will do" or "it must work over all
 * of it", and the words rarely say which. So ranges meet each other only when equal and fail only when they have
 * nothing in common. A tolerance leaves no doubt: what it allows is all between its ends. Nor does a change: nobody who
 * asks for 3 to 5 times the life refuses 6.
 */
#include "engine/text/quantity.h"

#include <string.h>

/* A set of values in the measure of its quantity: bounded below, above, or both. */
typedef struct {
    gboolean has_low, has_high;
    gboolean low_open, high_open; /* the end itself is not in the set */
} Ends;

static Ends get_ends(const DjQuantity *quantity)
{
    const DjQuantityRelation r = quantity->relation;
    return (Ends){
        .has_low = r != DJ_QUANTITY_AT_MOST && r != DJ_QUANTITY_BELOW,
        .has_high = r != DJ_QUANTITY_AT_LEAST && r != DJ_QUANTITY_ABOVE,
        .low_open = r == DJ_QUANTITY_ABOVE,
        .high_open = r == DJ_QUANTITY_BELOW,
    };
}

static gboolean is_point(const DjQuantity *quantity)
{
    return quantity->relation == DJ_QUANTITY_EQUAL || quantity->relation == DJ_QUANTITY_ABOUT;
}

typedef struct {
    int low_low, low_high, high_low, high_high; /* order of the need's end (first) and the supply's (second) */
} Orders;

static gboolean get_orders(const DjQuantity *need, const DjQuantity *supply, Orders *orders)
{
    const DjMeasure *in_need = &need->measure, *in_supply = &supply->measure;
    return dj_units_compare(need->low, in_need, supply->low, in_supply, &orders->low_low) &&
           dj_units_compare(need->low, in_need, supply->high, in_supply, &orders->low_high) &&
           dj_units_compare(need->high, in_need, supply->low, in_supply, &orders->high_low) &&
           dj_units_compare(need->high, in_need, supply->high, in_supply, &orders->high_high);
}

DjVerdict dj_quantity_compare(const DjQuantity *need, const DjQuantity *supply)
{
    Orders orders;
    if (!get_orders(need, supply, &orders)) {
        return DJ_UNKNOWN;
    }
    const gboolean wants_change = need->change != DJ_QUANTITY_NO_CHANGE && !need->tolerance;
    Ends n = get_ends(need);
    const Ends s = get_ends(supply);
    if (need->change != supply->change) {
        return DJ_UNKNOWN;
    }
    if (is_point(need) && wants_change) {
        return s.has_low && orders.low_low <= 0 ? DJ_MET : DJ_UNKNOWN;
    }
    if (is_point(need)) {
        return is_point(supply) && orders.low_low == 0 ? DJ_MET : DJ_UNKNOWN;
    }
    if (wants_change && need->relation == DJ_QUANTITY_RANGE) {
        n.has_high = FALSE;
    }
    const gboolean supply_is_below =
        n.has_low && s.has_high && (orders.low_high > 0 || (orders.low_high == 0 && (n.low_open || s.high_open)));
    const gboolean supply_is_above =
        n.has_high && s.has_low && (orders.high_low < 0 || (orders.high_low == 0 && (n.high_open || s.low_open)));
    if (supply_is_below || supply_is_above) {
        return DJ_NOT_MET;
    }
    if (need->relation == DJ_QUANTITY_RANGE && supply->relation == DJ_QUANTITY_RANGE && n.has_high &&
        !need->tolerance) {
        return orders.low_low == 0 && orders.high_high == 0 ? DJ_MET : DJ_UNKNOWN;
    }
    const gboolean low_holds =
        !n.has_low || (s.has_low && (orders.low_low < 0 || (orders.low_low == 0 && (!n.low_open || s.low_open))));
    const gboolean high_holds =
        !n.has_high ||
        (s.has_high && (orders.high_high > 0 || (orders.high_high == 0 && (!n.high_open || s.high_open))));
    if (low_holds && high_holds) {
        return DJ_MET;
    }
    return need->tolerance && supply->tolerance ? DJ_NOT_MET : DJ_UNKNOWN;
}

DjPropertyKin dj_quantity_property_kin(const char *text_a, const DjQuantity *a, const char *text_b, const DjQuantity *b)
{
    const gsize length_a = a->property_end - a->property_begin, length_b = b->property_end - b->property_begin;
    const char *longer = length_a >= length_b ? text_a + a->property_begin : text_b + b->property_begin;
    const char *shorter = length_a >= length_b ? text_b + b->property_begin : text_a + a->property_begin;
    const gsize n_longer = MAX(length_a, length_b), n_shorter = MIN(length_a, length_b);
    if (n_shorter == 0 || memcmp(longer + n_longer - n_shorter, shorter, n_shorter) != 0) {
        return DJ_PROPERTY_OTHER;
    }
    if (n_longer == n_shorter || g_utf8_strlen(shorter, (gssize)n_shorter) >= 3) {
        return DJ_PROPERTY_SAME;
    }
    return g_utf8_strlen(shorter, (gssize)n_shorter) == 2 ? DJ_PROPERTY_FAMILY : DJ_PROPERTY_OTHER;
}
