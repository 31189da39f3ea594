//! Finds the runtime behind an address. A driver is found by a plain function, so that the address is all it has.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::runtime::Inner;

static RUNTIMES: Mutex<BTreeMap<SocketAddr, Weak<Inner>>> = Mutex::new(BTreeMap::new());
static NEXT: AtomicU32 = AtomicU32::new(1);

/// First address handed out: 240.0.0.0/4 is reserved (RFC 1112, section 4), so that nothing real is ever meant.
const FIRST: u32 = 0xF000_0000;

/// A new address that leads to the runtime.
pub(crate) fn register(runtime: Weak<Inner>, port: u16) -> SocketAddr {
    let address = SocketAddr::from((Ipv4Addr::from(FIRST + NEXT.fetch_add(1, Ordering::Relaxed)), port));
    lock().insert(address, runtime);
    address
}

/// The runtime an address leads to.
pub(crate) fn find(address: SocketAddr) -> Option<std::sync::Arc<Inner>> {
    lock().get(&address).and_then(Weak::upgrade)
}

/// Forgets addresses of runtimes that are gone.
pub(crate) fn sweep() {
    lock().retain(|_, runtime| runtime.strong_count() > 0);
}

fn lock() -> MutexGuard<'static, BTreeMap<SocketAddr, Weak<Inner>>> {
    RUNTIMES.lock().unwrap_or_else(PoisonError::into_inner)
}
