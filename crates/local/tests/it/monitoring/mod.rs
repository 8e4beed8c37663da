//! The profile `monitoring` as far as it can be proven without containers: real Prometheus, Alertmanager and node exporter
//! of Debian's packages, with the files of `docker/monitoring`, over the real services.

mod alerting;
mod dashboards;
mod documented;
mod exposition;
mod programs;
mod rules;
mod scraped;
