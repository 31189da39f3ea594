//! The web UI that was there when this program was built: see `build.rs`.

use stardeck_ui::{Asset, Ui};

static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));
static POLICY: &str = include!(concat!(env!("OUT_DIR"), "/policy.rs"));

/// The embedded UI; nothing when it was not built before the program.
pub(crate) const fn embedded() -> Ui {
    Ui::new(ASSETS, POLICY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_files_are_in_order_and_have_a_policy() {
        assert!(ASSETS.is_sorted_by(|one, other| one.path < other.path));
        assert_eq!(embedded().is_there(), !POLICY.is_empty());
    }
}
