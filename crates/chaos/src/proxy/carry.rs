//! One connection through a [`super::Link`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::watch;

use super::frames::Rewriter;
use super::{Shared, State, Way, Weather, reset};

const PIECE_BYTES: usize = 32 << 10;
/// Shorter questions are pings, whose answers nobody misses.
const A_QUESTION_BYTES: usize = 120;

/// How a connection ended.
enum End {
    Closed,
    Reset,
}

/// Carries bytes both ways until either side ends or the link cuts the connection.
pub(super) async fn carry(mut client: TcpStream, shared: Arc<Shared>) {
    let state = shared.state.subscribe();
    let begin = *state.borrow();
    if begin.weather == Weather::Refuse {
        return reset(&client);
    }
    let Ok(mut server) = TcpStream::connect(shared.upstream).await else { return reset(&client) };
    for stream in [&client, &server] {
        // Without it bytes only pass a little later.
        let _ = stream.set_nodelay(true);
    }
    let asked = AtomicBool::new(false);
    let end = {
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        let way = |way| Lane { way, begin, state: state.clone(), asked: &asked };
        let rewriter = shared.removal.as_ref().map(|removal| Rewriter::new(Arc::clone(removal)));
        tokio::select! {
            end = way(Way::ToServer).pump(from_client, to_server, rewriter) => end,
            end = way(Way::ToClient).pump(from_server, to_client, None) => end,
            () = cut(state.clone(), begin) => End::Reset,
        }
    };
    if matches!(end, End::Reset) {
        reset(&client);
        reset(&server);
    }
}

async fn cut(mut state: watch::Receiver<State>, begin: State) {
    // The link is gone: so is its connection.
    let _ = state.wait_for(|state| state.cuts > begin.cuts).await;
}

/// One direction of a connection.
struct Lane<'a> {
    way: Way,
    begin: State,
    state: watch::Receiver<State>,
    /// A question went to the server since answers are to be swallowed.
    asked: &'a AtomicBool,
}

impl Lane<'_> {
    async fn pump(mut self, mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, mut rewriter: Option<Rewriter>) -> End {
        let mut buffer = vec![0; PIECE_BYTES];
        loop {
            let Ok(length @ 1..) = from.read(&mut buffer).await else { return End::Closed };
            self.hold_back(length).await;
            let swallowing = self.state.borrow().swallows > self.begin.swallows;
            if swallowing && self.way == Way::ToClient && self.asked.load(Ordering::Relaxed) {
                return End::Reset;
            }
            let piece = &buffer[..length];
            let written = match &mut rewriter {
                Some(rewriter) => to.write_all(&rewriter.pass(piece)).await,
                None => to.write_all(piece).await,
            };
            if written.is_err() {
                return End::Closed;
            }
            if swallowing && self.way == Way::ToServer && length >= A_QUESTION_BYTES {
                self.asked.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Waits as long as the weather says.
    async fn hold_back(&mut self, length: usize) {
        let way = self.way;
        let blocked = |weather| weather == Weather::Partition || weather == Weather::OneWay(way);
        let weather = match self.state.wait_for(|state| !blocked(state.weather)).await {
            Ok(state) => state.weather,
            Err(_gone) => return,
        };
        if let Weather::Slow { delay, bytes_per_s } = weather {
            tokio::time::sleep(delay + Duration::from_secs_f64(length as f64 / f64::from(bytes_per_s.max(1)))).await;
        }
    }
}
