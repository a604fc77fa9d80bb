//! Reads a JSON document whose elements stand alone: one record for each, a broken one costs itself.

use std::sync::Arc;

use model::ReadAt;
use model::record::ProblemKind;
use serde_json::Value;

use crate::elements::{Elements, Seen, Shape, Stop};
use crate::json::Step;
use crate::part::{self, At, Slips};
use crate::tally::{Became, Tally};
use crate::{Flow, Input, Sink};

/// What a format makes of its elements.
pub(crate) trait Elementwise {
    /// Whether what stands at a path is wanted as one part.
    const WHOLE: fn(&[Step]) -> bool;
    /// How elements begin.
    const SHAPE: Shape;
    /// What is expected where nothing can be read, in a few technical words.
    const EXPECTED: &'static str;

    /// The list that an element at a path is counted in.
    fn list(&self, path: &[Step]) -> &'static str;

    /// What an element became; none if it only describes what follows.
    fn element(&mut self, path: &[Step], value: Value, slips: Slips) -> Option<Became>;

    /// Bytes were lost: what was known of what follows may be wrong.
    fn lost(&mut self, bytes: &Arc<dyn ReadAt>, at: At);
}

/// Reads a document.
pub(crate) fn read<F: Elementwise>(input: &Input<'_>, format: &mut F, sink: &mut dyn Sink) -> Flow {
    let mut tally = Tally::new(input.file);
    let nowhere = At { offset: 0, length: 0 };
    let random = input.entry().map(|entry| entry.content().random());
    let Some(Ok(bytes)) = random else {
        let became = Became::Problem(ProblemKind::Unreadable, "bytes that can be read at random");
        tally.put("elements", nowhere, became, sink)?;
        return tally.finish(sink);
    };
    let mut elements = Elements::new(Arc::clone(&bytes), input.limits.unit_bytes, F::SHAPE);
    while let Some(seen) = elements.next(F::WHOLE) {
        match seen {
            Seen::Begin | Seen::End => {}
            Seen::Value(at) => {
                let list = format.list(elements.path());
                if (elements.value().len() as u64) < at.length {
                    tally.put(list, at, Became::Problem(ProblemKind::Limit, "a shorter element"), sink)?;
                } else if let Some((value, slips)) = part::value(elements.value()) {
                    if let Some(became) = format.element(elements.path(), value, slips) {
                        tally.put(list, at, became, sink)?;
                    }
                } else {
                    let kind = part::trouble(elements.value());
                    let gone = elements.recover(at);
                    format.lost(&bytes, gone);
                    tally.put(list, gone, Became::Problem(kind, F::EXPECTED), sink)?;
                }
            }
            Seen::Broken(at) => {
                format.lost(&bytes, at);
                tally.put("elements", at, Became::Problem(ProblemKind::Damaged, F::EXPECTED), sink)?;
            }
            Seen::Stopped(at, stop) => {
                let kind = match stop {
                    Stop::Early => ProblemKind::Truncated,
                    Stop::NoJson => ProblemKind::Damaged,
                    Stop::Unreadable => ProblemKind::Unreadable,
                };
                tally.put("elements", at, Became::Problem(kind, F::EXPECTED), sink)?;
            }
        }
    }
    if tally.is_empty() && bytes.size_bytes() == 0 {
        tally.put("elements", nowhere, Became::Problem(ProblemKind::NotUnderstood, F::EXPECTED), sink)?;
    }
    tally.finish(sink)
}
