/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/rules/ID.yaml -> DjRuleSet (规则). The format is described in config/rules/README.md. */
#pragma once
#include "config/source.h"
#include "config/yaml.h"
#include "engine/match/rule.h"

/* Errors name file, line, column and field. Free with dj_rule_set_free. */
DjRuleSet *dj_rules_file_load(const DjConfigSource *source, const char *id, GError **error);

/* One test over the fields of a table, for other files that hold conditions. Free with dj_test_free. */
DjTest *dj_rules_file_read_test(DjTable table, const DjYamlNode *node, GError **error);
