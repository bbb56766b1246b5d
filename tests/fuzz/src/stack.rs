//! A reading that goes too deep has no stack left to report on: its end is reported from another one.

use std::{mem, ptr};

/// Room for libFuzzer to leave what was read in a file, in bytes.
const ROOM: usize = 256 * 1024;

/// libFuzzer's handler, set after this, keeps to the stack named here.
pub fn watch() {
    let room = Box::leak(vec![0_u8; ROOM].into_boxed_slice());
    let stack = libc::stack_t {
        ss_sp: room.as_mut_ptr().cast(),
        ss_flags: 0,
        ss_size: ROOM,
    };
    // SAFETY: the room is never given back, and all zeros is the default action, without a handler.
    let set = unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        action.sa_flags = libc::SA_ONSTACK;
        libc::sigaltstack(&raw const stack, ptr::null_mut()) == 0
            && libc::sigaction(libc::SIGSEGV, &raw const action, ptr::null_mut()) == 0
    };
    assert!(set, "no stack for the end");
}
