#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Work that executes much: the ./configure of a real library, libltdl of GNU Libtool, with the Tiny C Compiler.
#
# Some nine hundred programs are executed: compilers, what they made, sed, grep and their like.
set -eu
rm -rf /bench/root/work
mkdir /bench/root/work
exec chroot /bench/root /bin/sh -eu -c '
	cd /work
	PATH=/usr/bin:/bin exec /source/libltdl/configure --enable-ltdl-install CC=tcc
'
