//! Lists (RFC 7644 section 3.4.2): filter, order, page and projection, from a query or a body.

use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use wealth_core::scim::document::{member, require_schema};
use wealth_core::scim::filter::{matches, order, parse, parse_lenient, sort_target};
use wealth_core::scim::path::Target;
use wealth_core::scim::{Filter, MAX_RESULTS, Projection, SEARCH_REQUEST, ScimError, ScimType};
use wealth_http::{App, Result};

use super::answer::Resource;
use super::conditions::{Conditions, MAX_LOOKED_AT};
use super::directory::Directory;
use super::kind::Kind;
use super::store::{Window, find};

/// The parameters of a list. Others are passed over: directories add some of their own.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct ListQuery {
    /// Such as `userName eq "bjensen"`; at most 4096 bytes, 16 levels and 128 comparisons.
    filter: Option<String>,
    /// An attribute.
    sort_by: Option<String>,
    /// `ascending` or `descending`.
    sort_order: Option<String>,
    /// The first one to show, from 1.
    start_index: Option<String>,
    /// How many to show, at most 200.
    count: Option<String>,
    /// The only attributes to show, separated by commas.
    attributes: Option<String>,
    /// Attributes not to show, separated by commas.
    excluded_attributes: Option<String>,
}

/// What of a single resource is shown.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct Shown {
    /// The only attributes to show, separated by commas.
    attributes: Option<String>,
    /// Attributes not to show, separated by commas.
    excluded_attributes: Option<String>,
}

impl Shown {
    pub(crate) fn projection(&self, kind: Kind) -> Result<Projection, ScimError> {
        let (wanted, excluded) = (names(&self.attributes), names(&self.excluded_attributes));
        Projection::read(kind.resource_type(), &wanted, &excluded)
    }
}

fn names(text: &Option<String>) -> Vec<String> {
    let names = text.iter().flat_map(|text| text.split(','));
    names.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// What is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    filter: Option<String>,
    sort_by: Option<String>,
    descending: bool,
    /// From 1.
    pub(crate) start: i64,
    pub(crate) count: i64,
    pub(crate) attributes: Vec<String>,
    pub(crate) excluded: Vec<String>,
}

impl TryFrom<ListQuery> for Listing {
    type Error = ScimError;

    fn try_from(query: ListQuery) -> Result<Self, ScimError> {
        let number = |name: &str, text: Option<String>, default: i64| match text {
            Some(text) => text.trim().parse().map_err(|_| whole_number(name)),
            None => Ok(default),
        };
        Self {
            filter: query.filter,
            sort_by: query.sort_by,
            descending: descending(query.sort_order.as_deref())?,
            start: number("startIndex", query.start_index, 1)?,
            count: number("count", query.count, MAX_RESULTS)?,
            attributes: names(&query.attributes),
            excluded: names(&query.excluded_attributes),
        }
        .bounded()
    }
}

impl Listing {
    /// Reads a search request (RFC 7644 section 3.4.3).
    pub(crate) fn search(body: &Value) -> Result<Self, ScimError> {
        let given =
            body.as_object().ok_or_else(|| ScimError::syntax("The body must be an object"))?;
        require_schema(given, SEARCH_REQUEST)?;
        let text = |name: &str| match member(given, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(ScimError::value(format!("{name} must be a string"))),
        };
        let number = |name: &str, default: i64| match member(given, name) {
            None | Some(Value::Null) => Ok(default),
            Some(value) => value.as_i64().ok_or_else(|| whole_number(name)),
        };
        let list = |name: &str| match member(given, name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(names)) => names
                .iter()
                .map(|name| name.as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
                .ok_or_else(|| ScimError::value(format!("{name} must be a list of strings"))),
            Some(_) => Err(ScimError::value(format!("{name} must be a list of strings"))),
        };
        Self {
            filter: text("filter")?,
            sort_by: text("sortBy")?,
            descending: descending(text("sortOrder")?.as_deref())?,
            start: number("startIndex", 1)?,
            count: number("count", MAX_RESULTS)?,
            attributes: list("attributes")?,
            excluded: list("excludedAttributes")?,
        }
        .bounded()
    }

    /// Values below the least mean the least (RFC 7644 section 3.4.2.4).
    fn bounded(mut self) -> Result<Self, ScimError> {
        self.start = self.start.max(1);
        self.count = self.count.clamp(0, MAX_RESULTS);
        self.filter = self.filter.filter(|filter| !filter.trim().is_empty());
        Ok(self)
    }

    /// The filter as it was given.
    pub(crate) fn filter(&self) -> Option<&str> {
        self.filter.as_deref()
    }

    /// Reads the page of one kind: how many there are in all, and what is shown of the page.
    ///
    /// `lenient`: the filter was meant for several kinds.
    pub(crate) async fn page(
        &self,
        app: &App,
        directory: &Directory,
        kind: Kind,
        lenient: bool,
    ) -> Result<(i64, Vec<Value>)> {
        let resource_type = kind.resource_type();
        let read = if lenient { parse_lenient } else { parse };
        let filter = self.filter.as_deref().map(|text| read(resource_type, text)).transpose()?;
        let sort = match &self.sort_by {
            Some(path) => match sort_target(resource_type, path) {
                Ok(target) => Some(target),
                Err(_) if lenient => None,
                Err(error) => return Err(error.into()),
            },
            None => None,
        };
        let projection = Projection::read(resource_type, &self.attributes, &self.excluded)?;
        let members = kind.shows_members(&projection);
        let (total, page) =
            self.select(app, directory, kind, (filter.as_ref(), sort, members)).await?;
        let shown = page.iter().map(|found| projection.apply(resource_type, &found.whole));
        Ok((total, shown.map(Value::Object).collect()))
    }

    async fn select(
        &self,
        app: &App,
        directory: &Directory,
        kind: Kind,
        (filter, sort, members): (Option<&Filter>, Option<Target>, bool),
    ) -> Result<(i64, Vec<Resource>)> {
        let conditions = Conditions::of(filter, kind.name());
        let column = sort.map(|target| column(kind, &target));
        let order_there = column.flatten();
        let sorted_there = sort.is_none() || order_there.is_some();
        let mut window = Window {
            order: order_there,
            descending: self.descending,
            members,
            offset: self.start.saturating_sub(1),
            limit: self.count,
            conditions,
        };
        if window.conditions.complete && sorted_there {
            return find(app, directory, kind, &window).await;
        }
        let member_filter = filter.is_some_and(|filter| filter.mentions("members"));
        window.members = members || member_filter;
        (window.offset, window.limit) = (0, MAX_LOOKED_AT);
        let (total, mut found) = find(app, directory, kind, &window).await?;
        if total > MAX_LOOKED_AT {
            let detail = format!(
                "The filter or order would look through {total} resources; at most {MAX_LOOKED_AT} \
                 is possible. Add a comparison with userName, externalId, active or lastModified."
            );
            return Err(ScimError::of(ScimType::TooMany, detail).into());
        }
        if let Some(filter) = filter {
            found.retain(|resource| matches(filter, &resource.whole));
        }
        if let Some(target) = sort.filter(|_| !sorted_there) {
            found.sort_by(|a, b| order(&target, &a.whole, &b.whole));
            if self.descending {
                found.reverse();
            }
        }
        let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
        let skip = usize::try_from(self.start.saturating_sub(1)).unwrap_or(usize::MAX);
        let take = usize::try_from(self.count).unwrap_or(0);
        Ok((total, found.into_iter().skip(skip).take(take).collect()))
    }
}

/// The column that the database can sort by.
fn column(kind: Kind, target: &Target) -> Option<&'static str> {
    if target.is(kind.name(), None) {
        Some(kind.name())
    } else if target.is("externalId", None) {
        Some("externalId")
    } else if target.is("meta", Some("created")) {
        Some("created")
    } else if target.is("meta", Some("lastModified")) {
        Some("lastModified")
    } else {
        None
    }
}

fn descending(order: Option<&str>) -> Result<bool, ScimError> {
    match order.map(str::to_ascii_lowercase).as_deref() {
        None | Some("" | "ascending") => Ok(false),
        Some("descending") => Ok(true),
        Some(_) => Err(ScimError::value("sortOrder must be ascending or descending")),
    }
}

fn whole_number(name: &str) -> ScimError {
    ScimError::value(format!("{name} must be a whole number"))
}
