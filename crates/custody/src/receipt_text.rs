//! The readable lines of a receipt, in German and English, made from what the receipt says and nothing else.
//!
//! Follows docs/format.md, section 6. The lines are part of the format: changing a word makes older receipts
//! unreadable, so a change needs a new version. Deliberately no name, no source, no judgement.

use crate::Receipt;

/// The lines above the JSON line, each ending in a line feed.
pub(crate) fn readable(receipt: &Receipt) -> String {
    let mut lines = vec![
        "Quittung über versiegelte Kapseln".to_owned(),
        "Receipt for sealed capsules".to_owned(),
        String::new(),
        format!("Fall / Case: {}", receipt.case.0.short(16)),
        format!("Datum / Date: {} (UTC)", receipt.at),
        format!("Einträge im Protokoll / Entries in the log: {}", receipt.checkpoint().size),
        "Schlüssel, bitte mit dem Papier vergleichen / Key, please compare with the paper:".to_owned(),
        format!("  {}", receipt.vkey.fingerprint().grouped()),
        String::new(),
        format!("Kapseln / Capsules: {}", receipt.capsules.len()),
    ];
    for capsule in &receipt.capsules {
        lines.push(String::new());
        lines.push(format!("Kapsel / Capsule {}", capsule.leaf.number));
        lines.push(format!("  Größe / Size: {} Bytes", capsule.size_bytes()));
        lines.push(format!("  SHA-256: {}", capsule.sha256()));
    }
    lines.extend(
        [
            "",
            "Diese Quittung beweist: Eine Datei mit diesem SHA-256 ist seit dem genannten Stand unverändert.",
            "Sie beweist nicht, dass der Inhalt wahr ist.",
            "This receipt proves: a file with this SHA-256 is unchanged since the state named above.",
            "It does not prove that the content is true.",
            "",
        ]
        .map(str::to_owned),
    );
    lines.join("\n") + "\n"
}
