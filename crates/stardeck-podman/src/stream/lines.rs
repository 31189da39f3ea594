//! Lines out of pieces: JSON streams are cut anywhere on their way through the socket.

use bytes::{Bytes, BytesMut};

/// A line longer than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LineTooLong;

/// Collects pieces and gives out whole lines without their line feed.
#[derive(Debug)]
pub(crate) struct LineSplitter {
    buffer: BytesMut,
    /// Bytes at the start of the buffer that are known to hold no line feed.
    searched: usize,
    limit: usize,
}

impl LineSplitter {
    /// A splitter that holds at most `limit` bytes of an unfinished line.
    pub(crate) fn new(limit: usize) -> Self {
        Self { buffer: BytesMut::new(), searched: 0, limit }
    }

    pub(crate) fn push(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
    }

    /// The next whole line, blank ones left out.
    pub(crate) fn next_line(&mut self) -> Result<Option<Bytes>, LineTooLong> {
        loop {
            let unsearched = self.buffer.get(self.searched..).unwrap_or_default();
            let Some(offset) = unsearched.iter().position(|byte| *byte == b'\n') else {
                self.searched = self.buffer.len();
                return if self.searched > self.limit { Err(LineTooLong) } else { Ok(None) };
            };
            let mut line = self.buffer.split_to(self.searched.saturating_add(offset).saturating_add(1));
            self.searched = 0;
            line.truncate(line.trim_ascii_end().len());
            if line.len() > self.limit {
                return Err(LineTooLong);
            }
            if !line.is_empty() {
                return Ok(Some(line.freeze()));
            }
        }
    }

    /// What is left when the stream has ended: a last line without a line feed.
    pub(crate) fn rest(&mut self) -> Option<Bytes> {
        self.searched = 0;
        let mut line = self.buffer.split();
        line.truncate(line.trim_ascii_end().len());
        (!line.is_empty()).then(|| line.freeze())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(pieces: &[&[u8]], limit: usize) -> Result<Vec<Bytes>, LineTooLong> {
        let mut splitter = LineSplitter::new(limit);
        let mut lines = Vec::new();
        for piece in pieces {
            splitter.push(piece);
            while let Some(line) = splitter.next_line()? {
                lines.push(line);
            }
        }
        lines.extend(splitter.rest());
        Ok(lines)
    }

    #[test]
    fn line_without_line_feed_is_given_at_the_end() {
        assert_eq!(split(&[b"{\"a\":1}\n\r\n{\"b\"", b":2}"], 100).unwrap(), ["{\"a\":1}", "{\"b\":2}"]);
    }

    #[test]
    fn line_beyond_the_limit_is_refused_even_unfinished() {
        assert_eq!(split(&[b"12345"], 4), Err(LineTooLong));
        assert_eq!(split(&[b"12345\n"], 4), Err(LineTooLong));
        assert!(split(&[b"1234\n1234\n"], 4).is_ok());
    }

    proptest! {
        #[test]
        fn any_cut_gives_the_same_lines(text in "[a\n ]{0,60}", cuts in prop::collection::vec(0usize..60, 0..6)) {
            let mut bounds: Vec<usize> = cuts.into_iter().filter(|cut| *cut < text.len()).collect();
            bounds.extend([0, text.len()]);
            bounds.sort_unstable();
            let pieces: Vec<&[u8]> = bounds.windows(2).map(|pair| &text.as_bytes()[pair[0]..pair[1]]).collect();
            prop_assert_eq!(split(&pieces, 100), split(&[text.as_bytes()], 100));
        }
    }
}
