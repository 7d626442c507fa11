/* The wall clock of one machine of the tests: that of this one, and as many seconds on as a file says.
 *
 * Loaded before the C library (LD_PRELOAD). It stands between a program and three calls alone: libfaketime, which
 * does more, also stands between it and its condition variables, and of a busy Python now and then no thread was
 * woken again (libfaketime 0.9.10; its issues 419 and 469).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static _Atomic time_t looked_at_s = -1;
static _Atomic time_t on_s = 0;

/* How many seconds the clock is on, looked up once a second. */
static time_t seconds_on(void)
{
    struct timespec since_boot;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &since_boot);
    if (atomic_exchange(&looked_at_s, since_boot.tv_sec) == since_boot.tv_sec)
        return on_s;
    const char *name = getenv("VYBOR_TEST_CLOCK");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (file >= 0) {
        char text[32];
        ssize_t length = read(file, text, sizeof text - 1);
        close(file);
        if (length > 0) {
            text[length] = 0;
            on_s = atoll(text);
        }
    }
    return on_s;
}

int clock_gettime(clockid_t clock, struct timespec *at)
{
    int failed = syscall(SYS_clock_gettime, clock, at);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        at->tv_sec += seconds_on();
    return failed;
}

int gettimeofday(struct timeval *at, void *zone)
{
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now))
        return -1;
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at)
        *at = now.tv_sec;
    return now.tv_sec;
}
