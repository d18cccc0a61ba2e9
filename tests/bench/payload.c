// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is executed, mapped and opened: a program or a library that does nothing, linked in three
 * ways.
 */
int debar_bench_nothing(void)
{
	return 0;
}

#ifndef PAYLOAD_LIBRARY
int main(void)
{
	return debar_bench_nothing();
}
#endif
