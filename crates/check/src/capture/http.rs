//! Requests of HTTP/1 (RFC 9112) that nobody encrypted: the host and the path.
//!
//! Deliberately not read: answers, bodies, names and passwords in heads, HTTP/2 without encryption.

use memchr::memmem;

use super::streams::{Look, Standing};

/// Longest head of a request that is waited for.
const HEAD_BYTES_MOST: usize = 8 << 10;
/// Longest address that is told.
const ADDRESS_BYTES_MOST: usize = 1024;

const METHODS: [&[u8]; 9] =
    [b"GET ", b"POST ", b"HEAD ", b"PUT ", b"OPTIONS ", b"CONNECT ", b"DELETE ", b"PATCH ", b"PROPFIND "];

/// Whether a stream begins as a request does, as far as it is there.
pub(super) fn is_begin(bytes: &[u8], standing: Standing) -> bool {
    METHODS.iter().any(|method| {
        let begins = || !bytes.is_empty() && method.starts_with(bytes);
        bytes.starts_with(method) || standing == Standing::First && begins()
    })
}

/// Looks at the first bytes of a stream; tells the address that is asked for.
pub(super) fn look(stream: &[u8], tell: &mut dyn FnMut(&str)) -> Look {
    let head_end = memmem::find(stream, b"\r\n\r\n");
    let head = stream.get(..head_end.unwrap_or(stream.len())).unwrap_or_default();
    let is_whole = head_end.is_some() || stream.len() >= HEAD_BYTES_MOST;
    match request(head) {
        // A line that is the last there is may go on.
        Some((target, host, Ends::AtLine)) => tell_request(target, host, tell),
        Some((target, host, Ends::WithHead)) if is_whole => tell_request(target, host, tell),
        _ if is_whole => {}
        _ => return Look::More,
    }
    Look::Done
}

/// Where the line with the host ends.
enum Ends {
    AtLine,
    WithHead,
}

fn request(head: &[u8]) -> Option<(&str, &str, Ends)> {
    let mut rest = head;
    let (line, mut behind) = split_line(rest)?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let (_, target) = (words.next()?, words.next()?);
    if !target.starts_with('/') && target != "*" {
        return Some((target, "", Ends::AtLine));
    }
    loop {
        rest = behind;
        let (line, ends) = match split_line(rest) {
            Some((line, next)) => {
                behind = next;
                (line, Ends::AtLine)
            }
            None if rest.is_empty() => return None,
            None => {
                behind = &[];
                (rest, Ends::WithHead)
            }
        };
        let name = line.get(..5).filter(|name| name.eq_ignore_ascii_case(b"host:"));
        if name.is_some() {
            let host = std::str::from_utf8(line.get(5..)?).ok()?.trim();
            return Some((target, host, ends));
        }
        if line.is_empty() {
            return None;
        }
    }
}

fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memmem::find(bytes, b"\r\n")?;
    Some((bytes.get(..end)?, bytes.get(end.checked_add(2)?..)?))
}

fn tell_request(target: &str, host: &str, tell: &mut dyn FnMut(&str)) {
    // A proxy is given the whole address, or for an encrypted connection host and port.
    let address = if host.is_empty() { target.to_owned() } else { format!("http://{host}{target}") };
    let end = (0..=address.len().min(ADDRESS_BYTES_MOST)).rev().find(|end| address.is_char_boundary(*end));
    tell(address.get(..end.unwrap_or(0)).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(stream: &[u8]) -> (Look, Vec<String>) {
        let mut told = Vec::new();
        (look(stream, &mut |address| told.push(address.to_owned())), told)
    }

    #[test]
    fn hosts_and_paths() {
        let request = b"GET /a?b HTTP/1.1\r\nAccept: */*\r\nhost: Example.com:8080 \r\n\r\nrest";
        assert_eq!(told(request), (Look::Done, vec!["http://Example.com:8080/a?b".to_owned()]));
        for length in 1..40 {
            assert_eq!(told(&request[..length]), (Look::More, Vec::new()), "{length}");
            assert!(is_begin(&request[..length], Standing::First));
            assert_eq!(is_begin(&request[..length], Standing::Anywhere), length > 3);
        }
        assert_eq!(told(b"CONNECT example.com:443 HTTP/1.1\r\n").1, ["example.com:443"]);
        assert_eq!(told(b"GET http://example.com/x HTTP/1.1\r\n").1, ["http://example.com/x"]);
        assert_eq!(told(b"GET / HTTP/1.0\r\n\r\n"), (Look::Done, Vec::new()));
        assert_eq!(told(&b"GET / HTTP/1.0\r\nA: ".repeat(600)).0, Look::Done);
        assert!(!is_begin(b"HTTP/1.1 200 OK", Standing::First) && !is_begin(b"", Standing::First));
    }
}
