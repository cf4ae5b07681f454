/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Users: a token opens one user's door, and only while it is good; the file never holds it. */
#include "engine/store/user.h"
#include "fixture.h"
#include <string.h>

static char *add(DjStore *store, const char *name, DjRole role, const char *enterprise)
{
    GError *error = NULL;
    char *token = dj_token_new(&error);
    must(token != NULL, error);
    must(dj_store_add_user(store, name, role, enterprise, token, "2026-11-01T09:00:00", &error), error);
    return token;
}

static gboolean find(DjStore *store, const char *token, DjUser *user)
{
    GError *error = NULL;
    gboolean found;
    must(dj_store_find_user(store, token, user, &found, &error), error);
    return found;
}

Test(user, a_token_finds_its_user_until_it_is_revoked)
{
    Fixture f = fixture_new();
    g_autofree char *wang = add(f.store, "wang", DJ_ROLE_ORGANISER, NULL),
                    *li = add(f.store, "li", DJ_ROLE_ENTERPRISE, "91420000MA000000X1");
    cr_assert_eq(strlen(wang), strlen(DJ_TOKEN_PREFIX) + 64);
    cr_assert_str_neq(wang, li);
    DjUser user;
    cr_assert(find(f.store, li, &user));
    cr_expect_str_eq(user.name, "li");
    cr_expect_eq(user.role, DJ_ROLE_ENTERPRISE);
    cr_expect_str_eq(user.enterprise, "91420000MA000000X1");
    dj_user_clear(&user);
    cr_expect_not(find(f.store, "", &user));
    cr_expect_not(find(f.store, "dj_", &user));
    wang[10] = wang[10] == '0' ? '1' : '0';
    cr_expect_not(find(f.store, wang, &user));
    GError *error = NULL;
    gboolean found;
    must(dj_store_revoke_user(f.store, "li", "2026-11-02T09:00:00", &found, &error), error);
    cr_expect(found);
    cr_expect_not(find(f.store, li, &user));
    must(dj_store_revoke_user(f.store, "li", "2026-11-02T09:00:00", &found, &error), error);
    cr_expect_not(found);
    fixture_free(&f);
}

Test(user, a_name_is_used_once_even_after_it_was_revoked)
{
    Fixture f = fixture_new();
    g_free(add(f.store, "li", DJ_ROLE_CENTRE, NULL));
    GError *error = NULL;
    gboolean found;
    must(dj_store_revoke_user(f.store, "li", "2026-11-02T09:00:00", &found, &error), error);
    cr_expect_not(dj_store_add_user(f.store, "li", DJ_ROLE_CENTRE, "", "dj_x", "2026-11-03T09:00:00", &error));
    cr_expect(g_error_matches(error, DJ_STORE_ERROR, DJ_STORE_ERROR_EXISTS));
    g_clear_error(&error);
    fixture_free(&f);
}

Test(user, the_file_does_not_hold_the_token)
{
    Fixture f = fixture_new();
    g_autofree char *token = add(f.store, "li", DJ_ROLE_CENTRE, NULL);
    const char *const files[] = {"", "-wal"};
    gsize seen = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_strconcat(f.path, files[i], NULL), *bytes = NULL;
        gsize length;
        if (!g_file_get_contents(path, &bytes, &length, NULL))
            continue;
        seen += length;
        cr_expect_null(memmem(bytes, length, token, strlen(token)));
        cr_expect_null(memmem(bytes, length, token + 3, 64));
    }
    cr_expect_gt(seen, 0);
    fixture_free(&f);
}

Test(user, roles_are_read_by_name_and_label)
{
    for (int i = 0; i < DJ_N_ROLES; i++) {
        DjRole role;
        cr_assert(dj_role_parse(dj_role_name((DjRole)i), &role));
        cr_expect_eq((int)role, i);
        cr_assert(dj_role_parse(dj_role_label((DjRole)i), &role));
        cr_expect_eq((int)role, i);
    }
    DjRole role;
    cr_expect_not(dj_role_parse("root", &role));
}
