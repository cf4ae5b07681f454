/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of this folder as bytes with a closing NUL, made by engine/report/embed.cmake at build time. */
#pragma once

extern const unsigned char dj_web_css[];
extern const unsigned char dj_web_ask_js[];
extern const unsigned char dj_web_openapi_json[];
