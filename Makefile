# SPDX-License-Identifier: GPL-2.0-or-later
# What people and machines ask for: run, shell, test, check, install. The work itself is done by tests/vm/*.sh.
#
# kmod/ is built through Kbuild, by the kernel's build system; userspace/ through its own Makefile.
MAKEFLAGS += --no-print-directory
KERNEL ?= 6.1
ARCH ?= x86_64
# As Debian ships them: of x86-64, of other flavours, of arm64.
KERNELS := 6.1 6.12 7.3
FLAVOURS := 6.12-cloud 6.12-rt
ARM64_KERNELS := 6.1-arm64 6.12-arm64
# With the checkers that a kernel has for itself; see tests/vm/config/.
DEBUG_KERNELS := 6.1-debug 6.1-kcsan
# With debar built in.
IN_TREE_KERNELS := 6.1-in-tree 6.12-in-tree 7.3-in-tree
OWN_KERNELS := $(DEBUG_KERNELS) $(IN_TREE_KERNELS) 6.12-coverage
# With debar's KUnit tests, which run when they start.
KUNIT_KERNELS := 6.12-kunit-uml 6.12-kunit-x86
KUNIT_DEBUG_KERNELS := 6.12-kunit-debug 6.12-kunit-kcsan
KDIR ?= /lib/modules/$(shell uname -r)/build
DESTDIR ?=
prefix ?= /usr/local
JOBS ?= $(shell nproc)
VM := tests/vm
DEBAR_START := $(or $(DEBAR_START),$(shell date +%s))
export DEBAR_START

ifeq ($(filter $(KERNEL),$(KERNELS) $(FLAVOURS) $(ARM64_KERNELS) $(OWN_KERNELS)),)
$(error KERNEL=$(KERNEL): choose one of $(KERNELS) $(FLAVOURS) $(ARM64_KERNELS) $(OWN_KERNELS))
endif
ifeq ($(filter $(ARCH),x86_64 arm64),)
$(error ARCH=$(ARCH): choose one of x86_64 arm64)
endif

all: packages module-$(KERNEL) userspace

help:
	@echo 'make run [KERNEL=6.1|6.12|7.3]    build, boot a stock Debian kernel in QEMU, show debar at work'
	@echo 'make shell [KERNEL=]              the same machine, with a prompt'
	@echo 'make test                         all tests, on all three kernels'
	@echo 'make test ARCH=arm64              those in virtual machines, on two kernels of arm64'
	@echo 'make test-flavours                the same on two other flavours of 6.12: cloud, rt'
	@echo 'make results                      what the last runs gave on each kernel, into README.md'
	@echo 'make test-vm-6.1 [TESTS=PATTERN]  the tests in one kernel, or the lines of tests.list that match'
	@echo 'make test-model                   the models of the verdict cache, of the change of policies, of unloading'
	@echo 'make kunit                        the KUnit tests of the parts of debar'
	@echo 'make coverage                     which lines the tests execute, and why they do not execute the others'
	@echo 'make ways                         write what the last tests saw into tests/ways.md'
	@echo 'make sanitize                     the tests on kernels with KASAN, lockdep, UBSAN, kmemleak, KCSAN, fault injection'
	@echo 'make in-tree TREE=FOLDER          put debar into the source of a kernel as security/debar/; in-tree-remove: take it out'
	@echo 'make test-in-tree                 the tests in kernels with debar built in; test-6.12-in-tree: in one of them'
	@echo 'make bench [KERNEL=]              what debar costs, in instructions; beside it the targets'
	@echo 'make bench-keep                   the figures measured last, into README.md'
	@echo 'make fuzz [TIME=60]               fuzzers, each for so many seconds; fuzz-parsers, fuzz-kernel: some of them'
	@echo 'make check                        static checks'
	@echo 'make all [KERNEL=]                only build'
	@echo 'make install [KDIR= DESTDIR= prefix=]  for the running kernel'
	@echo 'make netlink                      generate code from kmod/netlink/debar.yaml'
	@echo 'make clean, make distclean        remove what was built; and what was downloaded, too'

# Packages come first, and alone: everything else may run at once.
run: packages
	@+$(MAKE) -j$(JOBS) initramfs-$(KERNEL)-run
	@$(VM)/run-vm.sh $(KERNEL) run

shell: packages
	@+$(MAKE) -j$(JOBS) initramfs-$(KERNEL)-run
	@$(VM)/run-vm.sh $(KERNEL) shell

test: test-$(ARCH)

test-x86_64:
	@$(VM)/install.sh run test
	@rm -rf build/results
	@+$(MAKE) -k -j$(JOBS) test-parts || true
	@$(VM)/part.sh ways $(VM)/ways.py check tests/ways.md build/results
	@$(VM)/tally.py build/results unit cli packages large model $(KERNELS:%=vm-%) ways

test-arm64:
	@$(VM)/install.sh run test arm64-host
	@rm -rf $(ARM64_KERNELS:%=build/results/vm-%.*)
	@+$(MAKE) -k -j$(JOBS) $(ARM64_KERNELS:%=test-vm-%) || true
	@$(VM)/tally.py build/results $(ARM64_KERNELS:%=vm-%)

test-flavours:
	@$(VM)/install.sh run test
	@rm -rf $(FLAVOURS:%=build/results/vm-%.*)
	@+$(MAKE) -k -j$(JOBS) $(FLAVOURS:%=test-vm-%) || true
	@$(VM)/tally.py build/results $(FLAVOURS:%=vm-%)

# After runs: what they gave, into README.md.
results:
	@$(VM)/results.py README.md build $(KERNELS) $(FLAVOURS) $(ARM64_KERNELS) $(IN_TREE_KERNELS)

# After a run: what it saw of the ways in.
ways:
	@$(VM)/ways.py write tests/ways.md build/results

sanitize:
	@$(VM)/install.sh run test sanitize
	@rm -rf build/results
	@+$(MAKE) -k -j$(JOBS) $(KUNIT_DEBUG_KERNELS:6.12-%=test-%) $(DEBUG_KERNELS:%=test-planted-%) \
		$(DEBUG_KERNELS:%=test-vm-%) || true
	@$(VM)/tally.py build/results $(KUNIT_DEBUG_KERNELS:6.12-%=%) $(DEBUG_KERNELS:%=planted-%) $(DEBUG_KERNELS:%=vm-%)

test-in-tree:
	@$(VM)/install.sh run test sanitize
	@rm -rf build/results
	@+$(MAKE) -k -j$(JOBS) $(IN_TREE_KERNELS:%=test-%) || true
	@$(VM)/tally.py build/results $(foreach part,vm fail-closed boot-policy,$(IN_TREE_KERNELS:%=$(part)-%))

kunit:
	@$(VM)/install.sh run kunit
	@rm -f build/results/kunit-*
	@+$(MAKE) -k $(KUNIT_KERNELS:6.12-%=test-%) || true
	@sed -n 's/^ *# takes_so_long: \(.* ns\)$$/one judgement, \1/p' build/results/kunit-uml.tap
	@$(VM)/tally.py build/results $(KUNIT_KERNELS:6.12-%=%)

# The selftests and the KUnit tests in kernels that count, the tests of userspace on programs that count.
coverage:
	@$(VM)/install.sh run test sanitize kunit
	@+$(MAKE) guest-run test-kunit-x86 test-vm-6.12-coverage
	@tests/coverage/kernel.sh kunit
	@tests/coverage/kernel.sh selftests
	@tests/coverage/userspace.sh test
	@tests/coverage/report.py tests/coverage/explained.md kmod=build/coverage/kernel \
		userspace=build/coverage/tree/build | tee build/coverage/report.txt

# See "Built into a kernel" in README.md.
in-tree:
	@kmod/in-tree.sh add $(TREE)

in-tree-remove:
	@kmod/in-tree.sh remove $(TREE)

bench: packages
	@$(VM)/install.sh bench
	@+$(MAKE) -j$(JOBS) initramfs-$(KERNEL)-bench
	@tests/bench/bench.sh $(KERNEL)

# Each for TIME seconds: the parsers as programs of the host, and a kernel with KASAN, which takes a while to build.
fuzz: fuzz-parsers fuzz-kernel

fuzz-parsers:
	@$(VM)/install.sh run fuzz
	@tests/fuzz/run.sh

fuzz-kernel:
	@$(VM)/install.sh run test sanitize
	@rm -f build/results/vm-6.1-debug.*
	@+TESTS=./fuzz_ APPEND=fuzz_time=$(or $(TIME),60) $(MAKE) -j$(JOBS) test-vm-6.1-debug
	@grep -h '^ *# [0-9]* \(messages\|programs\)' build/results/vm-6.1-debug.tap
	@$(VM)/tally.py build/results vm-6.1-debug

# The figures measured last go to tests/bench/results and into README.md.
bench-keep:
	@tests/bench/keep.py build/bench README.md tests/bench/results

check:
	@$(VM)/install.sh run check
	@$(VM)/check.sh

netlink:
	@$(VM)/netlink-gen.sh

packages:
	@$(VM)/install.sh run

# Their modules are built with what building the kernel leaves behind.
$(OWN_KERNELS:%=kernel-%) $(KUNIT_KERNELS:%=kernel-%) $(KUNIT_DEBUG_KERNELS:%=kernel-%): kernel-%:
	@$(VM)/debug-kernel.sh $*

$(IN_TREE_KERNELS:%=kernel-%): userspace

$(OWN_KERNELS:%=module-%): module-%: kernel-%
	@$(VM)/build-module.sh $*

module-%:
	@$(VM)/build-module.sh $*

kernel-%:
	@$(VM)/kernel.sh $*

guest-%:
	@$(VM)/guest.sh $*

userspace-arm64 selftests-arm64: %-arm64:
	@$(VM)/arm64.sh $*

userspace:
	@$(VM)/step.sh userspace 'building debarctl and debard' $(MAKE) -C userspace -j$(JOBS)

selftests:
	@$(VM)/linux-source.sh 6.12
	@$(VM)/certs.sh
	@$(VM)/step.sh selftests 'building the selftests' $(MAKE) -C tests/selftests -j$(JOBS) \
		OUT=$(CURDIR)/build/selftests KSELFTEST=$(CURDIR)/build/linux-6.12/tools/testing/selftests

exec-selftests-%:
	@$(VM)/exec-selftests.sh $*

# KERNEL, what else its tests need, and the architecture if it is another one
define kernel_rules
initramfs-$(1)-run: module-$(1) kernel-$(1) guest-run userspace
	@$(VM)/initramfs.sh $(1) run
initramfs-$(1)-bench: module-$(1) kernel-$(1) guest-bench userspace
	@$(VM)/initramfs.sh $(1) bench
initramfs-$(1)-test: module-$(1) kernel-$(1) guest-test$(3) userspace userspace$(3) selftests$(3) $(2)
	@$(VM)/initramfs.sh $(1) test
test-vm-$(1): initramfs-$(1)-test
	@$(VM)/part.sh vm-$(1) $(VM)/run-vm.sh $(1) test
endef
$(foreach kernel,$(KERNELS) $(FLAVOURS),$(eval $(call kernel_rules,$(kernel),exec-selftests-$(kernel))))
$(foreach kernel,$(ARM64_KERNELS),$(eval $(call kernel_rules,$(kernel),exec-selftests-$(kernel),-arm64)))
$(foreach kernel,$(OWN_KERNELS),$(eval $(call kernel_rules,$(kernel))))

# Each checker is seen at work, on faults made for it.
$(DEBUG_KERNELS:%=test-planted-%): test-planted-%: initramfs-%-test
	@$(VM)/part.sh planted-$* $(VM)/run-vm.sh $* planted

# The same tests, those that need another command line of the kernel, and policies that cannot be put in force.
$(IN_TREE_KERNELS:%=test-%): test-%: test-vm-%
	@$(VM)/part.sh fail-closed-$* $(VM)/run-vm.sh $* fail-closed
	@$(VM)/part.sh boot-policy-$* $(VM)/boot-policy.sh $*

$(patsubst 6.12-kunit-%,test-kunit-%,$(KUNIT_KERNELS) $(KUNIT_DEBUG_KERNELS)): test-kunit-%: kernel-6.12-kunit-%
	@$(VM)/part.sh kunit-$* tests/kunit/run.sh $*

test-parts: test-unit test-cli test-packages test-model $(KERNELS:%=test-vm-%)

# Both use what is built with sanitizers.
userspace-asan:
	@$(VM)/step.sh userspace-asan 'building userspace with sanitizers' \
		$(MAKE) -C userspace -j$(JOBS) SANITIZE=1

test-unit: userspace-asan
	@$(VM)/part.sh unit $(MAKE) -C tests/unit run

test-cli: userspace-asan guest-run
	@DEBS=$(CURDIR)/build/guest/run/debs $(VM)/part.sh cli tests/cli/run.sh

test-packages: userspace
	@$(VM)/system.sh
	@$(VM)/part.sh packages tests/packages/run.sh
	@PATH=$(CURDIR)/build/userspace:$$PATH $(VM)/part.sh large tests/packages/large.py $(CURDIR)/build/large

test-model:
	@$(VM)/part.sh model tests/model/run.sh

# In a copy, as for the stock kernels: the sources stay clean.
install:
	@[ -d $(KDIR) ] || { echo 'install: no headers in $(KDIR): install those of the kernel, or set KDIR' >&2; exit 1; }
	mkdir -p build/module/install
	cp -rp Kbuild kmod build/module/install/
	$(MAKE) -C $(KDIR) M=$(CURDIR)/build/module/install modules
	$(MAKE) -C $(KDIR) M=$(CURDIR)/build/module/install INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=extra \
		modules_install
	$(MAKE) -C userspace install DESTDIR=$(DESTDIR) prefix=$(prefix)

# What Debian gave stays: chroot, kernels, guests, sources.
clean:
	$(MAKE) -C userspace clean
	rm -rf $(addprefix build/,fuzz module module-check module-signed testmod testmod-check selftests exec-selftests \
		initramfs large model netlink packages results vm unit userspace-analyzer)

distclean:
	rm -rf build

.PHONY: all help run shell test test-x86_64 test-arm64 test-flavours results kunit coverage ways bench bench-keep fuzz fuzz-parsers fuzz-kernel sanitize test-in-tree in-tree in-tree-remove check netlink \
	packages userspace userspace-asan selftests test-parts test-unit test-cli test-model install clean distclean
