// For LD_PRELOAD: makes one file operation of a process fail, or writes all of them to a log.
//
//   TORTURE_PATH   only operations on files below this folder count (absolute, without a slash at the end)
//   TORTURE_COUNT  file: when the process ends, the number of operations is written there
//   TORTURE_AT     the number of the operation that fails, from 1
//   TORTURE_HOW    ENOSPC, EIO, EINTR: it fails with this error once; full: it and all later writes fail with ENOSPC;
//                  short: it writes half of the bytes; before, after: the process ends at once, before or after it
//   TORTURE_LOG    file: a line for each operation that succeeded, followed by the bytes that it wrote:
//                  "write OFFSET LENGTH PATH", "truncate LENGTH PATH", "create PATH", "sync PATH", "rename FROM\tTO", "unlink PATH",
//                  "mkdir PATH", "rmdir PATH"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REAL(name) real_##name
#define DECLARE(result, name, ...) static result (*REAL(name))(__VA_ARGS__);
DECLARE(ssize_t, write, int, const void*, size_t)
DECLARE(ssize_t, pwrite64, int, const void*, size_t, off_t)
DECLARE(int, fsync, int)
DECLARE(int, fdatasync, int)
DECLARE(int, ftruncate64, int, off_t)
DECLARE(int, rename, const char*, const char*)
DECLARE(int, unlink, const char*)
DECLARE(int, unlinkat, int, const char*, int)
DECLARE(int, rmdir, const char*)
DECLARE(int, mkdir, const char*, mode_t)
DECLARE(int, openat, int, const char*, int, ...)

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const char *folder, *how;
static long at, count;
static int log_file = -1;

__attribute__((constructor)) static void start(void) {
#define FIND(name) *(void**)&REAL(name) = dlsym(RTLD_NEXT, #name)
  FIND(write), FIND(pwrite64), FIND(fsync), FIND(fdatasync), FIND(ftruncate64), FIND(rename), FIND(unlink);
  FIND(unlinkat), FIND(rmdir), FIND(mkdir), FIND(openat);
  folder = getenv("TORTURE_PATH");
  how = getenv("TORTURE_HOW");
  at = getenv("TORTURE_AT") ? atol(getenv("TORTURE_AT")) : 0;
  if (getenv("TORTURE_LOG")) log_file = (int)syscall(SYS_openat, AT_FDCWD, getenv("TORTURE_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
}

__attribute__((destructor)) static void end(void) {
  if (!getenv("TORTURE_COUNT")) return;
  FILE* file = fopen(getenv("TORTURE_COUNT"), "w");
  if (file) fprintf(file, "%ld\n", count), fclose(file);
}

/// Stores the absolute path of a file or of a name; returns 1 if it lies below the folder.
static int path_of_file(int file, char* path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t n = readlink(link, path, PATH_MAX - 1);
  path[n < 0 ? 0 : n] = 0;
  return folder && n > 0 && !strncmp(path, folder, strlen(folder));
}
static int path_of_name(int place, const char* name, char* path) {
  char base[PATH_MAX] = "";
  if (name[0] != '/') {
    if (place == AT_FDCWD) {
      if (!getcwd(base, sizeof base)) return 0;
    } else {
      path_of_file(place, base);
    }
    if (snprintf(path, PATH_MAX, "%s/%s", base, name) >= PATH_MAX) return 0;
  } else if (snprintf(path, PATH_MAX, "%s", name) >= PATH_MAX) {
    return 0;
  }
  return folder && !strncmp(path, folder, strlen(folder));
}

/// What this operation is to do: 0 as usual, -1 fail (errno is set), 1 half of the bytes, 2 end after it.
static int fate(int is_write) {
  ++count;
  if (!at || count < at || !how) return 0;
  if (!strcmp(how, "full")) return is_write ? (errno = ENOSPC, -1) : 0;
  if (count > at) return 0;
  if (!strcmp(how, "before")) _exit(137);
  if (!strcmp(how, "after")) return 2;
  if (!strcmp(how, "short")) return is_write ? 1 : 0;
  errno = !strcmp(how, "ENOSPC") ? ENOSPC : !strcmp(how, "EINTR") ? EINTR : EIO;
  return -1;
}

static void note(const char* line, const void* bytes, size_t length) {
  if (log_file < 0) return;
  syscall(SYS_write, log_file, line, strlen(line));
  while (length > 0) {
    const long n = syscall(SYS_write, log_file, bytes, length);
    if (n <= 0) _exit(98);
    bytes = (const char*)bytes + n, length -= (size_t)n;
  }
}

// `call` makes the real operation, `text` its line of the log.
#define OPERATION(is_counted, is_write, half, call, bytes, length, ...)      \
  if (!(is_counted)) return call;                                            \
  pthread_mutex_lock(&mutex);                                                \
  const int will = fate(is_write);                                           \
  if (will < 0) {                                                            \
    const int error = errno;                                                 \
    pthread_mutex_unlock(&mutex);                                            \
    errno = error;                                                           \
    return -1;                                                               \
  }                                                                          \
  if (will == 1) half;                                                       \
  const long done = (long)call;                                              \
  const int error = errno;                                                   \
  if (will == 2) _exit(137);                                                 \
  if (done >= 0) {                                                           \
    char line[2 * PATH_MAX + 64];                                            \
    snprintf(line, sizeof line, __VA_ARGS__);                                \
    note(line, bytes, length);                                               \
  }                                                                          \
  pthread_mutex_unlock(&mutex);                                              \
  errno = error;                                                             \
  return done;

#pragma GCC diagnostic ignored "-Wformat-truncation"

ssize_t write(int file, const void* bytes, size_t length) {
  char path[PATH_MAX] = "";
  const int counts = file > 2 && path_of_file(file, path);
  struct stat now;
  long long offset = 0;
  if (counts && log_file >= 0) {
    offset = lseek(file, 0, SEEK_CUR);
    if ((fcntl(file, F_GETFL) & O_APPEND) && fstat(file, &now) == 0) offset = now.st_size;
  }
  OPERATION(counts, 1, length = (length + 1) / 2, REAL(write)(file, bytes, length), bytes, (size_t)done, "write %lld %ld %s\n", offset, done, path)
}
ssize_t pwrite64(int file, const void* bytes, size_t length, off_t offset) {
  char path[PATH_MAX] = "";
  OPERATION(path_of_file(file, path), 1, length = (length + 1) / 2, REAL(pwrite64)(file, bytes, length, offset), bytes, (size_t)done,
            "write %lld %ld %s\n", (long long)offset, done, path)
}
ssize_t pwrite(int file, const void* bytes, size_t length, off_t offset) { return pwrite64(file, bytes, length, offset); }
int fsync(int file) {
  char path[PATH_MAX] = "";
  OPERATION(path_of_file(file, path), 0, (void)0, REAL(fsync)(file), "", 0, "sync %s\n", path)
}
int fdatasync(int file) {
  char path[PATH_MAX] = "";
  OPERATION(path_of_file(file, path), 0, (void)0, REAL(fdatasync)(file), "", 0, "sync %s\n", path)
}
int ftruncate64(int file, off_t length) {
  char path[PATH_MAX] = "";
  OPERATION(path_of_file(file, path), 1, (void)0, REAL(ftruncate64)(file, length), "", 0, "truncate %lld %s\n", (long long)length, path)
}
int ftruncate(int file, off_t length) { return ftruncate64(file, length); }
int rename(const char* from, const char* to) {
  char path[PATH_MAX] = "", target[PATH_MAX] = "";
  path_of_name(AT_FDCWD, to, target);
  OPERATION(path_of_name(AT_FDCWD, from, path), 0, (void)0, REAL(rename)(from, to), "", 0, "rename %s\t%s\n", path, target)
}
int unlink(const char* name) {
  char path[PATH_MAX] = "";
  OPERATION(path_of_name(AT_FDCWD, name, path), 0, (void)0, REAL(unlink)(name), "", 0, "unlink %s\n", path)
}
int unlinkat(int place, const char* name, int flags) {
  char path[PATH_MAX] = "";
  OPERATION(path_of_name(place, name, path), 0, (void)0, REAL(unlinkat)(place, name, flags), "", 0, "%s %s\n",
            flags & AT_REMOVEDIR ? "rmdir" : "unlink", path)
}
int rmdir(const char* name) {
  char path[PATH_MAX] = "";
  OPERATION(path_of_name(AT_FDCWD, name, path), 0, (void)0, REAL(rmdir)(name), "", 0, "rmdir %s\n", path)
}
int mkdir(const char* name, mode_t mode) {
  char path[PATH_MAX] = "";
  OPERATION(path_of_name(AT_FDCWD, name, path), 1, (void)0, REAL(mkdir)(name, mode), "", 0, "mkdir %s\n", path)
}

/// Creating and emptying files is logged; opening does not count as an operation.
static int opened(int place, const char* name, int flags, mode_t mode) {
  char path[PATH_MAX] = "";
  struct stat before;
  if (log_file < 0 || !(flags & (O_CREAT | O_TRUNC)) || !path_of_name(place, name, path))
    return REAL(openat)(place, name, flags, mode);
  pthread_mutex_lock(&mutex);
  const int was_there = fstatat(place, name, &before, 0) == 0;
  const int file = REAL(openat)(place, name, flags, mode), error = errno;
  if (file >= 0) {
    char line[PATH_MAX + 64];
    if (!was_there) snprintf(line, sizeof line, "create %s\n", path), note(line, "", 0);
    else if (flags & O_TRUNC) snprintf(line, sizeof line, "truncate 0 %s\n", path), note(line, "", 0);
  }
  pthread_mutex_unlock(&mutex);
  errno = error;
  return file;
}
#define MODE_OF(flags)              \
  mode_t mode = 0;                  \
  if ((flags) & O_CREAT) {          \
    va_list more;                   \
    va_start(more, flags);          \
    mode = va_arg(more, mode_t);    \
    va_end(more);                   \
  }
int open(const char* name, int flags, ...) { MODE_OF(flags) return opened(AT_FDCWD, name, flags, mode); }
int open64(const char* name, int flags, ...) { MODE_OF(flags) return opened(AT_FDCWD, name, flags, mode); }
int openat(int place, const char* name, int flags, ...) { MODE_OF(flags) return opened(place, name, flags, mode); }
int openat64(int place, const char* name, int flags, ...) { MODE_OF(flags) return opened(place, name, flags, mode); }
