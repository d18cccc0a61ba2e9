#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What an in-tree kernel runs for each device that it finds, before init too; banned by the boot policy, see built_in.sh.
echo ran >>/early-ran
