/* SPDX-License-Identifier: GPL-3.0-or-later */
/* style.css as bytes with a closing NUL, made by embed.cmake at build time. */
#pragma once

extern const unsigned char dj_report_style[];
/* event.css, made the same way */
extern const unsigned char dj_report_event_style[];
