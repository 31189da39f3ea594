//! How inputs are kept: one file for each property, one line for each input, with what is not printable escaped as in
//! byte strings of Rust. So they can be read, compared and added to by hand.

/// The inputs in the text of such a file.
///
/// # Errors
/// The number of the first line that is none, counted from 1.
pub fn read(text: &str) -> Result<Vec<Vec<u8>>, usize> {
    text.lines().enumerate().map(|(at, line)| input(line).ok_or(at + 1)).collect()
}

/// The line of an input.
pub fn line(input: &[u8]) -> String {
    input.escape_ascii().to_string()
}

fn input(line: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(line.len());
    let mut rest = line.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'\\' => match rest.next()? {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'x' => {
                    let mut digit = || char::from(rest.next()?).to_digit(16);
                    u8::try_from(digit()? * 16 + digit()?).ok()?
                }
                itself @ (b'\\' | b'\'' | b'"') => itself,
                _ => return None,
            },
            b' '..=b'~' => byte,
            _ => return None,
        });
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back_from_its_line() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        assert_eq!(read(&line(&all)), Ok(vec![all]));
    }

    #[test]
    fn line_that_is_no_input_is_told_by_its_number() {
        for bad in ["\\", "\\x4", "\\xzz", "\\q", "ü"] {
            assert_eq!(read(&format!("good\n{bad}\n")), Err(2), "{bad}");
        }
    }
}
