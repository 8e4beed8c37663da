//! How much memory a child may use: counted where it is asked for, and bounded by the kernel besides.
//!
//! The program's global allocator ([`Counting`]) counts what is held while a limit is set, which is only in a child and
//! only during a job. An allocation over the limit ends the process with one line on stderr ([`read_last_words`]) that
//! tells the peak, so that the attempt fails with the reason `oom` and a figure; the worker lives. What does not come
//! through Rust's allocator (a C library, mappings) is bounded by `RLIMIT_AS`, with room for stacks and for what malloc
//! reserves without using it.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Bytes that may be held; 0 while nothing is counted.
static LIMIT: AtomicU64 = AtomicU64::new(0);
/// Bytes held since counting began. What was held before may be given back meanwhile, hence the sign.
static HELD: AtomicI64 = AtomicI64::new(0);
static PEAK: AtomicI64 = AtomicI64::new(0);

/// Address space beside the limit: code, stacks, and the 64 MiB that malloc reserves for each thread.
const SPACE_BYTES: u64 = 512 << 20;
const SPACE_PER_THREAD_BYTES: u64 = 160 << 20;

/// Begins the line that a child out of memory ends with.
const LAST_WORDS: &str = "e2i worker child: out of memory:";

/// The system's allocator, counted while a child computes. The programs that can be a worker's child install it:
/// `#[global_allocator] static MEMORY: worker::Counting = worker::Counting;`
#[derive(Debug, Clone, Copy, Default)]
pub struct Counting;

#[expect(unsafe_code, reason = "there is no other way to count allocations; every call is handed on as it came")]
// SAFETY: memory comes from `System` and goes back to it, with the caller's own layout; the counters are beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`, which is that of `System`.
        given(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: as above.
        given(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: `pointer` came from `System` through this allocator.
        unsafe { System.dealloc(pointer, layout) };
        give_back(layout.size());
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        take(new_size);
        // SAFETY: `pointer` came from `System` through this allocator.
        let moved = given(unsafe { System.realloc(pointer, layout, new_size) }, new_size);
        give_back(layout.size());
        moved
    }
}

fn take(size: usize) {
    let limit = LIMIT.load(Relaxed);
    if limit == 0 {
        return;
    }
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let held = HELD.fetch_add(size, Relaxed).saturating_add(size);
    if held > PEAK.load(Relaxed) {
        PEAK.fetch_max(held, Relaxed);
    }
    if u64::try_from(held).is_ok_and(|held| held > limit) {
        end_out_of_memory(limit);
    }
}

fn give_back(size: usize) {
    if LIMIT.load(Relaxed) != 0 {
        HELD.fetch_sub(i64::try_from(size).unwrap_or(i64::MAX), Relaxed);
    }
}

/// The kernel refuses too: the address space is used up.
fn given(pointer: *mut u8, size: usize) -> *mut u8 {
    let limit = LIMIT.load(Relaxed);
    if pointer.is_null() && size > 0 && limit != 0 {
        end_out_of_memory(limit);
    }
    pointer
}

/// Ends the process without allocating: whoever got here was allocating.
fn end_out_of_memory(limit: u64) -> ! {
    let mut line = [0_u8; 160];
    let mut rest = line.as_mut_slice();
    let peak = PEAK.load(Relaxed);
    // A line that does not fit is cut, which the reader refuses.
    let _ = writeln!(rest, "{LAST_WORDS} peak {peak} bytes, limit {limit} bytes");
    let left = rest.len();
    let length = line.len() - left;
    // Where nobody reads it, the signal says that it aborted.
    let _ = rustix::io::write(rustix::stdio::stderr(), &line[..length]);
    std::process::abort()
}

/// The limit that the address space is bounded for.
static BOUNDED_FOR: AtomicU64 = AtomicU64::new(0);

/// Counts from now on, and ends the process over `limit_bytes`. Without a limit nothing is counted.
pub(super) fn begin(limit_bytes: u64) {
    LIMIT.store(0, Relaxed);
    HELD.store(0, Relaxed);
    PEAK.store(0, Relaxed);
    // One child has jobs of one class after another, mostly: the bound stays between them.
    if BOUNDED_FOR.swap(limit_bytes, Relaxed) != limit_bytes {
        limit_address_space(limit_bytes);
    }
    LIMIT.store(limit_bytes, Relaxed);
}

/// Counts no more; gives the most that was held at once.
pub(super) fn end() -> u64 {
    LIMIT.store(0, Relaxed);
    u64::try_from(PEAK.load(Relaxed)).unwrap_or(0)
}

fn limit_address_space(limit_bytes: u64) {
    let maximum = getrlimit(Resource::As).maximum;
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let wanted = limit_bytes + limit_bytes / 4 + SPACE_BYTES + threads * SPACE_PER_THREAD_BYTES + mapped_now();
    let current = Some(maximum.map_or(wanted, |maximum| wanted.min(maximum)));
    if let Err(error) = setrlimit(Resource::As, Rlimit { current, maximum }) {
        eprintln!("worker child: RLIMIT_AS cannot be set ({error}); memory is counted all the same");
    }
}

/// Address space in use, by the first figure of `/proc/self/statm`, in pages.
fn mapped_now() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = statm.split(' ').next().and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * rustix::param::page_size() as u64
}

/// Peak and limit in bytes, when this is the line that a child out of memory ends with.
pub(super) fn read_last_words(line: &str) -> Option<(u64, u64)> {
    let (peak, limit) = line.strip_prefix(LAST_WORDS)?.trim().strip_prefix("peak ")?.split_once(" bytes, limit ")?;
    Some((peak.parse().ok()?, limit.strip_suffix(" bytes")?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_words_are_understood_and_nothing_else_is() {
        let line = format!("{LAST_WORDS} peak 268435456 bytes, limit 209715200 bytes");
        assert_eq!(read_last_words(&line), Some((268_435_456, 209_715_200)));
        assert_eq!(read_last_words(&line[..line.len() - 3]), None);
        assert_eq!(read_last_words("out of memory"), None);
    }
}
