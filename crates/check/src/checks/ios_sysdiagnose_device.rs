//! Which iPhone a sysdiagnose is of, and when it was made.
//!
//! `remotectl_dumpstate.txt` (its block "Local device"), `SystemVersion.plist`, the body of
//! `logs/MobileActivation/collection_oob_request.txt`, and the name of the archive in `sysdiagnose.log` (iOS
//! 15 to 26; MVT's SysdiagnoseInfo and EC-DIGIT-CSIRC/sysdiagnose, 2026). Deliberately not read: IMEI and
//! other numbers that tell nothing about monitoring; other devices that are connected.

use model::record::{Place, ProblemKind};
use serde::Deserialize;
use source::property_list::{PropertyList, Value};
use source::tree::{Candidate, Entry};

use crate::database::clipped;
use crate::lists;
use crate::sysdiagnose::{bytes, each_line, ends_in, is_in_root, made, made_of};
use crate::{About, Check, DeviceFact, FactSink, Flow, Input, Platform, Question, ios_versions};

/// Which device a sysdiagnose is of.
pub(crate) struct IosSysdiagnoseDevice;

/// Most bytes of a request.
const REQUEST_BYTES_MOST: u64 = 4 << 20;

impl Check for IosSysdiagnoseDevice {
    fn name(&self) -> &'static str {
        "ios_sysdiagnose_device"
    }

    fn about(&self) -> About {
        About {
            title: "Which iPhone a sysdiagnose is of",
            platform: Platform::Ios,
            covers: "model, version, build and serial number, and when it was made, iOS 15 to 26",
            leaves_out: "IMEI and the like, connected devices; the unified log (tracev3)",
            answers: &[Question::SystemAge],
            source: "MVT SysdiagnoseInfo, EC-DIGIT-CSIRC/sysdiagnose (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        match entry.name() {
            "remotectl_dumpstate.txt" => true,
            "sysdiagnose.log" => is_in_root(candidate),
            "SystemVersion.plist" => {
                let folders = ["SystemVersion/", "summaries/", "CoreServices/"];
                folders.iter().any(|folder| ends_in(entry.folder(), folder))
            }
            "collection_oob_request.txt" => entry.folder().ends_with("MobileActivation/"),
            _ => false,
        }
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let mut device = DeviceFact::new(Platform::Ios);
        match input.entry().map(Entry::name) {
            Some("remotectl_dumpstate.txt") => from_dumpstate(input, &mut device, sink)?,
            Some("sysdiagnose.log") => from_log(input, &mut device, sink)?,
            Some("SystemVersion.plist") => from_version(input, &mut device, sink)?,
            _ => from_request(input, &mut device, sink)?,
        }
        device.acquired = device.acquired.or_else(|| made_of(input));
        let whole = input.seen(Place::Whole);
        let known = device.system.is_some();
        let (version, at) = (device.system.clone(), device.acquired.clone());
        if device.model.is_some() || known || device.build.is_some() || device.serial.is_some() {
            sink.says(&whole, device)?;
        }
        match version {
            Some(version) => ios_versions::told(&version, at, &whole, sink),
            None => Flow::Continue(()),
        }
    }
}

/// What a name stands for.
fn keep(device: &mut DeviceFact, name: &str, value: &str) {
    let value = value.trim().trim_matches('"');
    if let Some((system, build)) = value.split_once(" (").filter(|_| name == "OS Build") {
        keep(device, "OSVersion", system);
        return keep(device, "BuildVersion", build.trim_end_matches(')'));
    }
    let into = match name {
        "ProductType" | "Product Type" => &mut device.model,
        "OSVersion" | "ProductVersion" => &mut device.system,
        "BuildVersion" | "ProductBuildVersion" => &mut device.build,
        "SerialNumber" => &mut device.serial,
        _ => return,
    };
    if into.is_none() && !value.is_empty() {
        *into = Some(clipped(value).to_owned());
    }
}

fn from_dumpstate(input: &Input<'_>, device: &mut DeviceFact, sink: &mut dyn FactSink) -> Flow {
    let mut local = false;
    each_line(input, sink, &mut |line, _, _| {
        if !line.is_empty() && !line.starts_with(['\t', ' ']) {
            local = line.trim() == "Local device";
        } else if local {
            let pair = line.split_once("=>").or_else(|| line.split_once(':'));
            if let Some((name, value)) = pair {
                keep(device, name.trim(), value);
            }
        }
        Flow::Continue(())
    })?;
    Flow::Continue(())
}

fn from_log(input: &Input<'_>, device: &mut DeviceFact, sink: &mut dyn FactSink) -> Flow {
    each_line(input, sink, &mut |line, _, _| {
        if let Some((time, build)) = made(line).filter(|_| device.acquired.is_none()) {
            device.acquired = Some(time);
            device.build = build.map(str::to_owned);
        }
        Flow::Continue(())
    })?;
    Flow::Continue(())
}

fn from_version(input: &Input<'_>, device: &mut DeviceFact, sink: &mut dyn FactSink) -> Flow {
    let Some(file) = lists::load(input, sink)? else { return Flow::Continue(()) };
    let list = file.list();
    for (name, value) in list.as_ref().and_then(PropertyList::top).into_iter().flat_map(Value::pairs) {
        if let Some(value) = lists::shown(value) {
            keep(device, &name, &value);
        }
    }
    Flow::Continue(())
}

/// The body of a request for activation.
#[derive(Deserialize)]
struct Request {
    #[serde(rename = "serial-number")]
    serial: Option<String>,
    #[serde(rename = "productType")]
    model: Option<String>,
    #[serde(rename = "os-version")]
    system: Option<String>,
    #[serde(rename = "os-build")]
    build: Option<String>,
}

fn from_request(input: &Input<'_>, device: &mut DeviceFact, sink: &mut dyn FactSink) -> Flow {
    let Some(bytes) = bytes(input, REQUEST_BYTES_MOST, sink)? else { return Flow::Continue(()) };
    let text = String::from_utf8_lossy(&bytes);
    let body = text.split_once("BODY:").map(|(_, body)| body.trim_start());
    let request = body.and_then(|body| {
        serde_json::Deserializer::from_str(body).into_iter::<Request>().next().and_then(Result::ok)
    });
    let Some(request) = request else {
        let expected = "the body of a request for activation";
        return sink.trouble(&input.seen(Place::Whole), ProblemKind::NotUnderstood, expected, "");
    };
    let told = [
        ("SerialNumber", request.serial),
        ("ProductType", request.model),
        ("OSVersion", request.system),
        ("BuildVersion", request.build),
    ];
    for (name, value) in told {
        keep(device, name, value.as_deref().unwrap_or_default());
    }
    Flow::Continue(())
}
