//! The header `If-Match`, with the revision that somebody knows.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};

use crate::problem::{Problem, ProblemCode};

/// Which revision a change is made for; None without the header.
pub(crate) struct IfMatch(Option<Revision>);

/// A revision, or any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Revision {
    Any,
    Is(u32),
}

impl IfMatch {
    /// The revision that has to be the present one; None for any. The header may be left out where nothing is changed.
    pub(crate) fn revision(&self, is_optional: bool) -> Result<Option<u32>, Problem> {
        match self.0 {
            Some(Revision::Any) => Ok(None),
            Some(Revision::Is(revision)) => Ok(Some(revision)),
            None if is_optional => Ok(None),
            None => {
                let detail = "send the database's revision in the header If-Match";
                Err(Problem::new(ProblemCode::RevisionRequired, detail))
            }
        }
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let value = request.headers().get(header::IF_MATCH).map(|value| value.to_str().unwrap_or_default());
        ready(value.map(parse).transpose().map(Self))
    }
}

/// `"3"`, as tags are written in HTTP, or `3`.
fn parse(text: &str) -> Result<Revision, Problem> {
    let text = text.trim();
    if text == "*" {
        return Ok(Revision::Any);
    }
    let number = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    number.parse().map(Revision::Is).map_err(|_| {
        let detail = "the header If-Match must be a revision such as \"3\", or *";
        Problem::new(ProblemCode::MalformedRequest, detail)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_are_read_with_and_without_quotes() {
        assert_eq!(parse("\"3\"").unwrap(), Revision::Is(3));
        assert_eq!(parse("3").unwrap(), Revision::Is(3));
        assert_eq!(parse("*").unwrap(), Revision::Any);
        for bad in ["", "W/\"3\"", "\"3", "-1", "abc"] {
            assert_eq!(parse(bad).unwrap_err().code(), ProblemCode::MalformedRequest, "{bad}");
        }
    }
}
