#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes signers in build/certs: `trusted` and `expired`, whose certificates go into the modules that are tested as
# certs.der, and `other`.
set -eu
. "$(dirname "$0")/lib.sh"

certs=$BUILD/certs

# signer NAME - a key, and a certificate signed with it
signer() {
	openssl req -x509 -newkey rsa:2048 -nodes -subj "/O=Example/CN=$1" -days 3650 -addext keyUsage=digitalSignature \
		-keyout "$certs/$1.key" -out "$certs/$1.crt"
}

make_all() {
	rm -rf "$certs"
	mkdir -p "$certs"
	signer trusted
	signer other
	# A new certificate for the key of a request that nobody made: only this command takes dates in the past.
	signer expired
	mkdir "$certs/ca"
	: >"$certs/ca/index.txt"
	printf '[ca]\ndefault_ca=d\n[d]\ndatabase=%s/ca/index.txt\nrand_serial=yes\npolicy=p\n[p]\nO=supplied\nCN=supplied\n' \
		"$certs" >"$certs/ca/config"
	openssl req -new -key "$certs/expired.key" -subj /O=Example/CN=expired -out "$certs/ca/request"
	openssl ca -batch -config "$certs/ca/config" -md sha256 -selfsign -keyfile "$certs/expired.key" -outdir "$certs/ca" -notext \
		-startdate 20200101000000Z -enddate 20210101000000Z -in "$certs/ca/request" -out "$certs/expired.crt"
	for name in trusted expired; do
		openssl x509 -in "$certs/$name.crt" -outform der
	done >"$certs/certs.der"
}

# certs.sh [FOLDER] - and put certs.der where the build of a module or a kernel looks for it
locked certs
[ -e "$certs/certs.der" ] || logged certs 'making certificates for the tests' make_all
[ $# = 0 ] || cmp -s "$certs/certs.der" "$1/certs.der" || cp "$certs/certs.der" "$1/certs.der"
