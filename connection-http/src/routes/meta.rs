//! The service itself: what it is, and whether it lives.

use super::Group;
use crate::auth::Caller;
use crate::models::{Endpoints, Health, ServiceInfo};
use crate::responses::{Answer, Open, Reading, Success};
use poem_openapi::OpenApi;

/// Routes about the service.
pub(crate) struct MetaApi;

#[OpenApi(tag = "Group::Service")]
impl MetaApi {
    /// What this service is
    ///
    /// A browser gets a page instead.
    #[oai(path = "/", method = "get", operation_id = "serviceInfo")]
    async fn info(&self, _caller: Caller) -> Answer<ServiceInfo, Reading> {
        let route = str::to_owned;
        Ok(Success(ServiceInfo {
            service: route("CoreAstra Connection Manager"),
            version: route("1.0.0"),
            endpoints: Endpoints {
                health: route("GET /health"),
                ssh_connect: route("POST /connections/ssh"),
                ftp_connect: route("POST /connections/ftp"),
                list_sessions: route("GET /connections"),
                disconnect: route("DELETE /connections/{session_id}"),
                execute_command: route("POST /connections/{session_id}/execute"),
                list_files: route("GET /connections/{session_id}/files"),
                download: route("POST /connections/{session_id}/download"),
                upload: route("POST /connections/{session_id}/upload"),
                cleanup: route("POST /connections/cleanup"),
            },
        }))
    }

    /// Whether the service lives
    ///
    /// Needs no access token.
    #[oai(path = "/health", method = "get", operation_id = "health")]
    async fn health(&self) -> Answer<Health, Open> {
        Ok(Success(Health {
            status: "ok".to_owned(),
            service: "coreastra-connection-manager".to_owned(),
        }))
    }
}
