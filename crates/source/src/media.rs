//! Tells pictures and videos by name and by first bytes, for a selection that leaves them out.
//!
//! File signatures as published by the makers of the formats (ISO/IEC 14496-12 `ftyp`, Matroska/EBML,
//! RIFF, TIFF 6.0, PNG, JFIF, GIF, ASF). When in doubt a file counts as a picture, because what is left
//! out is listed and can be brought later, and what is copied cannot be taken back. It deliberately does
//! not look into archives, mails or databases.

/// How many first bytes [`by_content`] wants.
pub(crate) const HEAD_BYTES: usize = 16;

const EXTENSIONS: &[&str] = &[
    "3g2", "3gp", "3gpp", "amv", "apng", "arw", "asf", "avi", "avif", "bmp", "cr2", "cr3", "dib", "divx",
    "dng", "f4v", "flv", "gif", "heic", "heics", "heif", "heifs", "hif", "ico", "jfif", "jp2", "jpe", "jpeg",
    "jpg", "jxl", "m2ts", "m4v", "mjpeg", "mjpg", "mkv", "mov", "mp4", "mpe", "mpeg", "mpg", "mpo", "mts",
    "nef", "ogv", "orf", "png", "psd", "qt", "raf", "rm", "rw2", "svg", "svgz", "tif", "tiff", "vob", "webm",
    "webp", "wmv",
];

/// Whether the name is that of a picture, a video, or a store of thumbnails.
pub(crate) fn by_name(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let store =
        lower == b"thumbs.db" || lower.starts_with(b"thumbcache_") || lower.starts_with(b".thumbdata");
    let extension = lower.rsplit(|&byte| byte == b'.').next().filter(|end| end.len() < lower.len());
    store || extension.is_some_and(|end| EXTENSIONS.iter().any(|known| known.as_bytes() == end))
}

/// Whether the first bytes are those of a picture or a video.
pub(crate) fn by_content(head: &[u8]) -> bool {
    const STARTS: &[&[u8]] = &[
        b"\xff\xd8\xff",
        b"\x89PNG",
        b"GIF87a",
        b"GIF89a",
        b"II*\0",
        b"MM\0*",
        b"II+\0",
        b"MM\0+",
        b"\x1a\x45\xdf\xa3",
        b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
        b"FLV\x01",
        b"\0\0\x01\xba",
        b"\0\0\x01\xb3",
        b"8BPS",
        b"\xff\x0a",
        b"\0\0\0\x0cJXL ",
        b"\0\0\0\x0cjP  ",
    ];
    let at = |from: usize, to: usize| head.get(from..to).unwrap_or(&[]);
    let riff = at(0, 4) == b"RIFF" && (at(8, 12) == b"WEBP" || at(8, 12) == b"AVI ");
    let bitmap = at(0, 2) == b"BM" && at(6, 10) == [0; 4];
    STARTS.iter().any(|start| head.starts_with(start)) || riff || bitmap || iso_media(head)
}

/// MP4, MOV, 3GP, HEIC, AVIF: everything of the family except what calls itself sound only.
fn iso_media(head: &[u8]) -> bool {
    const SOUND: [&[u8]; 4] = [b"M4A ", b"M4B ", b"M4P ", b"F4A "];
    const OLD_MOV: [&[u8]; 4] = [b"moov", b"mdat", b"wide", b"pnot"];
    let kind = head.get(4..8).unwrap_or(&[]);
    let brand = head.get(8..12).unwrap_or(&[]);
    (kind == b"ftyp" && !SOUND.contains(&brand)) || OLD_MOV.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for yes in ["IMG_1.JPG", "a.b.webm", "Thumbs.db", ".thumbdata4--1", "x.HeIc", ".jpg"] {
            assert!(by_name(yes.as_bytes()), "{yes}");
        }
        for no in ["jpg", "chat.txt", "PTT-1.opus", "x.m4a", "msgstore.db", "a.jpg.txt", ""] {
            assert!(!by_name(no.as_bytes()), "{no}");
        }
    }

    #[test]
    fn contents() {
        let yes: &[&[u8]] = &[
            b"\xff\xd8\xff\xe0",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"RIFF\x01\x02\x03\x04WEBPVP8 ",
            b"RIFF\x01\x02\x03\x04AVI LIST",
            b"\0\0\0\x18ftypheic",
            b"\0\0\0\x18ftypavif",
            b"\0\0\0\x18ftypisom",
            b"\0\0\0\x18ftypqt  ",
            b"\0\0\0\x18ftyp3gp5",
            b"\x1a\x45\xdf\xa3\x01",
            b"BM\x01\x02\x03\x04\0\0\0\0\x36",
            b"II*\0\x08",
            b"MM\0*\0",
            b"\0\0\x10\0mdat",
        ];
        assert!(yes.iter().all(|head| by_content(head)));
        let no: &[&[u8]] = &[
            b"",
            b"B",
            b"BM is short for",
            b"RIFF\x01\x02\x03\x04WAVE",
            b"\0\0\0\x18ftypM4A ",
            b"OggS",
            b"PK\x03\x04",
        ];
        assert!(no.iter().all(|head| !by_content(head)));
    }
}
