/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps that flows share: pages of the server of tests/unit/app/web_fixture.h. */
#pragma once
#include "tests/browser/driver.h"
#include "tests/unit/app/web_fixture.h"

/* Opens a path of the site. */
void visit(Browser *browser, const Site *site, const char *path);
/* Signs in as the fixture's user of this role, and waits for the work page. */
void sign_in(Browser *browser, const Site *site, DjRole role);
void sign_out(Browser *browser);
