# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# import: real Debian packages, archives made here, and archives that are damaged.

damaged='give a whole deb, rpm, tar, cpio, zip, 7z or iso file, a program or a folder'

# What dpkg itself finds in a package, as `SHA256 SIZE`, sorted.
programs_in() {
	local file
	rm -rf unpacked
	for deb; do dpkg-deb -x "$deb" unpacked; done
	find unpacked -type f | while read -r file; do
		case $(head -c 4 "$file" | tr -d '\000') in
		'#!'* | "$(printf '\177ELF')") echo "$(sha256sum <"$file" | cut -d' ' -f1) $(stat -c %s "$file")" ;;
		esac
	done | sort -u
}

# What a policy source says, in the same form.
programs_of() { sed -n 's/^  - sha256: //p; s/^    size: //p' "$1" | paste -d' ' - - | sort; }

for name in sl jq libjq1 cowsay; do
	deb=$(find "$DEBS" -name "${name}_*.deb" 2>/dev/null | head -n 1)
	: >out 2>err
	if [ -z "$deb" ]; then
		result "$name: there is no ${name}_*.deb in $DEBS" 1
		continue
	fi
	says "$name: import" 0 '' debarctl import "$deb" --ban "$name" --vendor "Vendor of $name" \
		--authority 'Example order 1/2024' --product "$name" --citation 'p. 3' -o "$name.yaml"
	programs_in "$deb" >expected
	programs_of "$name.yaml" >seen
	same "$name: what dpkg finds in it" expected seen
	exits "$name: source" 0 grep -A 1 -F "source: ${deb##*/} sha256:$(sha256sum <"$deb" | cut -d' ' -f1)" "$name.yaml"
	exits "$name: product" 0 grep -x "    product: $(dpkg-deb -f "$deb" Package)" "$name.yaml"
	exits "$name: version" 0 grep -x "    version: $(dpkg-deb -f "$deb" Version)" "$name.yaml"
	exits "$name: build" 0 debarctl policy build "$name.yaml" -o "$name.debar"
	exits "$name: to standard output" 0 debarctl import "$deb" --ban "$name" \
		--vendor "Vendor of $name" --authority 'Example order 1/2024' --product "$name" --citation 'p. 3'
	same "$name: the same" out "$name.yaml"
	size=$(stat -c %s "$deb")
	for part in 0 1 8 60 100 1000 $((size / 2)) $((size - 100)) $((size - 1)); do
		head -c "$part" "$deb" >cut.deb
		exits "$name: its first $part bytes are refused" 4 debarctl import cut.deb -o cut.yaml
		absent "$name: and nothing is left behind" cut.yaml*
	done
done
exits 'all of them in one policy' 0 debarctl policy build sl.yaml jq.yaml libjq1.yaml cowsay.yaml -o all.debar
has 'with their bans' '4 bans, 5 indicators'
exits 'all of them in one import' 0 debarctl import "$DEBS"/sl_*.deb "$DEBS"/jq_*.deb \
	"$DEBS"/libjq1_*.deb "$DEBS"/cowsay_*.deb -o all.yaml
has 'with what they hold' 'imported 5 indicators from 4 packages: all.yaml'

# Archives made here
mkdir -p tree/bin tree/lib
printf '#!/bin/sh\n' >tree/bin/script
cp /bin/true tree/bin/program
cp /bin/true tree/bin/copy
ln tree/bin/program tree/bin/hard
ln -s program tree/bin/link
printf 'text\n' >tree/bin/text
printf 'not really zstd' >tree/lib/agent.ko.zst
mkfifo tree/bin/fifo
{ sha256sum <tree/bin/script; sha256sum <tree/bin/program; sha256sum <tree/lib/agent.ko.zst; } | cut -d' ' -f1 | sort >expected
for form in tar tar.gz tar.xz tar.zst; do
	tar -C tree -caf "p.$form" .
	says "import $form" 0 '' debarctl import "p.$form" -o p.yaml
	sed -n 's/^  - sha256: //p' p.yaml | sort >seen
	same "$form: script, program and module, once each" expected seen
done
(cd tree && find . -type f | cpio -o -H newc --quiet) >p.cpio
exits 'import cpio' 0 debarctl import p.cpio -o p.yaml
sed -n 's/^  - sha256: //p' p.yaml | sort >seen
same 'cpio: the same' expected seen

# The three of them, in whatever they lie
found() {
	exits "import $1" 0 debarctl import "$2" -o p.yaml
	sed -n 's/^  - sha256: //p' p.yaml | sort >seen
	same "$1: script, program and module, once each" expected seen
}
(cd tree && find . -type f >../tree.list)
for form in zip 7zip iso9660; do
	bsdtar -C tree --format "$form" -cf "p.$form" -T tree.list
	found "$form" "p.$form"
done
xorriso -as mkisofs -quiet -R -o x.iso tree >/dev/null 2>&1
found 'an iso by xorriso' x.iso
found 'a folder' tree/
exits 'a folder: the file is named, and no digest' 0 grep -qxF '    source: tree bin/script' p.yaml
mkdir within
cp p.7zip p.iso9660 p.tar.xz within/
tar -czf within.tar.gz within
found 'packages within a package' within.tar.gz
exits 'the path within is told' 0 grep -q ' within/p[.0-9a-z]*!bin/script' p.yaml
says 'one that is damaged within' 0 "debarctl: within.tar: warning: 1 file within it looks like a package and cannot be read, within/cut.xz: no package, or damaged: Lzma library error:  No progress is possible: take out and import by themselves those that matter" \
	sh -c 'head -c 300 p.tar.xz >within/cut.xz; tar -cf within.tar within; exec debarctl import within.tar -o p.yaml'

# A program by itself, and a kernel module in both forms
exits 'a program' 0 debarctl import tree/bin/program -o p.yaml
exits 'a program: its digest' 0 grep -qxF "  - sha256: $(sha256sum <tree/bin/program | cut -d' ' -f1)" p.yaml
for how in gzip xz zstd; do
	case $how in gzip) name=m.ko.gz ;; xz) name=m.ko.xz ;; *) name=m.ko.zst ;; esac
	$how -c tree/bin/program >"$name"
	exits "$name" 0 debarctl import "$name" -o p.yaml
	for file in "$name" tree/bin/program; do
		exits "$name: as $file" 0 grep -qxF "  - sha256: $(sha256sum <"$file" | cut -d' ' -f1)" p.yaml
	done
done

# Container images: as docker save writes them, and an OCI image layout
mkdir -p saved/l1 oci/blobs/sha256
tar -C tree -cf saved/l1/layer.tar .
jq -n '[{Config: "c.json", RepoTags: ["registry:5000/acme/agent:1.2"], Layers: ["l1/layer.tar"]}]' >saved/manifest.json
tar -C saved -cf saved.tar l1 manifest.json
found 'docker save' saved.tar
exits 'docker save: name' 0 grep -qx '    product: registry:5000/acme/agent' p.yaml
exits 'docker save: tag' 0 grep -qx '    version: 1.2' p.yaml
gzip -c saved/l1/layer.tar >oci/blobs/sha256/layer
echo '{"imageLayoutVersion":"1.0.0"}' >oci/oci-layout
jq -n '{schemaVersion: 2, manifests: [{annotations: {"org.opencontainers.image.ref.name": "acme/agent:1.3"}}]}' >oci/index.json
found 'OCI image layout' oci
exits 'OCI: name' 0 grep -qx '    product: acme/agent' p.yaml
exits 'OCI: tag' 0 grep -qx '    version: 1.3' p.yaml

# Bombs
unpack='unpack it where you trust it, and import its parts'
yes 2>/dev/null | head -c 400M | gzip | gzip >bomb.gz
says 'a bomb by its ratio' 4 "debarctl: bomb.gz: unpacks to more than 1000 times its size: $unpack" \
	debarctl import bomb.gz -o p2.yaml
cp tree/bin/script deep
for _ in 1 2 3 4 5 6 7 8 9 10; do tar -cf deeper deep && mv deeper deep; done
says 'a bomb by its depth' 4 "debarctl: deep: packages within packages, more than 8 deep: $unpack" \
	debarctl import deep -o p2.yaml

says 'an archive without programs' 4 "debarctl: text.tar: warning: no ELF file, script or kernel module in it: leave it out
debarctl: import: nothing to ban was found: give the package that holds the programs" \
	sh -c 'tar -C tree -cf text.tar bin/text; exec debarctl import text.tar -o p2.yaml'
says 'text' 4 "debarctl: tree/bin/text: no package, program or script: $damaged" \
	debarctl import tree/bin/text -o p2.yaml
: >empty
says 'an empty file' 4 "debarctl: empty: no package, or damaged: Unrecognized archive format: $damaged" \
	debarctl import empty -o p2.yaml
tar -cf empty.tar -T /dev/null
says 'an empty archive' 4 "debarctl: empty.tar: an empty archive: $damaged" debarctl import empty.tar -o p2.yaml
says 'a file that is not there' 5 \
	'debarctl: none.deb: cannot open it: No such file or directory: check the path, a part of it does not exist' \
	debarctl import none.deb -o p2.yaml
says 'a pipe' 4 "debarctl: tree/bin/fifo: neither a file nor a folder: $damaged" debarctl import tree/bin/fifo -o p2.yaml
printf '!<arch>\n%-16s%-12s%-6s%-6s%-8s%-10s`\n%s' x/ 0 0 0 100644 4 'text' >p.a
says 'an ar archive that is no Debian package' 4 \
	'debarctl: p.a: an ar archive without data.tar: no Debian package, or cut off: give a whole Debian package' \
	debarctl import p.a -o p2.yaml
printf '\355\253\356\333%096d' 0 >p.rpm
says 'an RPM package without a header' 4 \
	'debarctl: p.rpm: an RPM package with a damaged header: give a whole RPM package' \
	debarctl import p.rpm -o p2.yaml
absent 'nothing is left behind' p2.yaml*
says 'an option that cannot be in a policy' 2 "debarctl: import: 'vendor' has the control character 0x0a: write it on one line, without tabs
debarctl import --help shows what can be given." debarctl import p.tar --vendor $'two\nlines'

# Names that would do harm on a terminal or in YAML
mkdir odd
for name in $'esc\033[2J' $'\377\376' 'back\slash' 'colon: [x' "$(printf 'x%.0s' $(seq 250))"; do
	printf '#!%s\n' "$name" >"odd/$name"
done
tar -cf odd.tar odd
exits 'odd names' 0 debarctl import odd.tar -o odd.yaml
exits 'odd names: build' 0 debarctl policy build odd.yaml -o odd.debar
exits 'odd names: show' 0 debarctl policy show --indicators odd.debar
has 'odd names: escape sequences are made visible' 'odd/esc\x1b[2J'
has 'odd names: bytes that are no UTF-8 are told' 'odd/\xff\xfe'

# What is installed, by dpkg itself, on a machine of its own
mkdir -p root/var/lib/dpkg/info root/var/lib/dpkg/updates root/var/lib/dpkg/triggers
: >root/var/lib/dpkg/status
exits 'packages are installed' 0 dpkg --root="$PWD/root" --force-not-root --force-depends --force-script-chrootless \
	--log=/dev/null -i "$DEBS"/jq_*.deb "$DEBS"/libjq1_*.deb "$DEBS"/sl_*.deb "$DEBS"/cowsay_*.deb
exits 'installed: import' 0 debarctl import --installed --root root jq 'libjq?' -o installed.yaml
has 'what was imported' 'imported 2 indicators from 2 packages: installed.yaml'
programs_in "$DEBS"/jq_*.deb "$DEBS"/libjq1_*.deb >expected
programs_of installed.yaml >seen
same 'as in the packages themselves' expected seen
version=$(dpkg-query --admindir=root/var/lib/dpkg -W -f '${Version}' jq)
exits 'where it is from' 0 grep -x "    source: dpkg jq $version /usr/bin/jq" installed.yaml
exits 'the ban has the name of the first one' 0 grep -x -- '- id: jq' installed.yaml
exits 'it can be built' 0 debarctl policy build installed.yaml -o installed.debar
maintainer=$(dpkg-query --admindir=root/var/lib/dpkg -W -f '${Maintainer}' sl)
exits 'by the maintainer, in any case' 0 debarctl import --installed --root root --maintainer "${maintainer^^}"
has 'another package' 'source: dpkg sl '
exits 'by both' 4 debarctl import --installed --root root --maintainer "$maintainer" jq
printf 'debarctl: root: no package that is installed is meant: see dpkg-query -W for those that are\n' >expected
same 'none is meant' expected err
rm root/usr/bin/jq
ln -s /bin/true root/usr/bin/jq
exits 'what is not there is left out, and no link followed' 4 debarctl import --installed --root root jq
mv root/usr/games root/usr/play
ln -s ../../../../../../../../../usr/bin root/usr/games
exits 'nor does one lead out' 4 debarctl import --installed --root root sl
exits 'one is removed' 0 dpkg --root="$PWD/root" --force-not-root --force-depends --log=/dev/null -r jq
exits 'what was removed is no more' 4 debarctl import --installed --root root jq
printf 'Package: half\nStatus: install ok unpacked\nVersion: 1\n\n' >root/var/lib/dpkg/status
says 'a list is missing' 5 'debarctl: root/var/lib/dpkg/info/half.list: cannot read it: No such file or directory: check the path, a part of it does not exist' \
	debarctl import --installed --root root half
says 'no database' 5 'debarctl: tree/var/lib/dpkg/status: cannot read it: No such file or directory: check the path, a part of it does not exist' \
	debarctl import --installed --root tree half
