//! TinyCheck's list of domains of Pegasus; the rest of its list, and SpyGuard's, is left out.
//!
//! Why: domains and addresses of stalkerware stand there without a family, and the list that they were taken
//! from, Echap's, is read itself and newer. Trackers, free name servers, top-level domains and networks say
//! nothing of a person's phone. SpyGuard's `apt` domains name no program.

use std::collections::HashSet;
use std::path::Path;

use check::Kind;
use check::indicators::{Family, Header, Indicator, IndicatorKind};
use serde_json::Value;

use super::{Leaving, Made, read};
use crate::acquisitions::Outcome;

const NAME: &str = "TinyCheck";

pub(super) fn make(data: &Path, leaving: &mut Leaving) -> Outcome<Made> {
    let list: Value = serde_json::from_slice(&read(data, "tinycheck/iocs.json")?)?;
    let mut echap = String::new();
    for file in ["ioc.yaml", "watchware.yaml"] {
        echap.push_str(&String::from_utf8(read(data, &format!("stalkerware-indicators/{file}"))?)?);
    }
    let newer: HashSet<&str> = echap.split_whitespace().collect();
    let mut family = Family::new("Pegasus", Kind::Spyware);
    family.aliases.push("NSO Group Pegasus".to_owned());
    for one in list.get("iocs").and_then(Value::as_array).ok_or("tinycheck/iocs.json: iocs")? {
        let text = |member: &str| one.get(member).and_then(Value::as_str).unwrap_or_default();
        let Some(domain) = Indicator::new(IndicatorKind::Domain, text("value")) else { continue };
        match (text("type"), text("tag")) {
            ("domain", "pegasus") => family.indicators.push(domain),
            ("domain" | "ip4addr", "stalkerware" | "spyware") if !newer.contains(text("value")) => {
                leaving.note(NAME, "unnamed", &domain, "belongs to no family");
            }
            _ => {}
        }
    }
    let header = Header {
        name: NAME,
        source: "github.com/KasperskyLab/TinyCheck: assets/iocs.json, the tag pegasus",
        licence: "Apache-2.0, see licences.txt",
        authors: "Félix Aimé and contributors; the domains from reports of Amnesty International",
        version: "main 4f989dc of 2023-08-14",
        changes: "domains of one program only, brought into another form; left out what left-out.txt lists",
        count: 0,
    };
    Ok(Made { file: "tinycheck.txt", header, families: vec![family] })
}
