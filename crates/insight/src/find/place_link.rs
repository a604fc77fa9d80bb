//! Links to a place on a map: `geo:` (RFC 5870), Google, Apple and `OpenStreetMap`, as messengers send them.

use model::record::Point;

/// What stands before the two numbers.
const BEFORE: [&str; 12] =
    ["geo:", "?q=", "&q=", "?ll=", "&ll=", "/@", "!3d", "mlat=", "?query=", "&query=", "/place/", "&daddr="];
/// Hosts and schemes of maps.
const MAPS: [&str; 6] = ["geo:", "google.", "goo.gl", "maps.apple.com", "openstreetmap.org", "osm.org"];

/// The point in a link, as two numbers with six decimals; nothing if the link is none to a place.
pub(super) fn point(link: &str) -> Option<String> {
    let link = link.to_ascii_lowercase();
    if !MAPS.iter().any(|map| link.contains(map)) {
        return None;
    }
    BEFORE.iter().find_map(|before| {
        let (_, rest) = link.split_once(before)?;
        let rest = rest.replace("%2c", ",").replace("!4d", ",").replace("&mlon=", ",").replace("loc:", "");
        let mut numbers =
            rest.split([',', '&', '?', ';', '(', '/']).map(|number| number.trim().parse::<f64>());
        let point = Point::new(numbers.next()?.ok()?, numbers.next()?.ok()?)?;
        Some(super::place::key(point))
    })
}
