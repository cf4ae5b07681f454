/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibration/curve.yaml <-> DjCalibration (校准曲线). A workspace that has learned its own keeps it under the same
 * name in its config folder, where it hides the shipped one and is part of the settings bundle. */
#pragma once
#include "config/source.h"
#include "engine/match/calibration.h"

/* Name of the file in a configuration folder. */
#define DJ_CALIBRATION_FILE "calibration/curve.yaml"

DjCalibration *dj_calibration_file_load(const DjConfigSource *source, GError **error);

/* The file's text for a curve that was learned on `date`; free it. */
char *dj_calibration_file_text(const DjCalibration *calibration, const char *date);
