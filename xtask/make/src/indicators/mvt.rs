//! The lists of mvt-indicators: STIX bundles, each of one spying program.

use std::path::Path;

use check::Kind;
use check::indicators::{Header, ListLimits, stix};

use super::{Leaving, Made, read};
use crate::acquisitions::Outcome;

const NAME: &str = "MVT mvt-indicators";

/// The bundles; what sort of program each is about, which the bundles do not say; and other names of it, as
/// the index and the descriptions give them.
const BUNDLES: &[(&str, Kind, &[&str])] = &[
    ("2022-06-23_rcs_lab/rcs", Kind::Spyware, &["Hermit"]),
    ("2023-04-11_quadream/kingspawn", Kind::Spyware, &["KingsPawn", "Quadream", "Reign"]),
    ("2023-06_01_operation_triangulation/operation_triangulation", Kind::Spyware, &["Triangulation"]),
    ("2023-07-25_wyrmspy_dragonegg/wyrmspy_dragonegg", Kind::Spyware, &["WyrmSpy", "DragonEgg"]),
    ("2024-12-25_eaglemsgspy/eaglemsgspy", Kind::Spyware, &[]),
    ("2026-03-03_coruna_cryptowaters/coruna", Kind::Spyware, &["CryptoWaters", "PLASMAGRID"]),
    ("2026-03-30_darksword/darksword", Kind::Spyware, &[]),
    ("ResidentBat/residentbat", Kind::Spyware, &[]),
    ("candiru/candiru", Kind::Spyware, &["DevilsTongue"]),
    ("cellebrite/cellebrite", Kind::Forensic, &[]),
    ("intellexa_predator/predator", Kind::Spyware, &["Intellexa", "Cytrox"]),
];

pub(super) fn make(data: &Path, leaving: &mut Leaving) -> Outcome<Made> {
    let mut families = Vec::new();
    for (path, kind, aliases) in BUNDLES {
        let file = format!("mvt-indicators/{path}.stix2");
        let mut list = stix(&read(data, &file)?, "unnamed", ListLimits::default());
        for trouble in &list.troubles {
            leaving.trouble(NAME, path, trouble);
        }
        for family in &mut list.families {
            family.kind = *kind;
            family.aliases.extend(aliases.iter().map(|alias| (*alias).to_owned()));
        }
        families.append(&mut list.families);
    }
    let header = Header {
        name: NAME,
        source: "github.com/mvt-project/mvt-indicators",
        licence: "MIT, see licences.txt",
        authors: "MVT and contributors; the reports named in its index, of Amnesty International, \
                  Citizen Lab and others",
        version: "main e035f4fbdb8aedb46a27bcdd4b1c6179d22301ad of 2026-04-08",
        changes: "brought into another form; kinds and other names added; left out what left-out.txt lists",
        count: 0,
    };
    Ok(Made { file: "mvt-indicators.txt", header, families })
}
