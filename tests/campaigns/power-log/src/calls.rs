//! The C library's calls that change files, in front of the system's own.

use std::ffi::{CStr, OsString, c_char, c_int, c_uint, c_void};
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use libc::{AT_FDCWD, c_long, iovec, mode_t, off_t, size_t, ssize_t};

use crate::record::Kind;
use crate::{Turn, absolute, in_turn, watch};

pub(crate) fn open_log(mut path: Vec<u8>) -> Option<c_int> {
    path.push(0);
    let flags = libc::O_WRONLY | libc::O_CREAT | libc::O_APPEND | libc::O_CLOEXEC;
    // SAFETY: the path ends with a zero.
    let fd = unsafe { libc::syscall(libc::SYS_openat, AT_FDCWD, path.as_ptr(), flags, 0o600) };
    c_int::try_from(fd).ok().filter(|fd| *fd >= 0)
}

pub(crate) fn write_all(fd: c_int, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        // SAFETY: the bytes are ours.
        let done = unsafe { libc::syscall(libc::SYS_write, fd, bytes.as_ptr(), bytes.len()) };
        match usize::try_from(done) {
            Ok(done) if done > 0 => bytes = &bytes[done..],
            // A log with a hole in it would prove nothing.
            _ => die(),
        }
    }
}

pub(crate) fn die() -> ! {
    // SAFETY: it ends this process, as it is meant to.
    unsafe { libc::syscall(libc::SYS_kill, libc::getpid(), libc::SIGKILL) };
    std::process::abort()
}

/// What a link of /proc says.
fn linked(link: &CStr) -> Option<Vec<u8>> {
    let mut path = vec![0_u8; 4096];
    // SAFETY: the room is as long as we say.
    let length = unsafe {
        libc::syscall(
            libc::SYS_readlinkat,
            AT_FDCWD,
            link.as_ptr(),
            path.as_mut_ptr(),
            path.len(),
        )
    };
    path.truncate(usize::try_from(length).ok()?);
    Some(path)
}

/// The path of an open file within the folder that is watched.
fn of_file(fd: c_int) -> Option<Vec<u8>> {
    let link = std::ffi::CString::new(format!("/proc/self/fd/{fd}")).ok()?;
    watch()?.within(&linked(&link)?)
}

/// A path within the folder that is watched, told from an open folder or from where we are.
///
/// # Safety
/// The path ends with a zero.
unsafe fn of_path(folder: c_int, path: *const c_char) -> Option<Vec<u8>> {
    // SAFETY: as promised.
    let path = unsafe { CStr::from_ptr(path) }.to_bytes();
    let folder = match path.starts_with(b"/") {
        true => None,
        false => {
            let link = match folder {
                AT_FDCWD => c"/proc/self/cwd".to_owned(),
                fd => std::ffi::CString::new(format!("/proc/self/fd/{fd}")).ok()?,
            };
            Some(PathBuf::from(OsString::from_vec(linked(&link)?)))
        }
    };
    watch()?.within(&absolute(folder, path))
}

/// Tells one sync from another, also of a later life of the program.
fn next_sync() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed);
    u64::from(std::process::id()) << 32 | number
}

/// Opens a file, and writes down where that made or emptied it.
///
/// # Safety
/// As of openat(2).
unsafe fn open_at(folder: c_int, path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: handed on as it came.
    let open = || unsafe { libc::syscall(libc::SYS_openat, folder, path, flags, mode) as c_int };
    let changes = flags & (libc::O_CREAT | libc::O_TRUNC) != 0 && flags & libc::O_DIRECTORY == 0;
    // SAFETY: the caller's path ends with a zero.
    let Some(name) = changes.then(|| unsafe { of_path(folder, path) }).flatten() else {
        return open();
    };
    in_turn(|turn| {
        // SAFETY: the same path.
        let there = unsafe { libc::syscall(libc::SYS_faccessat, folder, path, libc::F_OK) } == 0;
        let fd = open();
        if fd >= 0 && !there {
            turn.write(Kind::Create, &name, 0, b"");
        } else if fd >= 0 && flags & libc::O_TRUNC != 0 {
            turn.write(Kind::Resize, &name, 0, b"");
        }
        fd
    })
}

/// Makes a call that changes an open file, and has it written down if it went well.
fn on_file(
    fd: c_int,
    call: impl Fn() -> c_long,
    said: impl Fn(&mut Turn<'_>, &[u8], c_long),
) -> c_long {
    if of_file(fd).is_none() {
        return call();
    }
    in_turn(|turn| {
        // Once more: it may have been renamed before our turn came.
        let path = of_file(fd);
        let done = call();
        if let (Some(path), true) = (path, done >= 0) {
            said(turn, &path, done);
        }
        done
    })
}

fn sync(fd: c_int, call: c_long) -> c_int {
    // SAFETY: a number.
    let sync = || unsafe { libc::syscall(call, fd) as c_int };
    if of_file(fd).is_none() {
        return sync();
    }
    let number = next_sync();
    // What is written while it runs is not covered by it, and others need not wait.
    in_turn(|turn| {
        if let Some(path) = of_file(fd) {
            turn.write(Kind::SyncBegins, &path, number, b"");
        }
    });
    let done = sync();
    if done == 0 {
        in_turn(|turn| turn.write(Kind::SyncEnds, b"", number, b""));
    }
    done
}

/// Writes bytes, at a place or where the file stands.
///
/// # Safety
/// As of write(2) and pwrite(2).
unsafe fn write_at(fd: c_int, bytes: *const c_void, count: size_t, at: Option<off_t>) -> ssize_t {
    let call = || match at {
        // SAFETY: handed on as it came.
        Some(at) => unsafe { libc::syscall(libc::SYS_pwrite64, fd, bytes, count, at) },
        // SAFETY: the same.
        None => unsafe { libc::syscall(libc::SYS_write, fd, bytes, count) },
    };
    on_file(fd, call, |turn, path, done| {
        // SAFETY: a number; the file stands behind what was written.
        let stands = || unsafe { libc::syscall(libc::SYS_lseek, fd, 0, libc::SEEK_CUR) } - done;
        let at = at.unwrap_or_else(stands);
        // SAFETY: so many bytes were just written from there.
        let bytes = unsafe { std::slice::from_raw_parts(bytes.cast(), done as usize) };
        turn.write(Kind::Write, path, at as u64, bytes);
    }) as ssize_t
}

/// # Safety
/// As of writev(2) and pwritev(2).
unsafe fn write_many(fd: c_int, all: *const iovec, count: c_int, at: Option<off_t>) -> ssize_t {
    let mut whole = 0;
    for n in 0..usize::try_from(count).unwrap_or(0) {
        // SAFETY: there are so many of them.
        let one = unsafe { &*all.add(n) };
        let at = at.map(|at| at + whole as off_t);
        // SAFETY: one of the caller's.
        let done = unsafe { write_at(fd, one.iov_base, one.iov_len, at) };
        match usize::try_from(done) {
            Err(_) if whole == 0 => return done,
            Err(_) => break,
            Ok(done) => whole += done,
        }
        if done as size_t != one.iov_len {
            break;
        }
    }
    whole as ssize_t
}

fn resize(fd: c_int, length: off_t) -> c_int {
    // SAFETY: numbers.
    let call = || unsafe { libc::syscall(libc::SYS_ftruncate, fd, length) };
    on_file(fd, call, |turn, path, _| {
        turn.write(Kind::Resize, path, length as u64, b"");
    }) as c_int
}

/// Makes a call about a name, and has it written down if it went well.
fn on_name(path: Option<Vec<u8>>, kind: Kind, other: &[u8], call: impl Fn() -> c_long) -> c_int {
    let Some(path) = path else {
        return call() as c_int;
    };
    in_turn(|turn| {
        let done = call();
        if done == 0 {
            turn.write(kind, &path, 0, other);
        }
        done as c_int
    })
}

/// # Safety
/// As of renameat(2).
unsafe fn rename_at(
    a: c_int,
    from: *const c_char,
    b: c_int,
    to: *const c_char,
    flags: c_uint,
) -> c_int {
    // SAFETY: the caller's paths end with a zero.
    let (old, new) = unsafe { (of_path(a, from), of_path(b, to)) };
    on_name(old, Kind::Rename, &new.unwrap_or_default(), || {
        // SAFETY: handed on as it came.
        unsafe { libc::syscall(libc::SYS_renameat2, a, from, b, to, flags) }
    })
}

/// # Safety
/// As of unlinkat(2).
unsafe fn remove_at(folder: c_int, path: *const c_char, flags: c_int) -> c_int {
    let kind = match flags & libc::AT_REMOVEDIR {
        0 => Kind::Remove,
        _ => Kind::RemoveFolder,
    };
    // SAFETY: the caller's path ends with a zero.
    on_name(unsafe { of_path(folder, path) }, kind, b"", || {
        // SAFETY: handed on as it came.
        unsafe { libc::syscall(libc::SYS_unlinkat, folder, path, flags) }
    })
}

/// # Safety
/// As of mkdirat(2).
unsafe fn make_folder_at(folder: c_int, path: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: the caller's path ends with a zero.
    on_name(
        unsafe { of_path(folder, path) },
        Kind::MakeFolder,
        b"",
        || {
            // SAFETY: handed on as it came.
            unsafe { libc::syscall(libc::SYS_mkdirat, folder, path, mode) }
        },
    )
}

/// The C library's names for what stands above, with its own arguments.
macro_rules! instead_of {
    ($($name:ident($($given:ident: $kind:ty),*) -> $answer:ty = $call:expr;)*) => {
        $(
            /// # Safety
            /// As of the C library's.
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $name($($given: $kind),*) -> $answer {
                // SAFETY: the caller keeps to what the C library asks for.
                #[allow(unused_unsafe, reason = "some of them are safe")]
                unsafe { $call }
            }
        )*
    };
}

// Linux hands on what a caller leaves out of `open` as whatever is in the register; it is not looked at then.
instead_of! {
    open(path: *const c_char, flags: c_int, mode: mode_t) -> c_int = open_at(AT_FDCWD, path, flags, mode);
    open64(path: *const c_char, flags: c_int, mode: mode_t) -> c_int = open_at(AT_FDCWD, path, flags | libc::O_LARGEFILE, mode);
    openat(folder: c_int, path: *const c_char, flags: c_int, mode: mode_t) -> c_int = open_at(folder, path, flags, mode);
    openat64(folder: c_int, path: *const c_char, flags: c_int, mode: mode_t) -> c_int = open_at(folder, path, flags | libc::O_LARGEFILE, mode);
    write(fd: c_int, bytes: *const c_void, count: size_t) -> ssize_t = write_at(fd, bytes, count, None);
    pwrite(fd: c_int, bytes: *const c_void, count: size_t, at: off_t) -> ssize_t = write_at(fd, bytes, count, Some(at));
    pwrite64(fd: c_int, bytes: *const c_void, count: size_t, at: off_t) -> ssize_t = write_at(fd, bytes, count, Some(at));
    writev(fd: c_int, all: *const iovec, count: c_int) -> ssize_t = write_many(fd, all, count, None);
    pwritev(fd: c_int, all: *const iovec, count: c_int, at: off_t) -> ssize_t = write_many(fd, all, count, Some(at));
    pwritev64(fd: c_int, all: *const iovec, count: c_int, at: off_t) -> ssize_t = write_many(fd, all, count, Some(at));
    ftruncate(fd: c_int, length: off_t) -> c_int = resize(fd, length);
    ftruncate64(fd: c_int, length: off_t) -> c_int = resize(fd, length);
    fsync(fd: c_int) -> c_int = sync(fd, libc::SYS_fsync);
    fdatasync(fd: c_int) -> c_int = sync(fd, libc::SYS_fdatasync);
    rename(from: *const c_char, to: *const c_char) -> c_int = rename_at(AT_FDCWD, from, AT_FDCWD, to, 0);
    renameat(a: c_int, from: *const c_char, b: c_int, to: *const c_char) -> c_int = rename_at(a, from, b, to, 0);
    renameat2(a: c_int, from: *const c_char, b: c_int, to: *const c_char, flags: c_uint) -> c_int = rename_at(a, from, b, to, flags);
    unlink(path: *const c_char) -> c_int = remove_at(AT_FDCWD, path, 0);
    unlinkat(folder: c_int, path: *const c_char, flags: c_int) -> c_int = remove_at(folder, path, flags);
    rmdir(path: *const c_char) -> c_int = remove_at(AT_FDCWD, path, libc::AT_REMOVEDIR);
    mkdir(path: *const c_char, mode: mode_t) -> c_int = make_folder_at(AT_FDCWD, path, mode);
    mkdirat(folder: c_int, path: *const c_char, mode: mode_t) -> c_int = make_folder_at(folder, path, mode);
}
