//! Reading long lists in pages.

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Most rows of the answer; 0 counts as 1.
    pub limit: u32,
    /// The `next` of the slice before; None for the first. It is a place in the order rather than a row, so it stays
    /// good when that row is deleted, and a text that never was a cursor is no error.
    pub after: Option<String>,
}

/// One part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next part begins; None when there is none. Opaque to everybody but this crate.
    pub next: Option<String>,
}

impl Default for Page {
    /// The first hundred.
    fn default() -> Self {
        Self { limit: 100, after: None }
    }
}

impl Page {
    /// How many rows to ask for: one more than wanted, which tells whether there is a next part.
    pub(crate) fn fetch(&self) -> i64 {
        i64::from(self.limit.max(1)) + 1
    }

    /// Cuts off the row that was only asked for to see whether there is one.
    pub(crate) fn cut<T>(&self, mut items: Vec<T>, cursor: impl Fn(&T) -> String) -> Slice<T> {
        let wanted = usize::try_from(self.limit.max(1)).unwrap_or(usize::MAX);
        let has_more = items.len() > wanted;
        items.truncate(wanted);
        let next = if has_more { items.last().map(cursor) } else { None };
        Slice { items, next }
    }
}
