//! The invented case: a chat export, pictures, a mail, a voice note. Every piece says that it is invented.

use std::fs;
use std::io;
use std::path::Path;

use crate::DeskError;
use crate::demo::picture;

/// Writes the material into a new folder.
pub(super) fn write(folder: &Path) -> Result<(), DeskError> {
    write_files(folder).map_err(|source| DeskError::TargetUnwritable { path: folder.to_owned(), source })
}

fn write_files(folder: &Path) -> io::Result<()> {
    let chat = folder.join("WhatsApp Chat mit Falke (erfunden)");
    fs::create_dir_all(&chat)?;
    fs::write(chat.join("_chat.txt"), CHAT)?;
    for (name, lines, tint) in PICTURES {
        fs::write(chat.join(name), picture::bitmap(lines, *tint))?;
    }
    fs::write(chat.join("00000004-AUDIO-invented.wav"), tone())?;
    let mail = folder.join("Mail");
    fs::create_dir_all(&mail)?;
    fs::write(mail.join("Angebot (erfunden).eml"), MAIL)
}

const PICTURES: &[(&str, &[&str], [u8; 3])] = &[
    ("00000002-PHOTO-invented.bmp", &["ERFUNDEN", "INVENTED", "ROOM 12"], [0xd8, 0xe4, 0xf0]),
    ("00000005-PHOTO-invented.bmp", &["ERFUNDEN", "INVENTED", "LIST 450"], [0xf0, 0xe4, 0xd8]),
    ("Screenshot-invented.bmp", &["ERFUNDEN", "INVENTED", "21 30"], [0xe0, 0xf0, 0xe0]),
];

const CHAT: &str = "\
[03.02.26, 09:14:02] Falke: ERFUNDEN - INVENTED. Guten Morgen. Der Bus geht um 6, ich hole dich ab.\r\n\
[03.02.26, 09:15:40] Amsel: Und der Lohn? Du hast 1.400 gesagt.\r\n\
\u{200e}[03.02.26, 09:16:11] Falke: \u{200e}<Anhang: 00000002-PHOTO-invented.bmp>\r\n\
[03.02.26, 21:30:00] Falke: Schick mir deinen Standort. Jetzt.\r\n\
[03.02.26, 21:31:12] Falke: Den Pass bekommst du, wenn die 4.500 bezahlt sind.\r\n\
\u{200e}[04.02.26, 00:02:59] Falke: \u{200e}<Anhang: 00000004-AUDIO-invented.wav>\r\n\
\u{200e}[04.02.26, 07:45:20] Falke: \u{200e}<Anhang: 00000005-PHOTO-invented.bmp>\r\n\
[04.02.26, 07:46:03] Amsel: Ich habe nichts unterschrieben.\r\n";

const MAIL: &str = "\
From: \"Vermittlung Habicht (erfunden)\" <habicht@example.invalid>\r\n\
To: Amsel <amsel@example.invalid>\r\n\
Date: Mon, 12 Jan 2026 10:00:00 +0100\r\n\
Subject: =?utf-8?q?Arbeit_in_der_K=C3=BCche_=28erfunden=29?=\r\n\
Message-ID: <1@example.invalid>\r\n\
MIME-Version: 1.0\r\n\
Content-Type: text/plain; charset=utf-8\r\n\
Content-Transfer-Encoding: 8bit\r\n\
\r\n\
Diese Nachricht ist erfunden. / This message is invented.\r\n\
Wir zahlen die Fahrt. Zimmer und Essen sind frei. Bringen Sie nur den Pass mit.\r\n";

/// A second of a quiet tone: 8 kHz, 8 bit, mono.
fn tone() -> Vec<u8> {
    const RATE: u32 = 8000;
    const TITLE_BYTES: u32 = 20;
    const TITLE: [u8; TITLE_BYTES as usize] = *b"INVENTED - ERFUNDEN\0";
    let samples: Vec<u8> = (0..RATE).map(|i| if i / 10 % 2 == 0 { 118 } else { 138 }).collect();
    let mut wav = Vec::from(*b"RIFF");
    let info_bytes = 4 + 8 + TITLE_BYTES;
    wav.extend((4 + 24 + 8 + info_bytes + 8 + RATE).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend([1, 0, 1, 0]);
    wav.extend(RATE.to_le_bytes());
    wav.extend(RATE.to_le_bytes());
    wav.extend([1, 0, 8, 0]);
    wav.extend(b"LIST");
    wav.extend(info_bytes.to_le_bytes());
    wav.extend(b"INFOINAM");
    wav.extend(TITLE_BYTES.to_le_bytes());
    wav.extend(TITLE);
    wav.extend(b"data");
    wav.extend(RATE.to_le_bytes());
    wav.extend(samples);
    wav
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_says_that_it_is_invented() {
        assert!(CHAT.contains("ERFUNDEN") && MAIL.contains("invented"));
        assert!(tone().windows(8).any(|part| part == b"INVENTED"));
        assert!(
            PICTURES.iter().all(|(name, lines, _)| name.contains("invented") && lines.contains(&"INVENTED"))
        );
    }
}
