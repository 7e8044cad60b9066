/*
 * exit0: the trivial command of the start-up benchmark. It ends at once with status 0.
 * Built static with musl, so that its own start costs as little as a process can cost.
 */
int main(void) { return 0; }
