//! Networks that were up: whether one of them was a VPN, and whose.
//!
//! A `NetworkAgentInfo` names a VPN's app in its extra text (`VPN:package`) on Android 8 to 15; a proxy of a
//! network stands in its link properties. Deliberately not read: addresses, requests, histories.

use super::words::{clip, is_package};
use super::{Out, Reader, Section};
use crate::{Flow, Question, Vpn};

pub(super) struct Connectivity;

impl Section for Connectivity {
    fn names(&self) -> &'static [&'static str] {
        &["connectivity"]
    }

    fn first_lines(&self) -> &'static [&'static str] {
        &["NetworkProviders for", "NetworkFactories for", "Current network preferences:"]
    }

    fn answers(&self) -> &'static [Question] {
        &[Question::Vpn]
    }

    fn begin(&self) -> Box<dyn Reader> {
        Box::<State>::default()
    }
}

#[derive(Default)]
struct State {
    networks: u64,
    began: bool,
    vpns: Vec<String>,
    proxies: Vec<String>,
}

impl Reader for State {
    fn line(&mut self, line: &str, out: &mut Out<'_>) -> Flow {
        let text = line.trim();
        self.began |= text.starts_with("Current Networks:") || text.starts_with("Active default network");
        if !text.starts_with("NetworkAgentInfo") {
            return Flow::Continue(());
        }
        (self.began, self.networks) = (true, self.networks.saturating_add(1));
        if let Some((_, rest)) = text.split_once("VPN:") {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c)));
            let name = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            if is_package(name) && self.vpns.len() < 100 && !self.vpns.iter().any(|known| known == name) {
                self.vpns.push(name.to_owned());
                out.says(Vpn { name: name.to_owned(), always: None, server: None })?;
            }
        }
        if let Some((_, rest)) = text.split_once("HttpProxy: ") {
            let proxy = clip(rest.split(" }").next().unwrap_or_default().trim()).to_owned();
            if !proxy.is_empty() && self.proxies.len() < 100 && !self.proxies.contains(&proxy) {
                out.setting("connectivity", "http_proxy", &proxy)?;
                self.proxies.push(proxy);
            }
        }
        Flow::Continue(())
    }

    fn end(&mut self, out: &mut Out<'_>) -> Flow {
        if !self.began {
            return out.not_understood("networks in connectivity");
        }
        out.looked(Question::Vpn, self.networks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dumpsys::testing::{looked, read_section, settings};
    use crate::{Says, Wholly};

    #[test]
    fn a_vpn_and_a_proxy() {
        let text = "NetworkProviders for: A\nCurrent Networks:\n  NetworkAgentInfo{network{101}  ni{VPN \
            CONNECTED extra: \
                    VPN:com.example.tunnel} nc{[ Transports: WIFI|VPN ]}}\n  \
                    NetworkAgentInfo{network{100}  ni{WIFI CONNECTED} \
                    lp{{InterfaceName: wlan0 HttpProxy: [192.0.2.1] 8080 xl= }}\n";
        let kept = read_section(&Connectivity, text);
        let vpn = Vpn { name: "com.example.tunnel".to_owned(), always: None, server: None };
        assert_eq!(kept.facts[0].says, Says::Vpn(vpn));
        assert_eq!(settings(&kept)[0].1, "http_proxy");
        assert_eq!(looked(&kept), [(Question::Vpn, Wholly::Yes, 2)]);
    }
}
