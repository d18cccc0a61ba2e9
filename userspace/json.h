/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON values that are released at the end of their block. */
#ifndef DEBAR_JSON_H
#define DEBAR_JSON_H

#include <jansson.h>
#include "util.h"

DEBAR_DEFINE_CLEANUP(json_t *, json_decref);

#define _cleanup_json_ _cleanup_(debar_cleanup_json_decref)

#endif /* DEBAR_JSON_H */
