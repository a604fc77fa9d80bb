//! Addresses in the databases of browsers and of the parts of systems that load pages: visited, saved,
//! loaded by themselves.
//!
//! Columns are known from the readers of this program (`chrome_history.rs`, `firefox_history.rs`), from the
//! public schemas of Chromium and Mozilla, and from what MVT, iLEAPP and ALEAPP read (2026). Safari's
//! `History.db` has a check of its own, `ios_safari.rs`. A page that was visited often gives one trace: with
//! the time of its last visit. Deliberately not read: the content of caches, deleted rows.

use source::tree::Candidate;

use crate::address_tables::{self, Addresses, Clock, Holds, Source};
use crate::{About, Check, FactSink, Flow, Input, Platform, Question};

use Holds::{Connection, Hash, Path, Visit};

/// Databases of browsers.
pub(crate) struct BrowserAddresses;

impl Check for BrowserAddresses {
    fn name(&self) -> &'static str {
        "browser_addresses"
    }

    fn about(&self) -> About {
        About {
            title: "Addresses in databases of browsers and of web views",
            platform: Platform::Any,
            covers: "Chrome and its kin: History with downloads and their hashes, Favicons, Top Sites, \
                     Cookies; Firefox: places, browser.db, favicons, cookies; Safari: open tabs, tabs of \
                     other devices, pictures of pages; iOS: Cache.db and resource statistics of every app; \
                     Android: downloads, the old browser",
            leaves_out: "the content of caches; History.db of Safari, which has its own check; deleted rows",
            answers: &[Question::Visits, Question::Connections],
            source: "public schemas of Chromium and Mozilla; MVT, iLEAPP, ALEAPP (2026)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        address_tables::named(SOURCES, candidate.entry().name()).is_some() && candidate.is_sqlite()
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        let name = input.entry().map_or("", source::tree::Entry::name);
        match address_tables::named(SOURCES, name) {
            Some(source) => address_tables::read(source, input, sink),
            None => Flow::Continue(()),
        }
    }
}

const fn visits(names: &'static [&'static str], tables: &'static [Addresses]) -> Source {
    Source { names, question: Question::Visits, tables }
}

const fn connections(names: &'static [&'static str], tables: &'static [Addresses]) -> Source {
    Source { names, question: Question::Connections, tables }
}

const fn table(
    table: &'static str,
    columns: &'static [(&'static str, Holds)],
    at: Option<(&'static str, Clock)>,
) -> Addresses {
    Addresses { table, columns, at }
}

/// The databases. Names with forty digits are those that a phone's backup gives them.
static SOURCES: &[Source] = &[
    visits(
        &["History", "Archived History", "faf971ce92c3ac508c018dce1bef2a8b8e9838f1"],
        &[
            table("urls", &[("url", Visit)], Some(("last_visit_time", Clock::Webkit))),
            table("visits", &[("external_referrer_url", Visit)], Some(("visit_time", Clock::Webkit))),
            table("downloads_url_chains", &[("url", Visit)], None),
            table(
                "downloads",
                &[
                    ("referrer", Visit),
                    ("tab_url", Visit),
                    ("tab_referrer_url", Visit),
                    ("site_url", Visit),
                    ("target_path", Path),
                    ("hash", Hash),
                ],
                Some(("start_time", Clock::Webkit)),
            ),
        ],
    ),
    visits(
        &["Favicons", "55680ab883d0fdcffd94f959b1632e5fbbb18c5b"],
        &[
            table("icon_mapping", &[("page_url", Visit)], None),
            table("favicons", &[("url", Connection)], None),
        ],
    ),
    visits(
        &["Top Sites"],
        &[table("top_sites", &[("url", Visit)], None), table("thumbnails", &[("url", Visit)], None)],
    ),
    connections(
        &["Cookies"],
        &[table("cookies", &[("host_key", Connection)], Some(("last_access_utc", Clock::Webkit)))],
    ),
    visits(
        &["places.sqlite", "places.db", "ab87b1b6904c441f3814d12748a1a32750a43496"],
        &[
            table("moz_places", &[("url", Visit)], Some(("last_visit_date", Clock::BySize))),
            table("moz_places_metadata", &[("referrer_url", Visit)], None),
        ],
    ),
    visits(
        &["browser.db", "2e57c396a35b0d1bcbc624725002d98bd61d142b"],
        &[
            table("history", &[("url", Visit)], Some(("server_modified", Clock::BySize))),
            table("page_metadata", &[("site_url", Visit), ("media_url", Connection)], None),
            table("favicon_site_urls", &[("site_url", Visit)], None),
            table("favicons", &[("url", Connection)], Some(("date", Clock::BySize))),
            table("queue", &[("url", Visit)], None),
        ],
    ),
    visits(
        &["favicons.sqlite"],
        &[
            table("moz_pages_w_icons", &[("page_url", Visit)], None),
            table("moz_icons", &[("icon_url", Connection)], None),
        ],
    ),
    connections(
        &["cookies.sqlite"],
        &[table("moz_cookies", &[("host", Connection)], Some(("lastAccessed", Clock::BySize)))],
    ),
    visits(
        &["BrowserState.db", "3a47b0981ed7c10f3e2800aa66bac96a3b5db28e"],
        &[
            table(
                "tabs",
                &[("url", Visit), ("user_visible_url", Visit)],
                Some(("last_viewed_time", Clock::Apple)),
            ),
            table("tab_sessions", &[("session_data", Visit)], None),
        ],
    ),
    visits(&["SafariTabs.db"], &[table("bookmarks", &[("url", Visit), ("local_attributes", Visit)], None)]),
    visits(&["CloudTabs.db"], &[table("cloud_tabs", &[("url", Visit)], None)]),
    visits(
        &["Favicons.db"],
        &[
            table("page_url", &[("url", Visit)], None),
            table("icon_info", &[("url", Connection)], Some(("timestamp", Clock::Apple))),
            table("rejected_resources", &[("page_url", Visit), ("icon_url", Connection)], None),
        ],
    ),
    connections(
        &["observations.db"],
        &[table("ObservedDomains", &[("registrableDomain", Connection)], Some(("lastSeen", Clock::Seconds)))],
    ),
    connections(
        &["Cache.db"],
        &[table("cfurl_cache_response", &[("request_key", Connection)], Some(("time_stamp", Clock::Text)))],
    ),
    visits(
        &["downloads.db"],
        &[table(
            "downloads",
            &[("uri", Visit), ("referer", Visit), ("_data", Path)],
            Some(("lastmod", Clock::BySize)),
        )],
    ),
    visits(&["browser2.db"], &[table("history", &[("url", Visit)], Some(("date", Clock::BySize)))]),
];
