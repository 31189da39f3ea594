//! Inputs as text: lines, which no name or password holds, so that each part can be anything else.

/// What errors, logs and `Debug` must never show. It needs no encoding in a URL, and nobody comes upon it by chance.
pub(crate) const MARKER: &str = "zq7Vw0kX9";

/// The lines of an input. What is not UTF-8 is replaced.
pub(crate) fn lines(input: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(input).split('\n').map(str::to_owned).collect()
}

/// A line by its number; empty where there is none.
pub(crate) fn line(lines: &[String], at: usize) -> &str {
    lines.get(at).map_or("", String::as_str)
}

/// The byte that chooses among several things, and the rest.
pub(crate) fn chosen(input: &[u8]) -> (usize, &[u8]) {
    input.split_first().map_or((0, input), |(first, rest)| (usize::from(*first), rest))
}

/// One of several, by a number.
pub(crate) fn one_of<T: Copy>(all: &[T], number: usize) -> T {
    *all.get(number % all.len()).expect("there are some")
}

/// Checks that a text does not show what must not be shown.
pub(crate) fn assert_hides(text: &str, what: &str) {
    assert!(!text.contains(MARKER), "{what} shows a secret: {text}");
}
