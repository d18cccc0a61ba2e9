# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Programs of real Debian packages after an edit: which kind of indicator still knows them, and which does not.

# caught WHAT POLICY KIND - the file `edited` is banned, and known by this kind
caught() {
	exits "$1" 1 debarctl check --policy "$2" edited
	has "$1: by its $3" "  $3  $(sha256sum <edited | cut -d' ' -f1)  edited"
}

# missed WHAT POLICY
missed() { exits "$1" 0 debarctl check --policy "$2" edited; }

exits 'edited copies' 0 "$TOP/tests/edits.sh" "$DEBS" edits

for name in jq libjq1 sl; do
	deb=$(find "$DEBS" -name "${name}_*.deb" 2>/dev/null | head -n 1)
	program=edits/$name/original
	for kind in sha256 code-sha256 build-id; do
		exits "$name: import by $kind" 0 debarctl import "$deb" --kind "$kind" -o "$kind.yaml"
	done
	exits "$name: import by all kinds" 0 debarctl import "$deb" \
		--kind file-sha256,code-sha256,build-id,fsverity-sha256 -o all.yaml

	cp "edits/$name/renamed" edited
	caught "$name: a renamed copy" all.yaml file-sha256
	for how in stripped appended section rodata data; do
		cp "edits/$name/$how" edited
		missed "$name, $how: file-sha256 misses it" sha256.yaml
		caught "$name, $how: code-sha256" code-sha256.yaml code-sha256
		caught "$name, $how: build-id" build-id.yaml build-id
		caught "$name, $how: all kinds" all.yaml code-sha256
	done
	cp "edits/$name/unidentified" edited
	missed "$name, a removed build id: build-id misses it" build-id.yaml
	caught "$name, a removed build id: all kinds" all.yaml code-sha256
	cp "edits/$name/text" edited
	missed "$name, a changed .text: code-sha256 misses it" code-sha256.yaml
	caught "$name, a changed .text: all kinds" all.yaml build-id

	cp /bin/true edited
	missed "$name: another program" all.yaml
	printf '#!/bin/sh\n' >edited
	missed "$name: a script" all.yaml
done

# What import writes of each kind is what others find.
exits 'all kinds of one program' 0 debarctl import "$deb" --kind build-id,sha256,code-sha256,fsverity-sha256 -o all.yaml
same_line() { result "$1" "$(grep -qxF -- "$2" all.yaml && echo 0 || echo 1)"; }
same_line 'the SHA-256' "  - sha256: $(sha256sum <"$program" | cut -d' ' -f1)"
same_line 'the build id' "  - build_id: $(readelf -n "$program" | sed -n 's/.*Build ID: //p')"
read -r offset size < <(readelf -lW "$program" | awk '$1 == "LOAD" && / R E / { print $2, $5 }')
same_line 'the code' "  - code_sha256: $(tail -c +$((offset + 1)) "$program" | head -c $((size)) | sha256sum | cut -d' ' -f1)"
same_line 'how much code there is' "    size: $((size))"
result 'fs-verity' "$(grep -q '^  - fsverity_sha256: [0-9a-f]\{64\}$' all.yaml && echo 0 || echo 1)"
exits 'one policy of all kinds' 0 debarctl policy build all.yaml -o all.debar
exits 'show it' 0 debarctl policy show --indicators all.debar
has 'the build id' "build-id         $(readelf -n "$program" | sed -n 's/.*Build ID: //p')"

# What has no digest of the kind is told.
cowsay=$(find "$DEBS" -name 'cowsay_*.deb' 2>/dev/null | head -n 1)
says 'scripts have no code' 4 "debarctl: $cowsay: warning: 2 files without a digest of these kinds: add sha256 to --kind
debarctl: import: nothing to ban was found: give the package that holds the programs" \
	debarctl import "$cowsay" --kind code-sha256,build-id -o none.yaml
absent 'nothing is written' none.yaml
for list in '' md5 'sha256,' ,sha256 SHA256; do
	exits "--kind '$list'" 2 debarctl import "$cowsay" --kind "$list" -o none.yaml
done
absent 'nothing is written' none.yaml

# So little code could be anybody's.
printf 'int main(void) { return 0; }' | gcc -x c -o tiny -
tar -cf tiny.tar tiny
exits 'a program with hardly any code' 0 debarctl import tiny.tar --kind code-sha256,build-id -o tiny.yaml
result 'is not known by it' "$(grep -q code_sha256 tiny.yaml && echo 1 || echo 0)"
result 'but by its build id' "$(grep -q build_id tiny.yaml && echo 0 || echo 1)"

# A ban that is not about execution concerns the file, and lets it run.
{ sed '/^  mode:/a\  operations: [open]' all.yaml; } >open.yaml
cp "$program" edited
exits 'a ban on opening' 1 debarctl check --policy open.yaml edited
has 'lets it run' 'allow    indicator'
