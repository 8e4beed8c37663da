//! From the gateway's one subscription to its readers: an event wakes those who read about its job or in its workspace,
//! and nobody else, so that thousands of open streams cost nothing while other people's analyses run.
//!
//! Each reader has a mailbox of at most [`MAILBOX`] events, which share their memory with those of all other readers. Who
//! takes nothing out of a full one holds up nobody: what comes is dropped, and the reader is told [`News::Interrupted`]
//! when it reads on.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::ids::{JobId, WorkspaceId};
use domain::progress::Envelope;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// Events that a reader may be behind before it has to replay.
const MAILBOX: usize = 1024;

/// What readers ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Topic {
    /// One job.
    Job(JobId),
    /// All jobs of a workspace.
    Workspace(WorkspaceId),
}

/// What a reader hears.
#[derive(Debug, Clone)]
pub(crate) enum News {
    /// Something happened to a job.
    Event(Arc<Envelope>),
    /// Something may have been missed: replay what matters.
    Interrupted,
}

/// Everybody who reads; clones are the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hub {
    readers: Arc<Mutex<Readers>>,
}

#[derive(Debug, Default)]
struct Readers {
    next: u64,
    mailboxes: HashMap<u64, Mailbox>,
    by_topic: HashMap<Topic, Vec<u64>>,
}

#[derive(Debug)]
struct Mailbox {
    news: Sender<News>,
    overflowed: Arc<AtomicBool>,
    topics: Vec<Topic>,
}

impl Mailbox {
    fn put(&self, news: News) {
        if let Err(TrySendError::Full(news)) = self.news.try_send(news) {
            self.overflowed.store(true, Ordering::Release);
            // Should the reader have emptied it since, this wakes it to see that.
            let _still_full = self.news.try_send(news);
        }
    }
}

impl Readers {
    fn enter(&mut self, reader: u64, topics: &[Topic]) {
        for topic in topics {
            self.by_topic.entry(*topic).or_default().push(reader);
        }
    }

    fn leave(&mut self, reader: u64, topics: &[Topic]) {
        for topic in topics {
            if let Some(readers) = self.by_topic.get_mut(topic) {
                readers.retain(|present| *present != reader);
                if readers.is_empty() {
                    self.by_topic.remove(topic);
                }
            }
        }
    }
}

impl Hub {
    /// A reader of `topics` from now on.
    pub(crate) fn subscribe(&self, topics: Vec<Topic>) -> Subscription {
        let (sender, news) = mpsc::channel(MAILBOX);
        let overflowed = Arc::new(AtomicBool::new(false));
        let mut readers = self.readers();
        let reader = readers.next;
        readers.next += 1;
        readers.enter(reader, &topics);
        readers.mailboxes.insert(reader, Mailbox { news: sender, overflowed: Arc::clone(&overflowed), topics });
        drop(readers);
        Subscription { hub: self.clone(), reader, news, overflowed }
    }

    /// Tells an event to those who read about it.
    pub(crate) fn tell(&self, event: &Arc<Envelope>) {
        let readers = self.readers();
        for topic in [Topic::Job(event.job), Topic::Workspace(event.workspace)] {
            for reader in readers.by_topic.get(&topic).into_iter().flatten() {
                if let Some(mailbox) = readers.mailboxes.get(reader) {
                    mailbox.put(News::Event(Arc::clone(event)));
                }
            }
        }
    }

    /// Tells everybody that something may have been missed.
    pub(crate) fn interrupt(&self) {
        for mailbox in self.readers().mailboxes.values() {
            mailbox.put(News::Interrupted);
        }
    }

    fn readers(&self) -> MutexGuard<'_, Readers> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One reader's mailbox. Dropped, it is gone from the hub.
#[derive(Debug)]
pub(crate) struct Subscription {
    hub: Hub,
    reader: u64,
    news: Receiver<News>,
    overflowed: Arc<AtomicBool>,
}

impl Subscription {
    /// The next news; waits for it. May be dropped and called again.
    pub(crate) async fn next(&mut self) -> News {
        // The hub, of which this is a part, keeps the other end.
        let Some(news) = self.news.recv().await else { return std::future::pending().await };
        if !self.overflowed.load(Ordering::Acquire) {
            return news;
        }
        // What is missing came after what is here, and a replay tells all of it.
        while self.overflowed.swap(false, Ordering::AcqRel) {
            while self.news.try_recv().is_ok() {}
        }
        News::Interrupted
    }

    /// Reads about other topics from now on.
    pub(crate) fn change(&mut self, topics: Vec<Topic>) {
        let mut readers = self.hub.readers();
        let Some(before) = readers.mailboxes.get(&self.reader).map(|mailbox| mailbox.topics.clone()) else { return };
        if before != topics {
            readers.leave(self.reader, &before);
            readers.enter(self.reader, &topics);
            if let Some(mailbox) = readers.mailboxes.get_mut(&self.reader) {
                mailbox.topics = topics;
            }
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut readers = self.hub.readers();
        if let Some(mailbox) = readers.mailboxes.remove(&self.reader) {
            readers.leave(self.reader, &mailbox.topics);
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::ids::UserId;
    use domain::job::JobState;
    use domain::progress::JobEvent;
    use futures::FutureExt as _;
    use uuid::Uuid;

    use super::*;

    fn job(number: u128) -> JobId {
        Uuid::from_u128(number).into()
    }

    fn workspace(number: u128) -> WorkspaceId {
        Uuid::from_u128(number).into()
    }

    fn event(of: u128, within: u128, seq: u64) -> Arc<Envelope> {
        let event = JobEvent::State { state: JobState::Running, failure: None };
        let owner: UserId = Uuid::from_u128(9).into();
        Arc::new(Envelope { job: job(of), workspace: workspace(within), owner, attempt: 1, seq, event })
    }

    /// The numbers heard so far; 0 for an interruption.
    fn heard(subscription: &mut Subscription) -> Vec<u64> {
        std::iter::from_fn(|| subscription.next().now_or_never())
            .map(|news| match news {
                News::Event(event) => event.seq,
                News::Interrupted => 0,
            })
            .collect()
    }

    #[test]
    fn an_event_reaches_its_readers_and_nobody_else() {
        let hub = Hub::default();
        let mut one = hub.subscribe(vec![Topic::Job(job(1))]);
        let mut other = hub.subscribe(vec![Topic::Job(job(2))]);
        let mut all = hub.subscribe(vec![Topic::Workspace(workspace(7)), Topic::Workspace(workspace(8))]);
        for (seq, (of, within)) in (1..).zip([(1, 7), (2, 8), (3, 9)]) {
            hub.tell(&event(of, within, seq));
        }
        assert_eq!((heard(&mut one), heard(&mut other), heard(&mut all)), (vec![1], vec![2], vec![1, 2]));
        all.change(vec![Topic::Workspace(workspace(9))]);
        hub.tell(&event(1, 7, 4));
        hub.tell(&event(3, 9, 5));
        assert_eq!(heard(&mut all), [5]);
    }

    #[test]
    fn who_sleeps_is_bounded_and_told_once_of_what_it_missed() {
        let hub = Hub::default();
        let mut sleeper = hub.subscribe(vec![Topic::Job(job(1))]);
        let told = event(1, 7, 1);
        for _ in 0..10 * MAILBOX {
            hub.tell(&told);
        }
        assert_eq!(Arc::strong_count(&told), 1 + MAILBOX);
        assert_eq!(heard(&mut sleeper), [0]);
        assert_eq!(Arc::strong_count(&told), 1);
        hub.tell(&event(1, 7, 2));
        hub.interrupt();
        assert_eq!(heard(&mut sleeper), [2, 0]);
    }

    #[test]
    fn who_goes_leaves_nothing_behind() {
        let hub = Hub::default();
        for number in 0..1000 {
            hub.subscribe(vec![Topic::Job(job(number)), Topic::Workspace(workspace(number))]);
        }
        let readers = hub.readers();
        assert!(readers.mailboxes.is_empty() && readers.by_topic.is_empty());
    }
}
