//! Where a request comes from, as the transport knows it.

use std::net::IpAddr;

/// Put into the request's extensions by the transport (Lambda or the local server). Forwarding
/// headers are never believed: API Gateway states the source itself.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// Address of the peer that spoke to the gateway.
    pub source_ip: Option<IpAddr>,
    /// API Gateway's own id of the request, for its access log.
    pub gateway_request_id: Option<String>,
}
