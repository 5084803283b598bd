//! Okta's API: users, groups and the members of groups, 200 a page (RFC 8288 links).

use std::time::Duration;

use async_trait::async_trait;
use axum::http::{HeaderMap, StatusCode, header};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use wealth_core::Clock;
use wealth_http::auth::HttpsFetcher;

use super::{Directory, DirectoryError, Entry, Page, Place};

/// The longest id and name that can be ours.
const TEXT_MAX: usize = 255;

/// An Okta organisation.
pub struct Okta {
    base: String,
    authorization: String,
    fetcher: HttpsFetcher,
    clock: std::sync::Arc<dyn Clock>,
}

#[derive(Deserialize)]
struct User {
    id: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    profile: Profile,
}

#[derive(Deserialize)]
struct Group {
    id: String,
    #[serde(default)]
    profile: Profile,
}

#[derive(Deserialize, Default)]
struct Profile {
    login: Option<String>,
    name: Option<String>,
}

impl Okta {
    /// The organisation at `base` (`https://firm.okta.com`), which knows us by `authorization`: the
    /// value of that header, `SSWS …` or `Bearer …`.
    pub fn new(
        base: &str,
        authorization: String,
        fetcher: HttpsFetcher,
        clock: std::sync::Arc<dyn Clock>,
    ) -> Self {
        Self { base: base.trim_end_matches('/').to_owned(), authorization, fetcher, clock }
    }

    fn address(&self, place: &Place) -> Result<String, DirectoryError> {
        let (path, next) = match place {
            Place::People { next } => ("/api/v1/users?limit=200".to_owned(), next),
            Place::Groups { next } => ("/api/v1/groups?limit=200".to_owned(), next),
            Place::Members { group, next, .. } => {
                let group = group.as_deref().filter(|id| is_plain(id));
                let group = group.ok_or_else(|| malformed("a group without a usable id"))?;
                (format!("/api/v1/groups/{group}/users?limit=200"), next)
            }
        };
        match next {
            Some(next) => self.own(next.clone()),
            None => Ok(format!("{}{path}", self.base)),
        }
    }

    /// An address that is the organisation's own: whoever answers must not lead the token elsewhere.
    fn own(&self, address: String) -> Result<String, DirectoryError> {
        match address.strip_prefix(&self.base) {
            Some(rest) if rest.starts_with("/api/v1/") => Ok(address),
            _ => Err(malformed("a next page at another place")),
        }
    }
}

#[async_trait]
impl Directory for Okta {
    async fn page(&self, place: &Place) -> Result<Page, DirectoryError> {
        let address = self.address(place)?;
        let asked = self.fetcher.ask(&address, Some(&self.authorization)).await;
        let answer = asked.map_err(|error| DirectoryError::Unavailable(error.to_string()))?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::TOO_MANY_REQUESTS => {
                return Err(DirectoryError::Wait(wait(answer.headers(), self.clock.now())));
            }
            // A group that went away since it was listed has nobody in it.
            StatusCode::NOT_FOUND if matches!(place, Place::Members { .. }) => {
                return Ok(Page::default());
            }
            status if status.is_server_error() => {
                return Err(DirectoryError::Unavailable(format!("status {status}")));
            }
            status => return Err(DirectoryError::Refused(format!("status {status}"))),
        }
        let entries = read(place, answer.body())?;
        let next = next(answer.headers()).map(|next| self.own(next)).transpose()?;
        Ok(Page { entries, next })
    }
}

fn read(place: &Place, body: &[u8]) -> Result<Vec<Entry>, DirectoryError> {
    let broken = |error: serde_json::Error| malformed(&error.to_string());
    let entries: Vec<Entry> = match place {
        Place::People { .. } => {
            let users: Vec<User> = serde_json::from_slice(body).map_err(broken)?;
            users.into_iter().map(person).collect()
        }
        Place::Groups { .. } => {
            let groups: Vec<Group> = serde_json::from_slice(body).map_err(broken)?;
            let entry =
                |group: Group| Entry::Group { id: group.id, name: text(group.profile.name) };
            groups.into_iter().map(entry).collect()
        }
        Place::Members { group, .. } => {
            let users: Vec<User> = serde_json::from_slice(body).map_err(broken)?;
            let group_id = group.clone().unwrap_or_default();
            let entry = |user: User| Entry::Member { id: user.id, group_id: group_id.clone() };
            users.into_iter().map(entry).collect()
        }
    };
    let id = |entry: &Entry| match entry {
        Entry::Person { id, .. } | Entry::Group { id, .. } | Entry::Member { id, .. } => {
            is_plain(id)
        }
    };
    // Half a page is no page: whoever is missing on it would be taken for gone.
    if entries.iter().all(id) { Ok(entries) } else { Err(malformed("an id that is none")) }
}

/// Okta lists nobody who is deprovisioned, and keeps those who are suspended.
fn person(user: User) -> Entry {
    let active = !matches!(user.status.as_str(), "SUSPENDED" | "DEPROVISIONED");
    Entry::Person { id: user.id, login: text(user.profile.login), active }
}

fn text(given: Option<String>) -> Option<String> {
    given.filter(|text| (1..=TEXT_MAX).contains(&text.len()) && !text.contains(char::is_control))
}

/// An id as Okta makes them, fit to stand in a path.
fn is_plain(id: &str) -> bool {
    (1..=TEXT_MAX).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn malformed(what: &str) -> DirectoryError {
    DirectoryError::Unavailable(format!("malformed answer: {what}"))
}

/// The address behind `rel="next"` (RFC 8288 §3), of which Okta sends one header a link.
fn next(headers: &HeaderMap) -> Option<String> {
    let links = headers.get_all(header::LINK);
    let parts = links.iter().filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(", "));
    let mut next = parts.filter_map(|link| {
        let (address, about) = link.trim().strip_prefix('<')?.split_once('>')?;
        about.split(';').any(|p| p.trim() == "rel=\"next\"").then(|| address.to_owned())
    });
    next.next()
}

/// How long Okta wants to be left alone: until `X-Rate-Limit-Reset` (seconds since 1970), or for
/// `Retry-After` seconds; a minute when it says neither.
fn wait(headers: &HeaderMap, now: DateTime<Utc>) -> Duration {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
    let until = number("x-rate-limit-reset").map(|at| at.saturating_sub(now.timestamp()));
    let seconds = number("retry-after").or(until).unwrap_or(60);
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0).clamp(1, 3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_one_of_the_links() {
        let mut headers = HeaderMap::new();
        assert_eq!(next(&headers), None);
        let own = "<https://firm.okta.com/api/v1/users?limit=200>; rel=\"self\"";
        headers.append(header::LINK, own.parse().unwrap());
        assert_eq!(next(&headers), None);
        let more = "<https://firm.okta.com/api/v1/users?after=00u1&limit=200>; rel=\"next\"";
        headers.append(header::LINK, more.parse().unwrap());
        let expected = Some("https://firm.okta.com/api/v1/users?after=00u1&limit=200".to_owned());
        assert_eq!(next(&headers), expected);
        let mut one = HeaderMap::new();
        one.append(header::LINK, format!("{own}, {more}").parse().unwrap());
        assert_eq!(next(&one), expected);
    }

    #[test]
    fn it_says_how_long_to_wait() {
        let now = DateTime::from_timestamp(1_000_000, 0).unwrap();
        let of = |name: &'static str, value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            wait(&headers, now).as_secs()
        };
        assert_eq!(of("retry-after", "7"), 7);
        assert_eq!(of("x-rate-limit-reset", "1000030"), 30);
        assert_eq!(of("x-rate-limit-reset", "999000"), 1, "its clock is behind ours");
        assert_eq!(of("x-rate-limit-reset", "9000000000"), 3600);
        assert_eq!(of("retry-after", "soon"), 60);
        assert_eq!(wait(&HeaderMap::new(), now).as_secs(), 60);
    }
}
