//! How often somebody may try to sign in, in a way that cannot be used to lock others out.
//!
//! Four rules, each for what the others leave open (`docs/adr/0007` weighs them):
//!
//! 1. **By address**: so many attempts a minute, whatever the account. Ends one machine's flood, and what it costs in
//!    password hashes.
//! 2. **By account and address together**: five failures are free, then each doubles the wait, up to a minute. Ends one
//!    machine's patient guessing at one account. It holds back that address alone: the owner elsewhere does not notice.
//! 3. **By account, for addresses it is not known from**: so many attempts an hour, all such addresses together. Ends
//!    guessing from a hundred thousand machines.
//! 4. **An address from which the account was signed in to lately is known** and exempt from rule 3: an attack on an
//!    account makes its owner wait on no device they have been using. Only an owner who comes from a new address during an
//!    attack shares rule 3 with the attacker; an admin's one-time link lets them in, for which rule 1 alone counts.
//!
//! An account is the text that was typed, in lower case, whether or not anybody has it: limits tell nobody who exists.
//! Attempts are counted before the password is looked at, so that a hundred at once are not one; a success takes its own
//! back. All of it is this gateway's memory, bounded: with `n` gateways rules 1 to 3 allow `n` times as much, and after a
//! restart no address is known until its next sign-in.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chassis::clock::SharedMonotonic;
use chassis::http::Problem;
use chassis::http::rate::{Exceeded, Limiter, Network, Reading};
use sha2::{Digest as _, Sha256};

use crate::config::RateConfig;

/// Failures of an address at an account before it has to wait.
const FREE_FAILURES: u32 = 5;
/// Longest wait between two attempts of an address at an account.
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// A failure is forgotten after this time without another.
const FORGET_FAILURES_AFTER: Duration = Duration::from_hours(1);
/// How long an address stays known after a sign-in.
const KNOWN_FOR: Duration = Duration::from_hours(30 * 24);

/// An account as it is named at sign-in, hashed: names may be long, and need not be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Account([u8; 16]);

impl Account {
    /// By the address as it was typed.
    #[must_use]
    pub fn named(email: &str) -> Self {
        let digest = Sha256::digest(email.trim().to_lowercase());
        let mut name = [0; 16];
        name.copy_from_slice(&digest[..16]);
        Self(name)
    }
}

type Pair = (Account, Network);

/// The limits on signing in.
#[derive(Debug)]
pub struct SignIns {
    by_address: Option<Limiter<Network>>,
    by_account: Option<Limiter<Account>>,
    memory: Mutex<Memory>,
    most_pairs: usize,
    clock: SharedMonotonic,
}

#[derive(Debug, Default)]
struct Memory {
    setbacks: HashMap<Pair, Setback>,
    known: HashMap<Pair, Duration>,
}

#[derive(Debug, Clone, Copy)]
struct Setback {
    failures: u32,
    last: Duration,
}

impl Setback {
    /// When the next attempt may be made.
    fn until(self) -> Duration {
        match self.failures.checked_sub(FREE_FAILURES) {
            None | Some(0) => Duration::ZERO,
            Some(doublings) => self.last + LONGEST_WAIT.min(Duration::from_secs(1 << doublings.min(20))),
        }
    }
}

impl SignIns {
    /// The limits that `config` says.
    #[must_use]
    pub fn new(config: &RateConfig, clock: SharedMonotonic) -> Self {
        let quota = NonZeroU32::new;
        let (keys, minute, hour) = (config.most_keys, Duration::from_mins(1), Duration::from_hours(1));
        Self {
            by_address: quota(config.sign_in_per_minute)
                .map(|quota| Limiter::new("sign-in", quota, minute, keys, clock.clone())),
            by_account: quota(config.account_per_hour)
                .map(|quota| Limiter::new("sign-in", quota, hour, keys, clock.clone())),
            memory: Mutex::default(),
            most_pairs: keys,
            clock,
        }
    }

    /// Counts something that only its secret protects, such as a one-time link.
    ///
    /// # Errors
    /// When the address tries too often.
    pub fn knock(&self, client: Network) -> Result<Option<Reading>, Exceeded> {
        self.by_address.as_ref().map(|limiter| limiter.check(&client)).transpose()
    }

    /// Counts an attempt at `account`, as a failure until [`Self::succeeded`] is called.
    ///
    /// # Errors
    /// When it comes too soon; the password must then not be looked at.
    pub fn attempt(&self, account: Account, client: Network) -> Result<Option<Reading>, Exceeded> {
        let reading = self.knock(client)?;
        let pair = (account, client);
        let now = self.clock.elapsed();
        let is_known = {
            let memory = self.memory();
            let setback = memory.setbacks.get(&pair).copied();
            let wait = setback.map_or(Duration::ZERO, Setback::until).saturating_sub(now);
            if !wait.is_zero() {
                return Err(held_back(wait));
            }
            memory.known.get(&pair).is_some_and(|at| now.saturating_sub(*at) < KNOWN_FOR)
        };
        if let Some(by_account) = self.by_account.as_ref().filter(|_| !is_known) {
            by_account.check(&account)?;
        }
        let mut memory = self.memory();
        let forgotten = |setback: &Setback| now.saturating_sub(setback.last) >= FORGET_FAILURES_AFTER;
        make_room(&mut memory.setbacks, self.most_pairs, |setback| !forgotten(setback));
        let before = memory.setbacks.get(&pair).filter(|setback| !forgotten(setback)).map_or(0, |it| it.failures);
        // Without room rules 1 and 3 still hold.
        if before > 0 || memory.setbacks.len() < self.most_pairs {
            memory.setbacks.insert(pair, Setback { failures: before.saturating_add(1), last: now });
        }
        Ok(reading)
    }

    /// The attempt was the owner's: its address has no failures and is known.
    pub fn succeeded(&self, account: Account, client: Network) {
        let now = self.clock.elapsed();
        let mut memory = self.memory();
        memory.setbacks.remove(&(account, client));
        make_room(&mut memory.known, self.most_pairs, |at| now.saturating_sub(*at) < KNOWN_FOR);
        if memory.known.len() >= self.most_pairs
            && let Some(oldest) = memory.known.iter().min_by_key(|(_, at)| **at).map(|(pair, _)| *pair)
        {
            memory.known.remove(&oldest);
        }
        memory.known.insert((account, client), now);
    }

    /// Forgets what no longer limits anybody.
    pub fn tidy(&self) {
        self.by_address.iter().for_each(Limiter::tidy);
        self.by_account.iter().for_each(Limiter::tidy);
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When `map` is full, drops what need not be kept.
fn make_room<V>(map: &mut HashMap<Pair, V>, most: usize, keep: impl Fn(&V) -> bool) {
    if map.len() >= most {
        map.retain(|_, value| keep(value));
    }
}

fn held_back(wait: Duration) -> Exceeded {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let reading = Reading {
        policy: "sign-in",
        quota: FREE_FAILURES,
        window_seconds: LONGEST_WAIT.as_secs(),
        remaining: 0,
        full_in_seconds: seconds,
    };
    Exceeded { reading, retry_after_seconds: seconds.max(1) }
}

/// The answer to an attempt that comes too soon: the same whichever rule says so, and whether or not anybody has the
/// account.
#[must_use]
pub fn too_soon(exceeded: &Exceeded) -> Problem {
    metrics::counter!("sign_ins_total", "outcome" => "limited").increment(1);
    let seconds = exceeded.retry_after_seconds;
    Problem::too_many_requests(format!("too many attempts to sign in; wait {seconds} s"), seconds)
}
