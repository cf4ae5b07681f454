/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/units.h"
#include "engine/text/units.h"

#include <criterion/criterion.h>
#include <gio/gio.h>
#include <string.h>

static DjUnits *units;

static void set_up(void)
{
    GError *error = NULL;
    units = dj_units_load(DJ_SOURCE_DIR "/config/units/units.yaml", &error);
    cr_assert_not_null(units, "%s", error ? error->message : "");
}

static void tear_down(void)
{
    dj_units_free(units);
}

TestSuite(units, .init = set_up, .fini = tear_down);

/* Bytes read from text. */
static gsize read_unit(const char *text, DjMeasure *measure)
{
    return dj_units_read(units, text, strlen(text), measure);
}

/* -1, 0, 1, or 9 when the two cannot be compared. */
static int compare(const char *a, const char *unit_a, const char *b, const char *unit_b)
{
    DjDecimal x, y;
    DjMeasure in_x, in_y;
    int order = 9;
    cr_assert(dj_decimal_parse(a, &x) && dj_decimal_parse(b, &y));
    cr_assert_eq(read_unit(unit_a, &in_x), strlen(unit_a), "%s", unit_a);
    cr_assert_eq(read_unit(unit_b, &in_y), strlen(unit_b), "%s", unit_b);
    return dj_units_compare(x, &in_x, y, &in_y, &order) ? order : 9;
}

#define EXPECT_EQUAL(a, unit_a, b, unit_b) cr_expect_eq(compare(a, unit_a, b, unit_b), 0, "%s %s", a, unit_a)

Test(units, converts_exactly)
{
    EXPECT_EQUAL("1", "MPa", "1000", "kPa");
    EXPECT_EQUAL("1", "MPa", "1", "N/mm2");
    EXPECT_EQUAL("3.6", "m3/h", "0.001", "m3/s");
    EXPECT_EQUAL("3", "公顷", "45", "亩");
    EXPECT_EQUAL("1", "kWh", "3.6", "MJ");
    EXPECT_EQUAL("27", "°C", "300.15", "K");
    EXPECT_EQUAL("60", "rpm", "1", "r/s");
    EXPECT_EQUAL("1", "g/cm3", "1000", "kg/m^3");
    EXPECT_EQUAL("1", "cN/dtex", "100000", "m2/s2");
    EXPECT_EQUAL("5", "年", "60", "个月");
    EXPECT_EQUAL("50", "%", "0.5", "倍");
}

Test(units, orders_values)
{
    cr_expect_eq(compare("800", "MPa", "0.9", "GPa"), -1);
    cr_expect_eq(compare("-10", "°C", "200", "K"), 1);
    cr_expect_eq(compare("1e-9", "m", "1", "nm"), 0);
    cr_expect_eq(compare("1.000001", "μm", "1", "um"), 1);
}

Test(units, refuses_what_does_not_agree)
{
    cr_expect_eq(compare("1", "MPa", "1", "m"), 9);
    cr_expect_eq(compare("1", "HRC", "1", "HV"), 9);
    cr_expect_eq(compare("1", "天", "1", "个月"), 9);
    cr_expect_eq(compare("999999999999999999e40", "Tbps", "1e-40", "bps"), 9, "too long to compare exactly");
}

Test(units, reads_products_quotients_and_exponents)
{
    DjMeasure a, b;
    const char *const conductivity[] = {"W/(m·K)", "W/m·K", "W/m/K", "W·m^-1·K^-1", "W·m-1·K-1", "W/(m*K)", "W/(m·°C)"};
    cr_assert_eq(read_unit(conductivity[0], &a), strlen(conductivity[0]));
    for (gsize i = 1; i < G_N_ELEMENTS(conductivity); i++) {
        cr_assert_eq(read_unit(conductivity[i], &b), strlen(conductivity[i]), "%s", conductivity[i]);
        cr_expect(dj_measures_agree(&a, &b), "%s", conductivity[i]);
    }
}

Test(units, prefers_exact_case_and_forgives_wrong_case)
{
    EXPECT_EQUAL("1", "MPA", "1", "MPa");
    EXPECT_EQUAL("1", "mpa", "1", "MPa");
    EXPECT_EQUAL("1", "mPa", "0.001", "Pa");
    EXPECT_EQUAL("1", "GHZ", "1", "GHz");
    EXPECT_EQUAL("1", "KN", "1", "kN");
    DjMeasure measure;
    cr_expect_eq(read_unit("G", &measure), 0, "one letter is not forgiven");
    cr_expect_eq(read_unit("D", &measure), 0);
}

Test(units, stops_where_the_unit_ends)
{
    DjMeasure measure;
    cr_expect_eq(read_unit("mm。", &measure), 2);
    cr_expect_eq(read_unit("mmx", &measure), 0);
    cr_expect_eq(read_unit("m-3m", &measure), 1);
    cr_expect_eq(read_unit("MPa-600MPa", &measure), 3);
    cr_expect_eq(read_unit("元件", &measure), 0);
    cr_expect_eq(read_unit("d打印", &measure), 0);
    cr_expect_eq(read_unit("kW/60kW", &measure), 2);
    cr_expect_not(measure.open);
    cr_expect_eq(read_unit("元/台", &measure), strlen("元"));
    cr_expect(measure.open);
    cr_expect_eq(read_unit("", &measure), 0);
}

Test(units, reports_bad_rows)
{
    static const DjUnitSpec bad[] = {
        {.symbol = "x", .dimension = "m", .factor = "one"},
        {.symbol = "x", .dimension = "m", .factor = "0"},
        {.symbol = "x", .dimension = "m", .factor = "1/0"},
        {.symbol = "x", .dimension = "m^a", .factor = "1"},
        {.symbol = "", .dimension = "m", .factor = "1"},
        {.symbol = "m", .dimension = "m", .factor = "1"},
        {.symbol = "x", .dimension = "", .factor = "1", .prefixes = "q"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        cr_expect_not(dj_units_add(units, &bad[i], &error), "row %zu", i);
        cr_expect(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA));
    }
}

Test(decimals, parse_exactly_or_not_at_all)
{
    static const struct {
        const char *text;
        gint64 mantissa;
        gint32 exponent;
    } good[] = {{"0", 0, 0},       {"-0.0", 0, 0},    {"10", 1, 1},     {"0.03", 3, -2},
                {"+1.50", 15, -1}, {"-2e-3", -2, -3}, {"1e+10", 1, 10}, {"999999999999999999", 999999999999999999, 0}};
    static const char *const bad[] = {"", "-", ".", "1.2.3", "1e", "1e99", "12a", "99999999999999999999", " 1"};
    DjDecimal value;
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        cr_assert(dj_decimal_parse(good[i].text, &value), "%s", good[i].text);
        cr_expect_eq(value.mantissa, good[i].mantissa, "%s", good[i].text);
        cr_expect_eq(value.exponent, good[i].exponent, "%s", good[i].text);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        cr_expect_not(dj_decimal_parse(bad[i], &value), "%s", bad[i]);
    }
}
