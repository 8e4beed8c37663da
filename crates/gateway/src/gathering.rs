//! Questions to Postgres, asked together: one statement for all that wait, at once when none does.
//!
//! While a statement is under way the questions that come gather, and the next takes all of them: one alone is asked
//! immediately, many at once share a statement, its transaction and its commit. Nothing is answered from before it was
//! asked.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc, oneshot};

/// Questions in one statement.
const BATCH: usize = 64;

type Asked<Q, A> = (Q, oneshot::Sender<A>);

/// Where handlers ask; clones share the askers.
#[derive(Debug)]
pub(crate) struct Gathering<Q, A> {
    sender: mpsc::Sender<Asked<Q, A>>,
}

impl<Q, A> Clone for Gathering<Q, A> {
    fn clone(&self) -> Self {
        Self { sender: self.sender.clone() }
    }
}

impl<Q: Send + 'static, A: Send + 'static> Gathering<Q, A> {
    /// Starts as many askers as statements may be under way at once; they end when the last clone is gone.
    ///
    /// `ask_all` gives as many answers as it was given questions, in their order.
    pub(crate) fn start<F>(at_once: usize, ask_all: impl Fn(Vec<Q>) -> F + Clone + Send + 'static) -> Self
    where
        F: Future<Output = Vec<A>> + Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(BATCH);
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..at_once {
            tokio::spawn(answer_all(Arc::clone(&receiver), ask_all.clone()));
        }
        Self { sender }
    }

    /// Asks, together with others that wait; nothing when the asker is gone.
    pub(crate) async fn ask(&self, question: Q) -> Option<A> {
        let (sender, answer) = oneshot::channel();
        self.sender.send((question, sender)).await.ok()?;
        answer.await.ok()
    }
}

async fn answer_all<Q, A, F>(asked: Arc<Mutex<mpsc::Receiver<Asked<Q, A>>>>, ask_all: impl Fn(Vec<Q>) -> F)
where
    F: Future<Output = Vec<A>>,
{
    loop {
        let mut waiting = Vec::new();
        if asked.lock().await.recv_many(&mut waiting, BATCH).await == 0 {
            return;
        }
        let (questions, senders): (Vec<Q>, Vec<_>) = waiting.into_iter().unzip();
        for (sender, answer) in senders.into_iter().zip(ask_all(questions).await) {
            // Who has gone meanwhile needs no answer.
            let _ = sender.send(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::join_all;

    use super::*;

    #[tokio::test]
    async fn many_questions_at_once_are_few_statements_and_each_gets_its_own_answer() {
        let statements = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&statements);
        let doubling = Gathering::start(1, move |questions: Vec<u32>| {
            counted.fetch_add(1, Ordering::Relaxed);
            async move { questions.into_iter().map(|question| question * 2).collect() }
        });
        assert_eq!(doubling.ask(21).await, Some(42));
        assert_eq!(statements.load(Ordering::Relaxed), 1, "one alone does not wait");
        let answers = join_all((0..256).map(|question| doubling.ask(question))).await;
        assert_eq!(answers, (0..256).map(|question| Some(question * 2)).collect::<Vec<_>>());
        let many = statements.load(Ordering::Relaxed) - 1;
        assert!((4..=32).contains(&many), "{many} statements for 256 questions");
    }
}
