//! Name resolution that leaves out forbidden addresses, so that a name cannot be pointed at
//! loopback after it was checked (DNS rebinding).

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::Name;
use tower::Service;

/// The system's resolver behind the address rules of this module.
#[derive(Clone)]
pub(super) struct Resolver {
    pub(super) loopback: bool,
}

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let loopback = self.loopback;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let mut permitted: Vec<SocketAddr> = found.collect();
            permitted.retain(|address| super::is_permitted(address, loopback));
            if permitted.is_empty() {
                return Err(io::Error::other("the name has no permitted address"));
            }
            Ok(permitted.into_iter())
        })
    }
}
