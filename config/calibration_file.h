/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/calibration/shipped.yaml -> DjCalibration (校准曲线), and the JSON form in which a workspace keeps its own. */
#pragma once
#include "config/source.h"
#include "engine/match/calibration.h"

/* Name of the file in a configuration folder. */
#define DJ_CALIBRATION_FILE "calibration/shipped.yaml"

DjCalibration *dj_calibration_file_load(const DjConfigSource *source, GError **error);

/* Canonical JSON bytes, and back; bytes are checked. */
GBytes *dj_calibration_to_json(const DjCalibration *calibration);
DjCalibration *dj_calibration_from_json(GBytes *bytes, GError **error);
