//! What can go wrong with a statement, in the terms a caller decides by.

use thiserror::Error;
use tokio_postgres::error::{DbError as ServerError, Severity, SqlState};

/// A refusal that one of our own SQL functions raised (SQLSTATE class `WA`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// SQLSTATE: `WA401`, `WA403`, `WA404`, `WA409`, `WA412`, `WA422`.
    pub sqlstate: String,
    /// The problem code of the registry, from the error's DETAIL.
    pub code: Option<String>,
    /// JSON pointer to the field at fault, where there is one.
    pub pointer: Option<String>,
    /// Text for the caller.
    pub message: String,
    /// Parameters of the WWW-Authenticate header that say how to get in, where there are some.
    pub challenge: Option<String>,
}

/// A violated constraint, by the name it has in the schema: the name is part of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// SQLSTATE: 23505 unique, 23503 foreign key, 23514 check, 23P01 exclusion, 23502 not null.
    pub sqlstate: String,
    /// The constraint's name, or the column's for NOT NULL.
    pub name: String,
}

/// Why the database did not do what was asked.
#[derive(Debug, Error)]
pub enum DbError {
    /// A rule of the schema's functions refused the request.
    #[error("{}", .0.message)]
    Rejected(Rejection),
    /// A named constraint refused the row.
    #[error("constraint {} refused the row", .0.name)]
    Constraint(Constraint),
    /// An API key asked for what no scope is there for.
    #[error("the operation is not for API keys")]
    Unscoped,
    /// The idempotency key is known: the stored answer must be given again.
    #[error("the idempotency key was used before")]
    Replay,
    /// Deadlock or serialization failure: nothing was done, the same request may be sent again.
    #[error("the transaction lost a race and was rolled back")]
    Contention(#[source] tokio_postgres::Error),
    /// The statement or lock limit ran out: nothing was done.
    #[error("the database took too long")]
    Timeout(#[source] Option<tokio_postgres::Error>),
    /// No connection could be had or it broke before anything could be committed.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// The connection broke while COMMIT was under way: the write may or may not have happened.
    #[error("the connection broke during COMMIT")]
    UnknownOutcome,
    /// The server or the login role is not fit to serve.
    #[error("the database is not fit to serve: {0}")]
    Unfit(String),
    /// Anything else is a bug of ours.
    #[error("unexpected database error in {statement}")]
    Bug {
        /// The statement's name.
        statement: &'static str,
        /// What the driver or server said; for the log only.
        #[source]
        source: tokio_postgres::Error,
    },
    /// A statement answered with another number of rows than its contract says.
    #[error("{statement} answered with {rows} rows")]
    RowCount {
        /// The statement's name.
        statement: &'static str,
        /// How many rows came.
        rows: usize,
    },
}

impl DbError {
    /// Sorts what the driver reported for `statement`.
    pub(crate) fn from_driver(statement: &'static str, error: tokio_postgres::Error) -> Self {
        let Some(server) = error.as_db_error() else {
            // Without a server error the connection itself failed, unless a value did not convert.
            return if error.is_closed() || is_io(&error) {
                Self::Unavailable(chain(&error))
            } else {
                Self::Bug { statement, source: error }
            };
        };
        match server.code().code() {
            "WA208" => Self::Replay,
            code if code.starts_with("WA") => Self::Rejected(rejection(server)),
            // No value is at fault: the month of the audit log is missing that an event belongs to.
            "23514" if server.constraint().is_none() => Self::Bug { statement, source: error },
            code if code.starts_with("23") => Self::Constraint(constraint(server)),
            "40001" | "40P01" => Self::Contention(error),
            "57014" | "55P03" | "25P03" | "25P04" => Self::Timeout(Some(error)),
            code if is_unavailable(code) => Self::Unavailable(server.message().to_owned()),
            _ => Self::Bug { statement, source: error },
        }
    }

    /// Whether the connection that reported this must not be used again.
    pub(crate) fn breaks_connection(&self) -> bool {
        match self {
            Self::Unavailable(_) | Self::UnknownOutcome | Self::Timeout(None) => true,
            // A statement or lock limit ends the statement; an idle limit ends the session.
            Self::Timeout(Some(error)) => is_fatal(error),
            _ => false,
        }
    }
}

/// Connection failures (08), resources (53), sessions ended by the server (57P: shutdown, crash,
/// idle limit), failover (25006: a writer that became a reader), authentication while a password
/// rotates (28).
fn is_unavailable(code: &str) -> bool {
    let class = &code[..2.min(code.len())];
    matches!(class, "08" | "53" | "28") || code.starts_with("57P") || code == "25006"
}

/// Whether the server ended the session with this error.
fn is_fatal(error: &tokio_postgres::Error) -> bool {
    let severity = error.as_db_error().and_then(ServerError::parsed_severity);
    matches!(severity, Some(Severity::Fatal | Severity::Panic))
}

fn is_io(error: &tokio_postgres::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if inner.is::<std::io::Error>() {
            return true;
        }
        source = inner.source();
    }
    false
}

/// The error with its causes on one line.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        source = inner.source();
    }
    text
}

fn rejection(server: &ServerError) -> Rejection {
    let detail: serde_json::Value =
        server.detail().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let text = |key: &str| detail.get(key).and_then(|v| v.as_str()).map(str::to_owned);
    Rejection {
        sqlstate: server.code().code().to_owned(),
        code: text("code"),
        pointer: text("pointer"),
        challenge: text("challenge"),
        message: server.message().to_owned(),
    }
}

/// DETAIL is left behind: it shows the values of the row in the way, which may be hidden from the
/// caller (rules 4.1 #15).
fn constraint(server: &ServerError) -> Constraint {
    let name = server.constraint().or_else(|| server.column()).unwrap_or_default();
    Constraint { sqlstate: server.code().code().to_owned(), name: name.to_owned() }
}

/// Whether a connection attempt failed because the password or login was refused.
pub(crate) fn is_authentication_failure(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        *code == SqlState::INVALID_PASSWORD
            || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION
    })
}
