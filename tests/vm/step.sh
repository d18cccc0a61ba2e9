#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs one long command with its output in build/logs/NAME.log, and says what failed: step.sh NAME WHAT COMMAND...
set -eu
. "$(dirname "$0")/lib.sh"

SCRIPT=$1
locked "step-$1"
logged "$@"
