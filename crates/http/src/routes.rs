//! Where a context's operations go: into a router alone, as a Lambda needs it, or into one that
//! comes with its OpenAPI document.
//!
//! A document of forty operations costs a cold start more than its connection, and nobody reads it
//! in a Lambda. So a context says its routes once, for any kind of router, and the function's binary
//! does not even hold the code that describes them.

use axum::routing::MethodRouter;
use axum::{Extension, Router};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::app::App;

/// What [`routes!`](crate::routes) gives: one path's operations, with or without their description.
pub struct Operations<B, D> {
    /// The path and its methods.
    pub bare: B,
    /// The same with the OpenAPI document's part.
    pub documented: D,
}

/// A router under construction.
pub trait Routes: Sized {
    /// One without routes.
    fn empty() -> Self;

    /// Adds the operations of one path.
    #[must_use]
    fn routes<B, D>(self, operations: Operations<B, D>) -> Self
    where
        B: FnOnce() -> (String, MethodRouter<App>),
        D: FnOnce() -> UtoipaMethodRouter<App>;

    /// Adds another's routes.
    #[must_use]
    fn and(self, other: Self) -> Self;

    /// Gives a value of the context's own to every handler added so far, as an `Extension`.
    #[must_use]
    fn carrying<T: Clone + Send + Sync + 'static>(self, value: T) -> Self;
}

impl Routes for Router<App> {
    fn empty() -> Self {
        Self::new()
    }

    fn routes<B, D>(self, operations: Operations<B, D>) -> Self
    where
        B: FnOnce() -> (String, MethodRouter<App>),
        D: FnOnce() -> UtoipaMethodRouter<App>,
    {
        let (path, methods) = (operations.bare)();
        self.route(&path, methods)
    }

    fn and(self, other: Self) -> Self {
        self.merge(other)
    }

    fn carrying<T: Clone + Send + Sync + 'static>(self, value: T) -> Self {
        self.layer(Extension(value))
    }
}

impl Routes for OpenApiRouter<App> {
    fn empty() -> Self {
        Self::new()
    }

    fn routes<B, D>(self, operations: Operations<B, D>) -> Self
    where
        B: FnOnce() -> (String, MethodRouter<App>),
        D: FnOnce() -> UtoipaMethodRouter<App>,
    {
        Self::routes(self, (operations.documented)())
    }

    fn and(self, other: Self) -> Self {
        self.merge(other)
    }

    fn carrying<T: Clone + Send + Sync + 'static>(self, value: T) -> Self {
        self.layer(Extension(value))
    }
}

/// The handlers of one path, each under its `#[utoipa::path]`, for [`Routes::routes`].
#[macro_export]
macro_rules! routes {
    ($first:path $(, $more:path)* $(,)?) => {
        $crate::Operations {
            bare: || {
                let methods = $crate::__on!($first, ::axum::routing::MethodRouter::new());
                $(let methods = $crate::__on!($more, methods);)*
                ($crate::__described!($first, path()), methods)
            },
            documented: || ::utoipa_axum::routes!($first $(, $more)*),
        }
    };
}

/// Adds a handler under the methods of its description.
#[doc(hidden)]
#[macro_export]
macro_rules! __on {
    ($handler:path, $router:expr) => {{
        use ::utoipa_axum::PathItemExt as _;
        let methods = $crate::__described!($handler, methods());
        methods
            .iter()
            .fold($router, |router, method| router.on(method.to_method_filter(), $handler))
    }};
}

/// Asks the type that `#[utoipa::path]` puts beside a handler.
#[doc(hidden)]
#[macro_export]
macro_rules! __described {
    ($handler:path, $question:ident()) => {
        ::utoipa_axum::paste! { ::utoipa_axum::routes!(@path [$question()] of $handler) }
    };
}
