// Lets calls of the system fail, for what is loaded before the C library (LD_PRELOAD) and for what is loaded by its own name.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static char wanted_call[32];
static char wanted_path[4096];
static int wanted_error, calls_to_pass, count_of_faults;

enum { SECONDS_OF_A_SLOW_CALL = 3 };

// From now on a call fails for paths that hold a text, after some that pass. An empty call ends that. Without an error it is slow.
void faults_set(const char *call, int error, int skip, const char *path) {
    pthread_mutex_lock(&gate);
    snprintf(wanted_call, sizeof wanted_call, "%s", call);
    snprintf(wanted_path, sizeof wanted_path, "%s", path);
    wanted_error = error;
    calls_to_pass = skip;
    count_of_faults = 0;
    pthread_mutex_unlock(&gate);
}

// How many calls have failed since.
int faults_count(void) { return __atomic_load_n(&count_of_faults, __ATOMIC_SEQ_CST); }

static int fails(const char *call, const char *path) {
    int result = 0;
    pthread_mutex_lock(&gate);
    if (strcmp(call, wanted_call) == 0 && path && strstr(path, wanted_path) && calls_to_pass-- <= 0) {
        count_of_faults++;
        result = 1;
    }
    int error = wanted_error;
    pthread_mutex_unlock(&gate);
    if (result && !error) {
        sleep(SECONDS_OF_A_SLOW_CALL);
        return 0;
    }
    if (result)
        errno = error;
    return result;
}

static int fails_for(const char *call, int file) {
    char link[64], path[4096];
    if (wanted_call[0] == 0 || strcmp(call, wanted_call) != 0)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return fails(call, path);
}

#define REAL(name, ...) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))(__VA_ARGS__)
#define MODE(last) mode_t mode = 0; if (flags & (O_CREAT | __O_TMPFILE)) { va_list list; va_start(list, last); mode = va_arg(list, mode_t); va_end(list); }
#define CHANGES(flags) ((flags & (O_CREAT | O_WRONLY | O_RDWR)) != 0)

static int fails_to_open(const char *path, int flags) { return fails(CHANGES(flags) ? "open" : "look", path); }

int open(const char *path, int flags, ...) { MODE(flags) return fails_to_open(path, flags) ? -1 : REAL(open, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return fails_to_open(path, flags) ? -1 : REAL(open64, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags) return fails_to_open(path, flags) ? -1 : REAL(openat, folder, path, flags, mode); }
DIR *opendir(const char *path) { return fails("opendir", path) ? NULL : REAL(opendir, path); }
struct dirent *readdir(DIR *folder) { return fails_for("readdir", dirfd(folder)) ? NULL : REAL(readdir, folder); }
struct dirent64 *readdir64(DIR *folder) { return fails_for("readdir", dirfd(folder)) ? NULL : REAL(readdir64, folder); }

// What is left of a full disk takes a part of a write, and nothing of the next one.
static size_t part(int file, size_t count) { return count > 1 && fails_for("part", file) ? count / 2 : count; }
static int is_full(int file, size_t count) { return fails_for("write", file) || (count == 1 && fails_for("part", file)); }

ssize_t write(int file, const void *bytes, size_t count) { return is_full(file, count) ? -1 : REAL(write, file, bytes, part(file, count)); }
ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) { return is_full(file, count) ? -1 : REAL(pwrite, file, bytes, part(file, count), at); }
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) { return is_full(file, count) ? -1 : REAL(pwrite64, file, bytes, part(file, count), at); }
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at) { return fails_for("write", file) ? -1 : REAL(pwritev, file, parts, count, at); }
ssize_t read(int file, void *bytes, size_t count) { return fails_for("read", file) ? -1 : REAL(read, file, bytes, count); }
ssize_t pread(int file, void *bytes, size_t count, off_t at) { return fails_for("read", file) ? -1 : REAL(pread, file, bytes, count, at); }
ssize_t pread64(int file, void *bytes, size_t count, off64_t at) { return fails_for("read", file) ? -1 : REAL(pread64, file, bytes, count, at); }
int ftruncate(int file, off_t size) { return fails_for("ftruncate", file) ? -1 : REAL(ftruncate, file, size); }
int ftruncate64(int file, off64_t size) { return fails_for("ftruncate", file) ? -1 : REAL(ftruncate64, file, size); }
int flock(int file, int how) { return fails_for("flock", file) ? -1 : REAL(flock, file, how); }
int fsync(int file) { return fails_for("fsync", file) ? -1 : REAL(fsync, file); }
int rename(const char *from, const char *to) { return fails("rename", to) ? -1 : REAL(rename, from, to); }
int link(const char *from, const char *to) { return fails("rename", to) ? -1 : REAL(link, from, to); }
int unlink(const char *path) { return fails("unlink", path) ? -1 : REAL(unlink, path); }
int mkdir(const char *path, mode_t mode) { return fails("mkdir", path) ? -1 : REAL(mkdir, path, mode); }

// A program that knows nothing of this is told by its environment: FAULTS="call error skip path". It says in the end how many calls failed.
__attribute__((constructor)) static void begin(void) {
    char call[32], path[4096];
    int error, skip;
    const char *wish = getenv("FAULTS");
    if (wish && sscanf(wish, "%31s %d %d %4095s", call, &error, &skip, path) == 4)
        faults_set(call, error, skip, path);
}

__attribute__((destructor)) static void end(void) {
    if (getenv("FAULTS"))
        dprintf(STDERR_FILENO, "faults: %d\n", faults_count());
}

// The runtime looks for the C library's calls in that library itself: it gets all that is loaded, these calls first.
void *dlopen(const char *name, int flags) {
    int is_c_library = name && getenv("FAULTS") && (strcmp(name, "libc") == 0 || strcmp(name, "libc.so.6") == 0);
    return REAL(dlopen, is_c_library ? NULL : name, flags);
}
