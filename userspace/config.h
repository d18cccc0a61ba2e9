/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this host is configured to be: /etc/debar/debar.conf, see debar.conf(5).
 */
#ifndef DEBAR_CONFIG_H
#define DEBAR_CONFIG_H

#include "pool.h"
#include "profiles.h"

#define DEBAR_CONFIG_PATH	"/etc/debar/debar.conf"

/**
 * struct debar_config - the configuration of a host; all zero when empty
 * @memory: keeps the strings
 * @profiles: that the host selects, nothing left out yet
 */
struct debar_config {
	struct debar_pool memory;
	struct debar_profiles profiles;
};

/**
 * debar_config_load - read the configuration
 * @path: of the file; NULL for DEBAR_CONFIG_PATH, which may be missing
 * @config: all zero
 * @error: on an error, where, what and the remedy
 *
 * Return: 0, -EINVAL when the content is wrong, -ENOMEM, or what reading the file gives.
 */
int debar_config_load(const char *path, struct debar_config *config, struct debar_error *error);

/* debar_config_free - all zero afterwards */
void debar_config_free(struct debar_config *config);

#define _cleanup_config_ _cleanup_(debar_config_free)

#endif /* DEBAR_CONFIG_H */
