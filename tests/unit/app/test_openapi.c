/* SPDX-License-Identifier: GPL-3.0-or-later */
/* openapi.json against the server: the same paths, and every answer has the form that it promises. */
#include "app/web/router.h"
#include "tests/unit/app/web_fixture.h"

#include <criterion/criterion.h>
#include <string.h>

static json_t *resolve(json_t *api, json_t *schema)
{
    const char *ref = json_string_value(json_object_get(schema, "$ref"));
    if (!ref)
        return schema;
    cr_assert(g_str_has_prefix(ref, "#/"), "%s", ref);
    g_auto(GStrv) parts = g_strsplit(ref + 2, "/", -1);
    json_t *at = api;
    for (char **part = parts; *part; part++)
        at = json_object_get(at, *part);
    cr_assert_not_null(at, "%s", ref);
    return at;
}

static gboolean has_type(json_t *value, const char *type)
{
    return strcmp(type, "object") == 0    ? json_is_object(value)
           : strcmp(type, "array") == 0   ? json_is_array(value)
           : strcmp(type, "string") == 0  ? json_is_string(value)
           : strcmp(type, "integer") == 0 ? json_is_integer(value)
           : strcmp(type, "number") == 0  ? json_is_number(value)
           : strcmp(type, "boolean") == 0 ? json_is_boolean(value)
                                          : FALSE;
}

static guint conform(json_t *api, json_t *schema, json_t *value, gboolean strict);

/* Properties that the description does not name are a finding, so that it stays complete. */
static guint conform_object(json_t *api, json_t *schema, json_t *value, gboolean strict)
{
    guint n = 0;
    gsize i;
    json_t *name, *item, *properties = json_object_get(schema, "properties");
    json_t *others = json_object_get(schema, "additionalProperties");
    const char *key;
    json_array_foreach(json_object_get(schema, "required"), i, name)
    {
        gboolean there = json_object_get(value, json_string_value(name)) != NULL;
        n += !there;
        if (strict)
            cr_expect(there, "lacks %s", json_string_value(name));
    }
    json_object_foreach(value, key, item)
    {
        json_t *property = json_object_get(properties, key);
        if (property)
            n += conform(api, property, item, strict);
        else if (json_is_object(others))
            n += conform(api, others, item, strict);
        else if (properties) {
            n++;
            if (strict)
                cr_expect(FALSE, "undescribed %s", key);
        }
    }
    return n;
}

/* Number of findings; strict: each is a failure of the test. */
static guint conform(json_t *api, json_t *schema, json_t *value, gboolean strict)
{
    schema = resolve(api, schema);
    json_t *choices = json_object_get(schema, "oneOf"), *values = json_object_get(schema, "enum"), *item;
    gsize i;
    if (choices) {
        guint fits = 0;
        json_array_foreach(choices, i, item) fits += conform(api, item, value, FALSE) == 0;
        if (strict)
            cr_expect_eq(fits, 1, "fits %u of the choices", fits);
        return fits != 1;
    }
    if (json_is_null(value) && json_is_true(json_object_get(schema, "nullable")))
        return 0;
    const char *type = json_string_value(json_object_get(schema, "type"));
    if (!has_type(value, type)) {
        if (strict)
            cr_expect(FALSE, "is no %s", type);
        return 1;
    }
    guint n = 0;
    if (values) {
        gboolean listed = FALSE;
        json_array_foreach(values, i, item) listed |= json_equal(item, value);
        n += !listed;
        if (strict)
            cr_expect(listed, "not one of the values: %s", json_string_value(value));
    }
    json_t *least = json_object_get(schema, "minimum"), *most = json_object_get(schema, "maximum");
    if (json_is_integer(value)) {
        gboolean within = (!least || json_integer_value(value) >= json_integer_value(least)) &&
                          (!most || json_integer_value(value) <= json_integer_value(most));
        n += !within;
        if (strict)
            cr_expect(within, "out of range: %" JSON_INTEGER_FORMAT, json_integer_value(value));
    }
    if (json_is_array(value))
        json_array_foreach(value, i, item) n += conform(api, json_object_get(schema, "items"), item, strict);
    if (json_is_object(value))
        n += conform_object(api, schema, value, strict);
    return n;
}

static json_t *describe(const Site *site)
{
    g_auto(Reply) reply = site_ask(site, "GET", "/api/v1/openapi.json", NULL, NULL);
    cr_assert_eq(reply.status, 200);
    return reply_json(&reply);
}

static json_t *operation_of(json_t *api, const char *path, const char *method)
{
    g_autofree char *lower = g_ascii_strdown(method, -1);
    return json_object_get(json_object_get(json_object_get(api, "paths"), path), lower);
}

Test(openapi, names_the_routes_of_the_api_and_no_others)
{
    Site site;
    site_start(&site, 0, 30);
    json_t *api = describe(&site), *item;
    gsize n, n_routes = 0, n_described = 0;
    const DjRoute *routes = dj_routes(&n);
    for (gsize i = 0; i < n; i++) {
        if (!g_str_has_prefix(routes[i].path, "/api/") && strcmp(routes[i].path, "/healthz") != 0)
            continue;
        n_routes++;
        g_autoptr(GString) path = g_string_new(routes[i].path);
        g_string_replace(path, "{}", "{key}", 0);
        json_t *operation = operation_of(api, path->str, routes[i].method);
        cr_assert_not_null(operation, "%s %s", routes[i].method, path->str);
        /* who may come without a token is told in both places */
        json_t *security = json_object_get(operation, "security");
        gboolean open = json_array_size(security) == 0 || json_object_size(json_array_get(security, 0)) == 0;
        cr_expect_eq(open, (routes[i].who & DJ_WEB_ANYBODY) != 0, "%s", path->str);
    }
    const char *path;
    json_object_foreach(json_object_get(api, "paths"), path, item) n_described += json_object_size(item);
    cr_expect_eq(n_routes, n_described);
    json_decref(api);
    site_stop(&site);
}

Test(openapi, every_answer_has_the_form_that_it_promises)
{
    Site site;
    site_start(&site, 0, 30);
    json_t *api = describe(&site);
    site_month(&site, "2026-12", "organiser");
    static const struct {
        const char *method, *path, *call, *body;
        int role; /* -1 = nobody */
        int status;
    } cases[] = {
        {"GET", "/healthz", "/healthz", NULL, -1, 200},
        {"GET", "/api/v1/openapi.json", "/api/v1/openapi.json", NULL, -1, 200},
        {"POST", "/api/v1/query", "/api/v1/query", "{\"text\": \"氮化铝陶瓷基板，热导率不低于 170 W/(m·K)\"}", -1, 200},
        {"POST", "/api/v1/query", "/api/v1/query", "{\"text\": \"鸑鷟\", \"kind\": \"invention\"}", -1, 200},
        {"POST", "/api/v1/query", "/api/v1/query", "{}", -1, 400},
        {"POST", "/api/v1/query", "/api/v1/query", "{\"text\": \"氮化铝\", \"mode\": \"?\", \"budget\": 100000}", -1,
         200},
        {"POST", "/api/v1/query/why", "/api/v1/query/why", "{\"text\": \"氮化铝陶瓷基板\", \"patent\": \"S-01\"}", -1,
         200},
        {"POST", "/api/v1/query/why", "/api/v1/query/why",
         "{\"text\": \"氮化铝陶瓷基板\", \"patent\": \"S-30\", \"kind\": \"invention\"}", DJ_ROLE_ENTERPRISE, 200},
        {"POST", "/api/v1/query/why", "/api/v1/query/why", "{\"text\": \"氮化铝\", \"patent\": \"none\"}", -1, 404},
        {"POST", "/api/v1/query/why", "/api/v1/query/why", "{\"text\": \"氮化铝\"}", -1, 400},
        {"POST", "/api/v1/suggest", "/api/v1/suggest", "{\"text\": \"高导热的氮\"}", -1, 200},
        {"POST", "/api/v1/suggest", "/api/v1/suggest", "{\"text\": 1}", -1, 400},
        {"POST", "/api/v1/unmet", "/api/v1/unmet", "{\"text\": \"要更薄的\", \"reason\": \"indicator\"}", -1, 201},
        {"POST", "/api/v1/unmet", "/api/v1/unmet", "{\"text\": \"要更薄的\", \"reason\": \"x\"}", -1, 400},
        {"GET", "/api/v1/unmet", "/api/v1/unmet", NULL, DJ_ROLE_CENTRE, 200},
        {"GET", "/api/v1/unmet", "/api/v1/unmet", NULL, DJ_ROLE_ORGANISER, 200},
        {"GET", "/api/v1/unmet", "/api/v1/unmet", NULL, DJ_ROLE_ENTERPRISE, 403},
        {"POST", "/api/v1/saved", "/api/v1/saved", "{\"text\": \"氮化铝陶瓷基板\", \"kind\": \"achievement\"}",
         DJ_ROLE_ENTERPRISE, 201},
        {"GET", "/api/v1/saved", "/api/v1/saved", NULL, DJ_ROLE_ENTERPRISE, 200},
        {"POST", "/api/v1/saved/{key}/seen", "/api/v1/saved/1/seen", "", DJ_ROLE_ENTERPRISE, 200},
        {"POST", "/api/v1/saved/{key}/seen", "/api/v1/saved/1/seen", "", DJ_ROLE_CENTRE, 404},
        {"POST", "/api/v1/saved/{key}/forget", "/api/v1/saved/1/forget", "", DJ_ROLE_CENTRE, 404},
        {"POST", "/api/v1/saved/{key}/forget", "/api/v1/saved/1/forget", "", DJ_ROLE_ENTERPRISE, 200},
        {"GET", "/api/v1/months", "/api/v1/months", NULL, DJ_ROLE_ORGANISER, 200},
        {"GET", "/api/v1/months", "/api/v1/months", NULL, DJ_ROLE_ENTERPRISE, 403},
        {"GET", "/api/v1/months/{key}", "/api/v1/months/2026-12", NULL, DJ_ROLE_ORGANISER, 200},
        {"GET", "/api/v1/months/{key}", "/api/v1/months/none", NULL, DJ_ROLE_ORGANISER, 404},
        {"GET", "/api/v1/fees", "/api/v1/fees", NULL, -1, 200},
        {"GET", "/api/v1/funnel", "/api/v1/funnel", NULL, DJ_ROLE_CENTRE, 200},
        {"GET", "/api/v1/funnel", "/api/v1/funnel", NULL, -1, 401},
        {"GET", "/api/v1/chains", "/api/v1/chains", NULL, -1, 200},
        {"GET", "/api/v1/patents/{key}", "/api/v1/patents/" SITE_PATENT, NULL, -1, 200},
        {"GET", "/api/v1/patents/{key}", "/api/v1/patents/" SITE_PATENT, NULL, DJ_ROLE_CENTRE, 200},
        {"GET", "/api/v1/patents/{key}", "/api/v1/patents/none", NULL, -1, 404},
        {"GET", "/api/v1/me", "/api/v1/me", NULL, DJ_ROLE_ENTERPRISE, 200},
        {"GET", "/api/v1/me", "/api/v1/me", NULL, -1, 401},
        {"GET", "/api/v1/enterprises", "/api/v1/enterprises?limit=1", NULL, DJ_ROLE_ORGANISER, 200},
        {"GET", "/api/v1/enterprises", "/api/v1/enterprises?limit=0", NULL, DJ_ROLE_ORGANISER, 400},
        {"GET", "/api/v1/enterprises", "/api/v1/enterprises", NULL, -1, 401},
        {"GET", "/api/v1/needs", "/api/v1/needs", NULL, DJ_ROLE_CENTRE, 200},
        {"GET", "/api/v1/needs/{key}/pairings", "/api/v1/needs/" SITE_NEED "/pairings?top=3", NULL, DJ_ROLE_ORGANISER,
         200},
        {"GET", "/api/v1/needs/{key}/pairings", "/api/v1/needs/none/pairings", NULL, DJ_ROLE_ORGANISER, 404},
        {"GET", "/api/v1/needs/{key}/why", "/api/v1/needs/" SITE_NEED "/why?patent=S-02", NULL, DJ_ROLE_ORGANISER, 200},
        {"GET", "/api/v1/needs/{key}/why", "/api/v1/needs/" SITE_NEED "/why?patent=S-30", NULL, DJ_ROLE_CENTRE, 200},
        {"GET", "/api/v1/needs/{key}/why", "/api/v1/needs/" SITE_OTHER_NEED "/why?patent=S-30", NULL,
         DJ_ROLE_ENTERPRISE, 200},
        {"GET", "/api/v1/needs/{key}/why", "/api/v1/needs/" SITE_NEED "/why?patent=S-02", NULL, DJ_ROLE_ENTERPRISE,
         404},
        {"GET", "/api/v1/needs/{key}/why", "/api/v1/needs/" SITE_NEED "/why?patent=none", NULL, DJ_ROLE_CENTRE, 404},
        {"GET", "/api/v1/needs/{key}/why", "/api/v1/needs/" SITE_NEED "/why", NULL, DJ_ROLE_CENTRE, 400},
        {"GET", "/api/v1/needs/{key}/why", "/api/v1/needs/" SITE_NEED "/why?patent=S-02", NULL, -1, 401},
        {"POST", "/api/v1/decisions", "/api/v1/decisions",
         "{\"kind\": \"pin\", \"need\": \"" SITE_NEED "\", \"patent\": \"" SITE_PATENT "\"}", DJ_ROLE_ORGANISER, 201},
        {"POST", "/api/v1/decisions", "/api/v1/decisions", "{\"kind\": \"pin\"}", DJ_ROLE_ORGANISER, 400},
        {"POST", "/api/v1/decisions", "/api/v1/decisions", "{}", DJ_ROLE_ENTERPRISE, 403},
        {"GET", "/api/v1/decisions", "/api/v1/decisions", NULL, DJ_ROLE_CENTRE, 200},
        {"GET", "/api/v1/pairings", "/api/v1/pairings", NULL, DJ_ROLE_ORGANISER, 404},
        {"GET", "/api/v1/pairings", "/api/v1/pairings?decision=perhaps", NULL, DJ_ROLE_ORGANISER, 400},
        {"POST", "/api/v1/jobs", "/api/v1/jobs", "{\"kind\": \"sweep\"}", DJ_ROLE_CENTRE, 400},
        {"POST", "/api/v1/jobs", "/api/v1/jobs", "{\"kind\": \"verify\", \"month\": \"1999-01\"}", DJ_ROLE_CENTRE, 404},
        {"POST", "/api/v1/jobs", "/api/v1/jobs", "{\"kind\": \"match\"}", DJ_ROLE_INSTITUTION, 403},
        {"POST", "/api/v1/jobs", "/api/v1/jobs", "{\"kind\": \"match\"}", DJ_ROLE_ORGANISER, 202},
        {"GET", "/api/v1/jobs", "/api/v1/jobs", NULL, DJ_ROLE_ORGANISER, 200},
        {"GET", "/api/v1/jobs/{key}", "/api/v1/jobs/1", NULL, DJ_ROLE_ORGANISER, 200},
        {"GET", "/api/v1/jobs/{key}", "/api/v1/jobs/7", NULL, DJ_ROLE_ORGANISER, 404},
        {"GET", "/api/v1/jobs/{key}", "/api/v1/jobs/1", NULL, -1, 401},
        {"POST", "/api/v1/jobs/{key}/cancel", "/api/v1/jobs/1/cancel", "{}", DJ_ROLE_ORGANISER, 200},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *headers = cases[i].body ? JSON : NULL;
        g_auto(Reply) reply =
            cases[i].role < 0
                ? site_ask(&site, cases[i].method, cases[i].call, headers, cases[i].body)
                : site_ask_as(&site, (DjRole)cases[i].role, cases[i].method, cases[i].call, headers, cases[i].body);
        cr_assert_eq(reply.status, cases[i].status, "%s %s: %d %s", cases[i].method, cases[i].call, reply.status,
                     reply.body);
        g_autofree char *status = g_strdup_printf("%d", reply.status);
        json_t *responses = json_object_get(operation_of(api, cases[i].path, cases[i].method), "responses");
        json_t *response = json_object_get(responses, status);
        cr_assert_not_null(response, "%s does not tell of %s", cases[i].path, status);
        json_t *media = json_object_get(json_object_get(resolve(api, response), "content"), "application/json");
        json_t *value = reply_json(&reply);
        cr_expect_eq(conform(api, json_object_get(media, "schema"), value, TRUE), 0, "%s", cases[i].call);
        json_decref(value);
    }
    json_decref(api);
    site_stop(&site);
}
