/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/units.h"
#include "engine/text/quantity.h"

#include <criterion/criterion.h>
#include <string.h>

static DjUnits *units;
static DjQuantityParser *parser;

static void set_up(void)
{
    GError *error = NULL;
    units = dj_units_load(DJ_SOURCE_DIR "/config/units/units.yaml", &error);
    cr_assert_not_null(units, "%s", error ? error->message : "");
    parser = dj_quantity_parser_new(units, NULL);
}

static void tear_down(void)
{
    dj_quantity_parser_free(parser);
    dj_units_free(units);
}

TestSuite(quantity, .init = set_up, .fini = tear_down);

static void append_decimal(GString *out, DjDecimal value)
{
    g_string_append_printf(out, "%" G_GINT64_FORMAT "e%d", value.mantissa, value.exponent);
}

/* All quantities as "property relation value unit; ..." */
static char *describe(const char *text)
{
    static const char *const relations[] = {"=", "~", ">=", ">", "<=", "<", ".."};
    gsize n;
    const DjQuantity *found = dj_quantity_parser_run(parser, text, -1, &n);
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < n; i++) {
        const DjQuantity *q = &found[i];
        g_string_append(out, i ? "; " : "");
        g_string_append_len(out, text + q->property_begin, q->property_end - q->property_begin);
        g_string_append_printf(out, " %s ", relations[q->relation]);
        append_decimal(out, q->low);
        if (q->relation == DJ_QUANTITY_RANGE) {
            g_string_append_c(out, ' ');
            append_decimal(out, q->high);
        }
        g_string_append_c(out, ' ');
        g_string_append_len(out, text + q->unit_begin, q->unit_end - q->unit_begin);
    }
    return g_string_free(out, FALSE);
}

#define EXPECT(text, expected)                                                                                         \
    do {                                                                                                               \
        g_autofree char *found = describe(text);                                                                       \
        cr_expect_str_eq(found, expected, "%s: got \"%s\", want \"%s\"", text, found, expected);                       \
    } while (0)

Test(quantity, reads_comparators)
{
    EXPECT("抗拉强度≥800 MPa", "抗拉强度 >= 8e2 MPa");
    EXPECT("热导率不低于170 W/(m·K)", "热导率 >= 17e1 W/(m·K)");
    EXPECT("温度小于1750℃", "温度 < 175e1 ℃");
    EXPECT("厚度不得超过0.5mm", "厚度 <= 5e-1 mm");
    EXPECT("效率大于或等于97%", "效率 >= 97e0 %");
    EXPECT("使用寿命5年以上", "使用寿命 >= 5e0 年");
    EXPECT("误差控制在1.5mm之内", "误差 <= 15e-1 mm");
    EXPECT("重量约3吨", "重量 ~ 3e0 吨");
    EXPECT("耐温80℃左右", "耐温 ~ 8e1 ℃");
    EXPECT("面积60多万亩", "面积 > 6e5 亩");
    EXPECT("屈服强度达到550MPa", "屈服强度 = 55e1 MPa");
    EXPECT("精度优于0.1%FS", "精度 = 1e-1 %");
    EXPECT("直径200mm内径", "直径 = 2e2 mm");
}

Test(quantity, reads_ranges_and_tolerances)
{
    EXPECT("温度100–120 ℃", "温度 .. 1e2 12e1 ℃");
    EXPECT("提高3~5 倍", " .. 3e0 5e0 倍");
    EXPECT("温度-15～-25℃", "温度 .. -25e0 -15e0 ℃");
    EXPECT("电压12V-24V", "电压 .. 12e0 24e0 V");
    EXPECT("电压在（12~36）V范围", "电压 .. 12e0 36e0 V");
    EXPECT("投资5-10万元", "投资 .. 5e4 1e5 元");
    EXPECT("精度±0.01mm", "精度 .. -1e-2 1e-2 mm");
    EXPECT("出钢温度1660±5℃", "出钢温度 .. 1655e0 1665e0 ℃");
    EXPECT("厚度40mm±0.5mm", "厚度 .. 395e-1 405e-1 mm");
    EXPECT("10.00%≤感病率≤20.00%", "感病率 .. 1e1 2e1 %");
    EXPECT("零下20℃", " = -2e1 ℃");
    EXPECT("调节pH至5-7", "pH .. 5e0 7e0 pH");
    EXPECT("硬度HRC55-65，", "硬度 .. 55e0 65e0 HRC");
}

Test(quantity, reads_numbers_in_all_forms)
{
    EXPECT("浓度5.1×10⁶cfu/g", "浓度 = 51e5 cfu/g");
    EXPECT("浓度5.1*10^6cfu/g", "浓度 = 51e5 cfu/g");
    EXPECT("真空度1×10⁻³Pa", "真空度 = 1e-3 Pa");
    EXPECT("真空度≤10^-6 Pa", "真空度 <= 1e-6 Pa");
    EXPECT("真空度2.5e-4Pa", "真空度 = 25e-5 Pa");
    EXPECT("压力1,200,000Pa", "压力 = 12e5 Pa");
    EXPECT("损耗降低百分之五", "损耗 = 5e-2 ");
    EXPECT("合格率百分之九十五点五", "合格率 = 955e-3 ");
    EXPECT("寿命三十五年", "寿命 = 35e0 年");
    EXPECT("保修两年", "保修 = 2e0 年");
    EXPECT("投资一百二十万元", "投资 = 12e5 元");
    EXPECT("产值3.5亿元", "产值 = 35e7 元");
    EXPECT("厚度０．０３ｍｍ", "厚度 = 3e-2 ｍｍ");
    EXPECT("强屈比≥1.26，", "强屈比 >= 126e-2 ");
}

Test(quantity, leaves_other_numbers_alone)
{
    static const char *const texts[] = {
        "2019年1月", "第30次会议", "GB13801-2015",   "3台设备",    "C60混凝土", "版本1.2.3", "一次性使用",   "二元酸",
        "3D打印",    "步骤5，",    "5G基站和4G网络", "811三元",    "Al-12",     "T恤",       "10号楼",       "1:1000",
        "图3",       "",           "2011-2013年",    "70后的员工", "H2O",       "≥3个模块",  "20世纪80年代",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        EXPECT(texts[i], "");
    }
}

Test(quantity, finds_the_property)
{
    EXPECT("材料的初凝时间3min，终凝时间5min", "初凝时间 = 3e0 min; 终凝时间 = 5e0 min");
    EXPECT("流通率分别达到5%、15%、23%", "流通率分别 = 5e0 %; 流通率分别 = 15e0 %; 流通率分别 = 23e0 %");
    EXPECT("含30%的碳酸钙", "含 = 3e1 %");
    EXPECT("加入3～5份分散剂", "分散剂 .. 3e0 5e0 份");
    EXPECT("锚固力达300KN（锚固长度1.0m）", "锚固力 = 3e2 KN; 锚固长度 = 1e0 m");
    EXPECT("功率等级30KW/60KW", "功率等级 = 3e1 KW; 功率等级 = 6e1 KW");
}

Test(quantity, quotes_the_original)
{
    static const char text[] = "要求：热导率 不低于 170Ｗ/(m·K) 以上。";
    gsize n;
    const DjQuantity *q = dj_quantity_parser_run(parser, text, -1, &n);
    cr_assert_eq(n, 1);
    g_autofree char *quoted = g_strndup(text + q->begin, q->end - q->begin);
    g_autofree char *property = g_strndup(text + q->property_begin, q->property_end - q->property_begin);
    cr_expect_str_eq(quoted, "不低于 170Ｗ/(m·K) 以上");
    cr_expect_str_eq(property, "热导率");
}

/* ---- comparing ---- */

static DjVerdict compare(const char *need, const char *supply)
{
    gsize n;
    const DjQuantity a = *dj_quantity_parser_run(parser, need, -1, &n);
    cr_assert_eq(n, 1, "%s", need);
    const DjQuantity b = *dj_quantity_parser_run(parser, supply, -1, &n);
    cr_assert_eq(n, 1, "%s", supply);
    return dj_quantity_compare(&a, &b);
}

Test(quantity, compares_what_is_asked_with_what_is_stated)
{
    static const struct {
        const char *need, *supply;
        DjVerdict verdict;
    } cases[] = {
        {"强度≥800MPa", "强度达到0.9GPa", DJ_MET},
        {"强度≥800MPa", "强度达到800MPa", DJ_MET},
        {"强度>800MPa", "强度达到800MPa", DJ_NOT_MET},
        {"强度>800MPa", "强度大于800MPa", DJ_MET},
        {"强度≥800MPa", "强度达到700MPa", DJ_NOT_MET},
        {"强度≥800MPa", "强度≥900MPa", DJ_MET},
        {"强度≥800MPa", "强度≥700MPa", DJ_UNKNOWN},
        {"强度≥800MPa", "强度≤700MPa", DJ_NOT_MET},
        {"强度≥800MPa", "强度700~900MPa", DJ_UNKNOWN},
        {"强度≥800MPa", "强度850~900MPa", DJ_MET},
        {"强度≥800MPa", "强度600~800MPa", DJ_UNKNOWN},
        {"强度>800MPa", "强度600~800MPa", DJ_NOT_MET},
        {"厚度≤0.5mm", "厚度400μm", DJ_MET},
        {"厚度≤0.5mm", "厚度0.6mm以内", DJ_UNKNOWN},
        {"温度100~120℃", "温度110℃", DJ_MET},
        {"温度100~120℃", "温度130℃", DJ_NOT_MET},
        {"温度100~120℃", "温度105~115℃", DJ_UNKNOWN},
        {"温度100~120℃", "温度100~120℃", DJ_MET},
        {"温度100~120℃", "温度130~140℃", DJ_NOT_MET},
        {"温度-25~-18℃", "温度为-20℃", DJ_MET},
        {"温度-25~-18℃", "温度为零下15℃", DJ_NOT_MET},
        {"寿命提高3~5倍", "寿命提高4倍", DJ_MET},
        {"寿命提高3~5倍", "寿命提高2倍", DJ_NOT_MET},
        {"寿命提高3~5倍", "寿命提高6倍", DJ_MET},
        {"寿命提高3~5倍", "寿命提高4~8倍", DJ_MET},
        {"寿命提高3~5倍", "寿命提高2~8倍", DJ_UNKNOWN},
        {"寿命提高3~5倍", "寿命提高3倍以上", DJ_MET},
        {"寿命提高3~5倍", "寿命提高到6倍", DJ_UNKNOWN},
        {"寿命提高3~5倍", "寿命降低6倍", DJ_UNKNOWN},
        {"寿命为3~5倍", "寿命为6倍", DJ_NOT_MET},
        {"能耗降低30%", "能耗降低了35%", DJ_MET},
        {"能耗降低30%", "能耗降低20%", DJ_UNKNOWN},
        {"能耗降低30%", "能耗降低约30%", DJ_MET},
        {"能耗降低30%", "能耗降低至35%", DJ_UNKNOWN},
        {"成本增加不超过10%", "成本增加15%", DJ_NOT_MET},
        {"成本增加不超过10%", "成本降低15%", DJ_UNKNOWN},
        {"效率≥80%", "效率提高90%", DJ_UNKNOWN},
        {"密度≤2.8g/cm3", "密度2700kg/m3", DJ_MET},
        {"去除率≥95%", "去除率为百分之九十七", DJ_MET},
        {"尺寸公差±0.005mm", "尺寸公差±3μm", DJ_MET},
        {"尺寸公差±0.005mm", "尺寸公差±0.005mm", DJ_MET},
        {"尺寸公差±0.005mm", "尺寸公差±8μm", DJ_NOT_MET},
        {"尺寸公差±0.005mm", "尺寸公差0.003mm", DJ_MET},
        {"尺寸公差±0.005mm", "尺寸公差0.01mm", DJ_NOT_MET},
        {"厚度10±0.02mm", "厚度10±0.05mm", DJ_NOT_MET},
        {"厚度10±0.02mm", "厚度10.01±0.01mm", DJ_MET},
        {"厚度10±0.02mm", "厚度9.9~10mm", DJ_UNKNOWN},
        {"厚度9.98~10.02mm", "厚度10±0.01mm", DJ_UNKNOWN},
        {"功率5kW", "功率5000W", DJ_MET},
        {"功率5kW", "功率6kW", DJ_UNKNOWN},
        {"功率≥5kW", "重量6kg", DJ_UNKNOWN},
        {"价格≤5元/台", "价格4元", DJ_UNKNOWN},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const DjVerdict verdict = compare(cases[i].need, cases[i].supply);
        cr_expect_eq(verdict, cases[i].verdict, "%s / %s: %s", cases[i].need, cases[i].supply,
                     dj_verdict_name(verdict));
    }
}

static DjPropertyKin property_kin(const char *a, const char *b)
{
    gsize n;
    const DjQuantity x = *dj_quantity_parser_run(parser, a, -1, &n);
    cr_assert_eq(n, 1, "%s", a);
    const DjQuantity y = *dj_quantity_parser_run(parser, b, -1, &n);
    cr_assert_eq(n, 1, "%s", b);
    return dj_quantity_property_kin(a, &x, b, &y);
}

Test(quantity, knows_the_same_property)
{
    cr_expect_eq(property_kin("热导率≥170W/(m·K)", "，材料热导率为180W/(m·K)"), DJ_PROPERTY_SAME);
    cr_expect_eq(property_kin("厚度3mm", "厚度5mm"), DJ_PROPERTY_SAME);
    cr_expect_eq(property_kin("强度800MPa", "抗拉强度800MPa"), DJ_PROPERTY_FAMILY);
    cr_expect_eq(property_kin("传感器功耗5mW", "功耗800mW"), DJ_PROPERTY_FAMILY);
    cr_expect_eq(property_kin("抗拉强度8MPa", "抗压强度8MPa"), DJ_PROPERTY_OTHER);
    cr_expect_eq(property_kin("径3mm", "内径3mm"), DJ_PROPERTY_OTHER);
    cr_expect_eq(property_kin("5%，", "，6%，"), DJ_PROPERTY_OTHER);
}

/* Any text: no crash, spans within the text and in order. */
Test(quantity, survives_random_text)
{
    static const char *const parts[] = {
        "3",  "10", "0.5",    ",",   ".",  "-",  "~",    "±",  "×10",  "^",    "⁶",  "(", ")",  "万",
        "亿", "年", "mm",     "MPa", "℃",  "%",  "≥",    "<",  "以上", "强度", "的", " ", "、", "/",
        "·",  "半", "百分之", "一",  "十", "点", "\xff", "pH", "个",   "第",   "份", "=", "到",
    };
    GRand *rand = g_rand_new_with_seed(99);
    for (int round = 0; round < 20000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int i = g_rand_int_range(rand, 0, 20); i > 0; i--) {
            g_string_append(text, parts[g_rand_int_range(rand, 0, G_N_ELEMENTS(parts))]);
        }
        gsize n;
        const DjQuantity *found = dj_quantity_parser_run(parser, text->str, (gssize)text->len, &n);
        for (gsize i = 0; i < n; i++) {
            cr_assert_lt(found[i].begin, found[i].end, "%s", text->str);
            cr_assert_leq(found[i].end, text->len);
            cr_assert_leq(found[i].property_begin, found[i].property_end);
            cr_assert_leq(found[i].property_end, text->len);
            cr_assert_leq(found[i].unit_begin, found[i].unit_end);
            cr_assert(i == 0 || found[i - 1].end <= found[i].begin, "%s", text->str);
        }
    }
    g_rand_free(rand);
}
