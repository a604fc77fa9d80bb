//! Echap's stalkerware-indicators: `ioc.yaml`, `watchware.yaml`, and `samples.csv` joined to their families.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use check::Kind;
use check::indicators::{Family, Header, Indicator, IndicatorKind, ListLimits, echap};

use super::{Leaving, Made, read};
use crate::acquisitions::Outcome;

const NAME: &str = "Echap stalkerware-indicators";
/// Families that sign with one key without being of one house: then it is a key that everybody has.
const FAMILIES_OF_A_PUBLIC_KEY: usize = 2;

pub(super) fn make(data: &Path, leaving: &mut Leaving) -> Outcome<Made> {
    let mut families = Vec::new();
    for file in ["ioc.yaml", "watchware.yaml"] {
        let list = echap(&read(data, &format!("stalkerware-indicators/{file}"))?, ListLimits::default());
        if let Some(trouble) = list.troubles.first() {
            return Err(format!("{file}, {}: expected {}", trouble.at, trouble.expected).into());
        }
        list.families.into_iter().for_each(|family| take(&mut families, family));
    }
    let samples = String::from_utf8(read(data, "stalkerware-indicators/samples.csv")?)?;
    join(&mut families, &samples, leaving)?;
    let header = Header {
        name: NAME,
        source: "github.com/AssoEchap/stalkerware-indicators: ioc.yaml, watchware.yaml, samples.csv",
        licence: "CC BY 4.0, creativecommons.org/licenses/by/4.0",
        authors: "Echap, Julien Voisin, Tek and contributors",
        version: "master a04c5c1958bff93fec3b1b56edbb412b209f2a38 of 2026-06-21",
        changes: "joined (what stands in both files as watchware), brought into another form; left out what \
                  left-out.txt lists",
        count: 0,
    };
    Ok(Made { file: "stalkerware-indicators.txt", header, families })
}

/// Adds a family. Some stand in both files, with a page or two in the one and all the rest in the other: they
/// are one family, and what is openly sold is called that.
fn take(families: &mut Vec<Family>, family: Family) {
    let Some(same) = families.iter_mut().find(|other| other.name == family.name) else {
        return families.push(family);
    };
    if family.kind == Kind::Watchware {
        same.kind = Kind::Watchware;
    }
    same.aliases.extend(family.aliases);
    same.indicators.extend(family.indicators);
}

/// Adds hashes, packages and certificates of the samples to the families they belong to.
fn join(families: &mut [Family], samples: &str, leaving: &mut Leaving) -> Outcome<()> {
    let places = places(families);
    let mut signed: BTreeMap<Indicator, BTreeSet<usize>> = BTreeMap::new();
    for line in samples.lines().skip(1).filter(|line| !line.is_empty()) {
        let [hash, package, certificate, _, app] = line.split(',').collect::<Vec<_>>()[..] else {
            return Err(format!("samples.csv: five columns expected: {line}").into());
        };
        let place = *places.get(&app.to_lowercase()).ok_or_else(|| format!("samples.csv: unknown {app}"))?;
        let one = |kind, value: &str| Indicator::new(kind, value);
        let family = families.get_mut(place).ok_or("a family")?;
        family.indicators.push(one(IndicatorKind::FileHash, hash).ok_or_else(|| format!("hash {hash}"))?);
        family.indicators.extend(one(IndicatorKind::App, package));
        if let Some(certificate) = one(IndicatorKind::Signer, certificate) {
            signed.entry(certificate).or_default().insert(place);
        }
    }
    // A key that only samples show, and with families that have nothing to do with each other, is public.
    for (certificate, places) in signed {
        let listed = families.iter().any(|family| family.indicators.contains(&certificate));
        for place in &places {
            let Some(family) = families.get_mut(*place) else { continue };
            if !listed && places.len() >= FAMILIES_OF_A_PUBLIC_KEY {
                leaving.note(NAME, &family.name, &certificate, "signs samples of unrelated families");
            } else {
                family.indicators.push(certificate.clone());
            }
        }
    }
    Ok(())
}

/// Families by name in small letters; a name counts before other names.
fn places(families: &[Family]) -> HashMap<String, usize> {
    let mut places = HashMap::new();
    for (place, family) in families.iter().enumerate() {
        for alias in &family.aliases {
            places.entry(alias.to_lowercase()).or_insert(place);
        }
    }
    places.extend(families.iter().enumerate().map(|(place, family)| (family.name.to_lowercase(), place)));
    places
}
