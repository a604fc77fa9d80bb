//! Names of members of a zip archive, as text.
//!
//! APPNOTE.TXT 6.3.10, 4.4.4 (bit 11) and appendix D; Info-ZIP's Unicode Path (0x7075) as in its
//! proginfo/extrafld.txt. Many programs write UTF-8 without saying so: what is valid UTF-8 is taken for it,
//! anything else is IBM code page 437, as the specification has it.

use zeroize::Zeroizing;

/// The upper half of IBM code page 437.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// How a name is stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    /// The archive says that it is UTF-8.
    Utf8,
    /// It says nothing.
    Unsaid,
}

/// The name as a path with `/` between its parts; everything else stays as it is.
pub(super) fn path(bytes: &[u8], stored: Stored) -> String {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) if stored == Stored::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
        Err(_) => bytes.iter().map(|byte| cp437(*byte)).collect(),
    };
    if text.contains('\\') { text.replace('\\', "/") } else { text }
}

/// The bytes that programs made of a password: UTF-8, code page 437, Latin-1.
pub(super) fn password_bytes(password: &str) -> Vec<Zeroizing<Vec<u8>>> {
    let utf8 = Zeroizing::new(password.as_bytes().to_vec());
    if password.is_ascii() {
        return vec![utf8];
    }
    let to_437 = |sign: char| match u8::try_from(sign) {
        Ok(byte) if byte < 0x80 => Some(byte),
        _ => CP437.chars().position(|known| known == sign)?.checked_add(0x80)?.try_into().ok(),
    };
    let cp437 = password.chars().map(to_437).collect::<Option<Vec<u8>>>();
    let latin1 = password.chars().map(|sign| u8::try_from(sign).ok()).collect::<Option<Vec<u8>>>();
    [cp437, latin1].into_iter().flatten().map(Zeroizing::new).fold(vec![utf8], |mut all, bytes| {
        all.push(bytes);
        all
    })
}

fn cp437(byte: u8) -> char {
    match byte.checked_sub(0x80) {
        None => char::from(byte),
        Some(upper) => CP437.chars().nth(usize::from(upper)).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_sorts() {
        assert_eq!(CP437.chars().count(), 128);
        assert_eq!(path(b"Gr\x81\xe1e.txt", Stored::Unsaid), "Grüße.txt");
        assert_eq!(path("Grüße.txt".as_bytes(), Stored::Unsaid), "Grüße.txt");
        assert_eq!(path(b"a\xffb", Stored::Utf8), "a\u{fffd}b");
        assert_eq!(path(b"..\\..\\etc\\passwd\0x", Stored::Unsaid), "../../etc/passwd\0x");
        assert_eq!(path(b"C:\\x", Stored::Unsaid), "C:/x");
        let passwords: Vec<Vec<u8>> = password_bytes("Grün").iter().map(|bytes| bytes.to_vec()).collect();
        assert_eq!(passwords, [b"Gr\xc3\xbcn".to_vec(), b"Gr\x81n".to_vec(), b"Gr\xfcn".to_vec()]);
    }
}
