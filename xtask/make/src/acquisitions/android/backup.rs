//! `backup.ab`: an Android backup without password and compression, with text messages in it.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::json;

use crate::acquisitions::planted::Where;
use crate::acquisitions::text::moment;
use crate::acquisitions::{Outcome, Planted, Random, background};

/// The backup of the telephone's provider.
pub(super) fn backup(planted: &Planted, messages: u64, seed: u64) -> Outcome<Vec<u8>> {
    let random = &mut Random::new(seed, "backup.ab");
    let mut list = Vec::new();
    for number in 0..messages {
        list.push(message(&background::sentence(random), number, random));
    }
    for (number, domain) in (messages..).zip(planted.domain(Where::Message)) {
        list.push(message(&format!("schau mal https://{domain}/erfunden"), number, random));
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&serde_json::to_vec(&list)?)?;
    let packed = packed.finish()?;
    let mut tar = tar::Builder::new(b"ANDROID BACKUP\n5\n0\nnone\n".to_vec());
    for (path, bytes) in [
        ("apps/com.android.providers.telephony/_manifest", &b"1\ncom.android.providers.telephony\n"[..]),
        ("apps/com.android.providers.telephony/d_f/000000_sms_backup", &packed),
    ] {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(1_795_158_000);
        tar.append_data(&mut header, path, bytes)?;
    }
    Ok(tar.into_inner()?)
}

fn message(body: &str, number: u64, random: &mut Random) -> serde_json::Value {
    let at = moment(random).to_string();
    json!({"self_phone": "+491700000000", "address": format!("+4917{:08}", number % 40), "body": body,
        "date": format!("{at}000"), "date_sent": format!("{at}000"), "status": "-1", "type": "1",
        "read": "1"})
}
