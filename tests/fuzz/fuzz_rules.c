/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rule files: any text -> a rule set that can be asked about a record, or an error that names the file. */
#include "config/rules_file.h"
#include "tests/fuzz/target.h"
#include <jansson.h>
#include <string.h>

unsigned long fuzz_accepted;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A bundle holds texts; bytes that are none are for the target `yaml`. */
    json_t *bundle = json_object(), *text = memchr(data, 0, size) ? NULL : json_stringn((const char *)data, size);
    if (!text || size > 64 * 1024) {
        json_decref(text);
        json_decref(bundle);
        return 0;
    }
    json_object_set_new(bundle, "rules/fuzz.yaml", text);
    char *bytes = json_dumps(bundle, JSON_COMPACT);
    json_decref(bundle);
    g_autoptr(GBytes) held = g_bytes_new_with_free_func(bytes, strlen(bytes), free, bytes);
    g_autoptr(GError) error = NULL;
    g_autoptr(DjConfigSource) source = dj_config_source_from_bundle(held, &error);
    FUZZ_PROMISE(source != NULL);
    g_autoptr(DjRuleSet) rules = dj_rules_file_load(source, "fuzz", &error);
    FUZZ_PROMISE((rules == NULL) == (error != NULL));
    if (!rules) {
        FUZZ_PROMISE(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    g_autoptr(DjRecord) record = dj_record_new(rules->table);
    for (guint i = 0; i < rules->rules->len; i++)
        dj_rule_verdict(rules->rules->pdata[i], record, 20758);
    for (int i = 0; i < dj_field_count(record->table); i++)
        dj_record_set(record, i, "2026-11-01");
    for (guint i = 0; i < rules->rules->len; i++)
        dj_rule_verdict(rules->rules->pdata[i], record, 20758);
    fuzz_accepted++;
    return 0;
}
