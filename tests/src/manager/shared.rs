//! What the tests of one program share while they run side by side.

use std::sync::{Arc, Mutex, PoisonError, Weak};

/// A value made by the first test that wants it and dropped by the last that has it. A
/// plain static would never be dropped, and its servers' directories would stay behind.
pub struct Shared<T> {
    value: Mutex<Weak<T>>,
    make: fn() -> T,
}

impl<T> Shared<T> {
    /// A value not made yet.
    pub const fn new(make: fn() -> T) -> Self {
        Self {
            value: Mutex::new(Weak::new()),
            make,
        }
    }

    /// The value, made if nobody has it at this moment.
    #[track_caller]
    pub fn get(&self) -> Arc<T> {
        let mut value = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        value.upgrade().unwrap_or_else(|| {
            let made = Arc::new((self.make)());
            *value = Arc::downgrade(&made);
            made
        })
    }
}
