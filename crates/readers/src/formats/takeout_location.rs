//! Google Takeout's location history: `Records.json` (before 2021 `Location History.json`), and the months of
//! the semantic history.
//!
//! Sources: Google's description of the location history format; published parsers. Degrees are counted in
//! ten-millionths; where a count ran over its 32 bits it is put right, and the raw number stays. Deliberately
//! left out: what the phone itself exports as its timeline.

use std::sync::Arc;

use model::ReadAt;
use model::record::{Event, Extra, LocationFix, Point, Precision, ProblemKind, TimeReading, What};
use serde_json::Value;
use source::tree::Candidate;

use crate::elements::Shape;
use crate::elementwise::{self, Elementwise};
use crate::json::Step;
use crate::part::{self, At, Object, Slips};
use crate::tally::Became;
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// The format.
pub(crate) struct TakeoutLocation;

impl Format for TakeoutLocation {
    fn name(&self) -> &'static str {
        "takeout_location"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Google location history",
            covers: "Takeout: Records.json, Location History.json, semantic location history by month",
            leaves_out: "the timeline that a phone itself exports",
            source: "Google's description of the location history format; published parsers",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let entry = candidate.entry();
        if entry.extension() != "json" || !candidate.head().trim_ascii_start().starts_with(b"{") {
            return None;
        }
        let holds = |key: &str| memchr::memmem::find(candidate.head(), key.as_bytes()).is_some();
        let records = holds("\"locations\"") && holds("\"latitudeE7\"");
        let semantic =
            holds("\"timelineObjects\"") && (holds("\"placeVisit\"") || holds("\"activitySegment\""));
        if records || semantic {
            return Some(Claim::alone(Certainty::Certain));
        }
        let named = matches!(entry.name(), "Records.json" | "Location History.json");
        (named && holds("\"locations\"")).then(|| Claim::alone(Certainty::Likely))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        elementwise::read(input, &mut History, sink)
    }
}

struct History;

impl Elementwise for History {
    const WHOLE: fn(&[Step]) -> bool = |path| match path {
        [] => false,
        [Step::Key(key)] => key != "locations" && key != "timelineObjects",
        _ => true,
    };
    const SHAPE: Shape = Shape {
        first_keys: &["latitudeE7", "timestampMs", "timestamp", "placeVisit", "activitySegment"],
        near: &["\"latitudeE7\"", "\"placeVisit\"", "\"activitySegment\""],
        list: "locations",
    };
    const EXPECTED: &'static str = "a place of a location history";

    fn list(&self, path: &[Step]) -> &'static str {
        match path {
            [Step::Key(key), Step::Index(_)] if key == "timelineObjects" => "timelineObjects",
            [Step::Key(_), Step::Index(_)] => "locations",
            _ => "other",
        }
    }

    fn element(&mut self, path: &[Step], value: Value, _: Slips) -> Option<Became> {
        let Value::Object(mut object) = value else {
            return Some(Became::Problem(ProblemKind::NotUnderstood, Self::EXPECTED));
        };
        if let [Step::Key(key)] = path {
            let mut extra = Extra::new();
            part::put_rest(&mut extra, "", object);
            return Some(Became::Record(event(key, None, extra)));
        }
        if let Some(visit) = part::take_object(&mut object, "placeVisit") {
            return Some(Became::Record(self::visit(visit, object)));
        }
        if let Some(segment) = part::take_object(&mut object, "activitySegment") {
            return Some(Became::Record(self::segment(segment, object)));
        }
        Some(Became::Record(fix(object)))
    }

    fn lost(&mut self, _: &Arc<dyn ReadAt>, _: At) {}
}

/// Where the phone was, as it noted it.
fn fix(mut object: Object) -> What {
    let at = time(&mut object, "timestamp");
    let accuracy_metres = object.remove("accuracy").and_then(|metres| metres.as_f64());
    let mut fix = LocationFix { app: APP.to_owned(), at, accuracy_metres, ..LocationFix::default() };
    fix.point = point(&mut object, &mut fix.extra);
    part::put_rest(&mut fix.extra, "", object);
    What::Location(Box::new(fix))
}

/// A place that Google worked out somebody stayed at, from its beginning on.
fn visit(mut visit: Object, rest: Object) -> What {
    let mut fix = LocationFix { app: APP.to_owned(), ..LocationFix::default() };
    let mut duration = part::take_object(&mut visit, "duration").unwrap_or_default();
    fix.at = time(&mut duration, "startTimestamp");
    if let Some(mut place) = part::take_object(&mut visit, "location") {
        fix.point = point(&mut place, &mut fix.extra);
        let names = ["name", "address"].map(|key| part::take_text(&mut place, key));
        let names: Vec<String> = names.into_iter().flatten().collect();
        fix.name = (!names.is_empty()).then(|| names.join(", "));
        part::put_rest(&mut fix.extra, "location.", place);
    }
    fix.extra.push(("kind".to_owned(), "placeVisit".to_owned()));
    part::put_rest(&mut fix.extra, "duration.", duration);
    part::put_rest(&mut fix.extra, "", visit);
    part::put_rest(&mut fix.extra, "", rest);
    What::Location(Box::new(fix))
}

/// A way between two places, from its beginning on; where it led stays beside.
fn segment(mut segment: Object, rest: Object) -> What {
    let mut fix = LocationFix { app: APP.to_owned(), ..LocationFix::default() };
    let mut duration = part::take_object(&mut segment, "duration").unwrap_or_default();
    fix.at = time(&mut duration, "startTimestamp");
    if let Some(mut start) = part::take_object(&mut segment, "startLocation") {
        fix.point = point(&mut start, &mut fix.extra);
        part::put_rest(&mut fix.extra, "startLocation.", start);
    }
    fix.extra.push(("kind".to_owned(), "activitySegment".to_owned()));
    part::put_rest(&mut fix.extra, "duration.", duration);
    part::put_rest(&mut fix.extra, "", segment);
    part::put_rest(&mut fix.extra, "", rest);
    What::Location(Box::new(fix))
}

const APP: &str = "google";

/// `2023-05-01T08:00:00.123Z`, or a count of milliseconds in `…Ms`.
fn time(object: &mut Object, key: &str) -> Option<TimeReading> {
    if let Some(raw) = part::take_text(object, key) {
        let moment = raw.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond);
        return Some(TimeReading::utc(raw, moment, Precision::Millisecond));
    }
    part::take_number(object, &format!("{key}Ms")).map(TimeReading::unix_ms)
}

/// The point of an object; its raw numbers stay beside it.
fn point(object: &mut Object, extra: &mut Extra) -> Option<Point> {
    let raw = ["latitudeE7", "longitudeE7"].map(|key| object.remove(key));
    let [north, east] = &raw;
    let degrees = |value: &Option<Value>, most: f64| {
        let raw = value.as_ref()?.as_f64()?;
        // Some years of the export wrote 32 bits without their sign.
        Some(if raw > most * 1e7 { raw - 4_294_967_296.0 } else { raw } / 1e7)
    };
    let point =
        degrees(north, 90.0).zip(degrees(east, 180.0)).and_then(|(north, east)| Point::new(north, east));
    for (key, value) in ["latitudeE7", "longitudeE7"].into_iter().zip(raw) {
        part::put(extra, key, value.unwrap_or_default());
    }
    point
}

fn event(key: &str, at: Option<TimeReading>, extra: Extra) -> What {
    What::Event(Box::new(Event { app: APP.to_owned(), kind: key.to_owned(), at, text: None, extra }))
}
