//! What is attached to a mail, under names that are unique in it.

use std::collections::HashSet;
use std::ops::Range;

use super::{Encoding, Outlook, Part, Structure, text_of};

/// Most uuencoded files in one text.
const FILES: usize = 200;

/// Something attached to a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// Its name in the tree, unique in the mail.
    pub name: String,
    /// The name the mail gives it.
    pub given_name: Option<String>,
    /// Its media type, as the mail says.
    pub media_type: String,
    /// Where its bytes are in the mail, as they are encoded.
    pub body: Range<usize>,
    /// How they are encoded.
    pub encoding: Encoding,
    /// Which part it is, or in which part's text it stands.
    pub part: usize,
}

/// What is attached, in the order of the mail.
pub fn attached(mail: &[u8], structure: &Structure) -> Vec<Attached> {
    let mut found = Vec::new();
    for (number, part) in structure.parts.iter().enumerate() {
        if part.is_multipart {
            continue;
        }
        if part.is_text() {
            found.extend(in_text(mail, part, number));
            continue;
        }
        found.push(Attached {
            name: file_name(part, number),
            given_name: part.name.clone(),
            media_type: part.media_type.clone(),
            body: part.body.clone(),
            encoding: part.encoding,
            part: number,
        });
    }
    make_unique(found.iter_mut().map(|attached| &mut attached.name));
    found
}

/// Something attached to a mail of Outlook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlookAttached {
    /// Its name in the tree, unique in the mail.
    pub name: String,
    /// The name the mail gives it.
    pub given_name: Option<String>,
    /// Its media type, as the mail says.
    pub media_type: Option<String>,
    /// How many bytes it has; none if it is no file but a mail or an object.
    pub size_bytes: Option<u64>,
    /// Whether it is a mail.
    pub is_mail: bool,
}

/// What is attached to a mail of Outlook, in its order.
pub fn outlook_attachments(mail: &mut Outlook) -> Vec<OutlookAttached> {
    let mut found = Vec::new();
    let attachments = mail.attachments();
    for (number, attachment) in (1_usize..).zip(&attachments) {
        let mut text = |property| mail.text(attachment, property, |bytes| text_of(bytes).into_owned());
        let name = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let given_name = name(text(0x3707)).or_else(|| name(text(0x3704))).or_else(|| name(text(0x3001)));
        let media_type = name(text(0x370e)).map(|media_type| media_type.to_ascii_lowercase());
        let label = given_name.as_deref().map(safe).filter(|label| !label.is_empty());
        let otherwise = || format!("part-{number}.{}", ending(media_type.as_deref().unwrap_or_default()));
        found.push(OutlookAttached {
            name: label.unwrap_or_else(otherwise),
            given_name,
            media_type,
            size_bytes: mail.binary_length(attachment, 0x3701),
            is_mail: mail.is_mail(attachment),
        });
    }
    make_unique(found.iter_mut().map(|attached| &mut attached.name));
    found
}

/// The uuencoded files in a text: their places in it, from `begin` to `end`, and their names.
pub fn uuencoded(text: &[u8]) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut begun: Option<(usize, String)> = None;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end.saturating_add(1));
        let line = rest.get(..end).unwrap_or_default().trim_ascii_end();
        let next = at.saturating_add(end);
        if let Some((begin, name)) = begun.take() {
            if line == b"end" {
                found.push((begin..next, name));
            } else if is_coded(line) {
                begun = Some((begin, name));
            }
        } else {
            begun = begins(line).map(|name| (at, name));
        }
        if found.len() >= FILES {
            break;
        }
        at = next;
    }
    found
}

fn begins(line: &[u8]) -> Option<String> {
    let rest = line.strip_prefix(b"begin ")?;
    let (mode, name) = rest.split_at_checked(memchr::memchr(b' ', rest)?)?;
    let is_mode = matches!(mode.len(), 3 | 4) && mode.iter().all(|byte| matches!(byte, b'0'..=b'7'));
    let name = String::from_utf8_lossy(name.trim_ascii()).into_owned();
    (is_mode && !name.is_empty()).then_some(name)
}

/// Whether a line can be one of uuencoded bytes: its first letter tells its length.
fn is_coded(line: &[u8]) -> bool {
    let Some((first, coded)) = line.split_first() else { return false };
    let bytes = usize::from(first.wrapping_sub(32) & 63);
    let letters = bytes.div_ceil(3).saturating_mul(4);
    // Programs take blanks from the end of a line, or put a check letter there.
    line.iter().all(|byte| (32..=96).contains(byte)) && coded.len() <= letters.saturating_add(2)
}

fn in_text(mail: &[u8], part: &Part, number: usize) -> Vec<Attached> {
    if !matches!(part.encoding, Encoding::Plain | Encoding::Uuencode) {
        return Vec::new();
    }
    let text = mail.get(part.body.clone()).unwrap_or_default();
    let place = |range: Range<usize>| {
        part.body.start.saturating_add(range.start)..part.body.start.saturating_add(range.end)
    };
    let attached = |(range, name): (Range<usize>, String)| Attached {
        name: safe(&name),
        given_name: Some(name),
        media_type: "application/octet-stream".to_owned(),
        body: place(range),
        encoding: Encoding::Uuencode,
        part: number,
    };
    uuencoded(text).into_iter().map(attached).collect()
}

fn file_name(part: &Part, number: usize) -> String {
    let is_mail = matches!(part.media_type.as_str(), "message/rfc822" | "message/global" | "message/news");
    let name = part.name.as_deref().map(safe).filter(|name| !name.is_empty());
    match name {
        Some(name) if is_mail && !name.to_ascii_lowercase().ends_with(".eml") => format!("{name}.eml"),
        Some(name) => name,
        None if is_mail => format!("mail-{number}.eml"),
        None => format!("part-{number}.{}", ending(&part.media_type)),
    }
}

fn ending(media_type: &str) -> &'static str {
    match media_type {
        "text/html" => "html",
        "text/calendar" => "ics",
        "text/vcard" | "text/x-vcard" | "text/directory" => "vcf",
        "text/csv" => "csv",
        "image/jpeg" | "image/jpg" | "image/pjpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/heic" | "image/heif" => "heic",
        "image/webp" => "webp",
        "image/tiff" => "tif",
        "audio/ogg" | "audio/opus" => "ogg",
        "audio/amr" => "amr",
        "audio/mpeg" => "mp3",
        "audio/mp4" | "audio/x-m4a" => "m4a",
        "video/mp4" => "mp4",
        "video/3gpp" => "3gp",
        "video/quicktime" => "mov",
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        "application/json" => "json",
        "application/pgp-signature" | "application/pgp-encrypted" => "asc",
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => "p7m",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "p7s",
        _ if media_type.starts_with("text/") || media_type.starts_with("message/") => "txt",
        _ => "bin",
    }
}

/// A name as a label: no folders, no control letters, not too long.
fn safe(name: &str) -> String {
    const NAME_CHARS: usize = 200;
    let letter = |c: char| if matches!(c, '/' | '\\') || c.is_control() { '_' } else { c };
    let name: String = name.trim().chars().map(letter).take(NAME_CHARS).collect();
    if name.chars().all(|c| c == '.') { String::new() } else { name }
}

/// Of several with one name, the second becomes `2-name`, the third `3-name`.
fn make_unique<'n>(names: impl Iterator<Item = &'n mut String>) {
    let mut taken: HashSet<String> = HashSet::new();
    let mut counts: std::collections::HashMap<String, u64> = std::collections::HashMap::new();
    for name in names {
        let wanted = name.clone();
        while !taken.insert(name.clone()) {
            let count = counts.entry(wanted.clone()).or_insert(1);
            *count = count.saturating_add(1);
            *name = format!("{count}-{wanted}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::structure;
    use super::*;

    fn names(mail: &str) -> Vec<String> {
        attached(mail.as_bytes(), &structure(mail.as_bytes())).into_iter().map(|found| found.name).collect()
    }

    #[test]
    fn names_are_labels_and_unique() {
        let part = |header: &str| format!("--b\nContent-Type: image/png\n{header}\n\nx\n");
        let disposition = |name: &str| part(&format!("Content-Disposition: attachment; filename=\"{name}\""));
        let mail = format!(
            "Content-Type: multipart/mixed; boundary=b\n\n{}{}{}{}{}--b--\n",
            disposition("a.png"),
            disposition("a.png"),
            disposition("2-a.png"),
            disposition("../../etc/x"),
            part("X: 1"),
        );
        assert_eq!(names(&mail), ["a.png", "2-a.png", "2-2-a.png", ".._.._etc_x", "part-5.png"]);
    }

    #[test]
    fn a_mail_in_a_mail_is_a_mail() {
        let mail = "Content-Type: message/rfc822\n\nSubject: inner\n\nx\n";
        assert_eq!(names(mail), ["mail-0.eml"]);
    }

    #[test]
    fn uuencoded_files_in_a_text() {
        let text =
            "Hello\nbegin 644 a.txt\n(97)F=6YD96X \n`\nend\nbegin with me\nbegin 644 no\nnot coded lines\n";
        let found = uuencoded(text.as_bytes());
        assert_eq!(found, [(6..42, "a.txt".to_owned())]);
        assert_eq!(names(&format!("Subject: x\n\n{text}")), ["a.txt"]);
    }
}
