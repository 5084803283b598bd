//! Statements and their typed parameters.

use tokio_postgres::types::{ToSql, Type};

/// One statement, kept in a file of its own under `sql/<context>/queries/`.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    /// `context.name`, for logs and errors.
    pub name: &'static str,
    /// The text that goes to the server, its name in the first line.
    pub text: &'static str,
}

/// Loads `sql/<context>/queries/<name>.sql` at compile time.
///
/// ```text
/// tx.query(sql!("products", "get_by_id"), &[p::uuid(&id)]).await?
/// ```
#[macro_export]
macro_rules! sql {
    ($context:literal, $name:literal) => {
        $crate::Sql {
            name: concat!($context, ".", $name),
            text: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../sql/",
                $context,
                "/queries/",
                $name,
                ".sql"
            )),
        }
    };
}

/// A parameter with its PostgreSQL type, which is what lets a statement be sent without asking
/// the server to describe it first.
pub type Param<'a> = (&'a (dyn ToSql + Sync), Type);

/// Constructors of [`Param`], one per PostgreSQL type that the statements use. Enumerations travel
/// as text and are cast in SQL: an enum type would cost five look-ups on its first use.
pub mod p {
    use super::{Param, ToSql, Type};

    macro_rules! param {
        ($($name:ident = $type:ident, $doc:literal;)*) => {$(
            #[doc = $doc]
            pub fn $name<'a>(value: &'a (dyn ToSql + Sync)) -> Param<'a> {
                (value, Type::$type)
            }
        )*};
    }

    param! {
        uuid = UUID, "`uuid` from `Uuid` or `Option<Uuid>`.";
        uuids = UUID_ARRAY, "`uuid[]` from `Vec<Uuid>` or `&[Uuid]`.";
        text = TEXT, "`text` from `&str`, `String` or an option of them.";
        texts = TEXT_ARRAY, "`text[]` from `Vec<String>` or `&[&str]`.";
        bool = BOOL, "`boolean`.";
        int4 = INT4, "`integer` from `i32`.";
        int8 = INT8, "`bigint` from `i64`.";
        numeric = NUMERIC, "`numeric` from `Decimal`.";
        date = DATE, "`date` from `NaiveDate`.";
        timestamptz = TIMESTAMPTZ, "`timestamptz` from `DateTime<Utc>`.";
        json = JSONB, "`jsonb` from `serde_json::Value` or `Json<T>`.";
        bytes = BYTEA, "`bytea` from `&[u8]` or `Vec<u8>`.";
    }
}
