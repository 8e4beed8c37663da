//! The whole house, as real processes.

#[cfg(test)]
mod access;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod attacks;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod demo_panel;
#[cfg(test)]
mod derived_version;
#[cfg(test)]
mod front;
#[cfg(test)]
mod health;
#[cfg(test)]
mod house;
#[cfg(test)]
mod killed_worker;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod main_job;
#[cfg(test)]
mod make_up;
#[cfg(test)]
mod mlflow;
#[cfg(test)]
mod monitoring;
#[cfg(test)]
mod traces;
#[cfg(test)]
mod wire;
