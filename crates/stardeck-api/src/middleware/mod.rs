//! What happens around every handler, from the outside in: [`outer`] gives the request its id and the answer its
//! headers and its shape, [`host`] refuses foreign host names, [`identify`] finds out who asks.

pub(crate) mod headers;
pub(crate) mod host;
pub(crate) mod identify;
pub(crate) mod origin;
pub(crate) mod outer;
pub(crate) mod remote;
pub(crate) mod request_id;
