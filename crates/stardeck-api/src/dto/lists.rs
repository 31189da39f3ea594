//! Lists in parts.

use serde::Deserialize;
use stardeck_domain::{InvalidValue, ValidationErrors};
use stardeck_service::{Page, Slice};
use utoipa::IntoParams;

use super::fields::Fields;

/// Most entries of one part of a list.
const LIMIT_MAX: u32 = 1000;
/// Entries of one part of a list when nothing is said.
const LIMIT_DEFAULT: u32 = 100;

/// Which part of a list is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Most entries of the answer.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000, default = 100)]
    pub(crate) limit: Option<String>,
    /// The `next_cursor` of the part before.
    #[param(value_type = Option<String>, nullable = false)]
    pub(crate) cursor: Option<String>,
}

impl ListQuery {
    /// The part as the service knows it.
    pub(crate) fn into_page(self) -> Result<Page, ValidationErrors> {
        let mut fields = Fields::default();
        let page = page(&mut fields, self.limit.as_deref(), self.cursor);
        fields.finish().map(|()| page)
    }
}

/// Reads the two parameters that every list has.
pub(crate) fn page(fields: &mut Fields, limit: Option<&str>, cursor: Option<String>) -> Page {
    let limit = fields.optional("limit", limit, |text| number(text, 1, LIMIT_MAX));
    let after = fields.optional("cursor", cursor, |text| {
        // A cursor is an id that sorts by time, whatever is listed.
        match uuid::Uuid::parse_str(&text) {
            Ok(_) => Ok(text),
            Err(_) => Err(InvalidValue::new("invalid_cursor", "must be a next_cursor of an earlier answer")),
        }
    });
    Page { limit: limit.unwrap_or(LIMIT_DEFAULT), after }
}

/// A whole number within bounds, both included.
pub(crate) fn number(text: &str, min: u32, max: u32) -> Result<u32, InvalidValue> {
    text.parse().ok().filter(|number| (min..=max).contains(number)).ok_or_else(|| {
        InvalidValue::new("out_of_range", format!("must be a whole number from {min} to {max}"))
    })
}

/// The views of what the service found, and the cursor of the next part.
pub(crate) fn views<T, V>(slice: Slice<T>, view: impl FnMut(T) -> V) -> (Vec<V>, Option<String>) {
    (slice.items.into_iter().map(view).collect(), slice.next)
}

/// Declares the one shape of all lists, under a name of its own for each kind of entry.
macro_rules! list_view {
    ($( $(#[$meta:meta])* $name:ident of $item:ident; )+) => { $(
        $(#[$meta])*
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub(crate) struct $name {
            /// The entries of this part.
            pub(crate) items: Vec<$item>,
            /// What to send as `cursor` for the next part; null when this was the last.
            pub(crate) next_cursor: Option<String>,
        }
    )+ };
}

pub(crate) use list_view;

#[cfg(test)]
mod tests {
    use super::*;

    fn query(limit: Option<&str>, cursor: Option<&str>) -> ListQuery {
        ListQuery { limit: limit.map(str::to_owned), cursor: cursor.map(str::to_owned) }
    }

    #[test]
    fn limit_is_a_hundred_unless_said() {
        assert_eq!(query(None, None).into_page().map(|page| page.limit), Ok(100));
        assert_eq!(query(Some("1000"), None).into_page().map(|page| page.limit), Ok(1000));
    }

    #[test]
    fn limits_and_cursors_that_are_none_are_told_together() {
        for bad in ["0", "1001", "-1", "many", "", "1.5"] {
            let errors = query(Some(bad), Some("nonsense")).into_page().unwrap_err();
            assert_eq!(errors.0.iter().map(|e| e.field).collect::<Vec<_>>(), ["limit", "cursor"], "{bad}");
        }
    }
}
