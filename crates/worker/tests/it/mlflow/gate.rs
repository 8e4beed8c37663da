//! What stands between a worker and MLflow, to be shut, and to swallow one answer.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

pub(crate) struct Gate {
    pub(crate) address: SocketAddr,
    /// Told when the answer to a creation was swallowed.
    pub(crate) swallowed: Arc<Notify>,
    mode: watch::Sender<Mode>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Every connection is closed at once.
    Shut,
    Open,
    /// The answer to the creation of a run never arrives.
    SwallowCreation,
}

impl Gate {
    pub(crate) async fn before(mlflow: SocketAddr, mode: Mode) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (mode, looked_at) = watch::channel(mode);
        let swallowed = Arc::new(Notify::new());
        let noted = Arc::clone(&swallowed);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, mlflow, looked_at.clone(), Arc::clone(&noted)));
            }
        });
        Self { address, swallowed, mode }
    }

    pub(crate) fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }

    pub(crate) fn uri(&self) -> String {
        format!("http://{}/mlflow", self.address)
    }
}

async fn pass(mut client: TcpStream, mlflow: SocketAddr, mode: watch::Receiver<Mode>, swallowed: Arc<Notify>) {
    if *mode.borrow() == Mode::Shut {
        return;
    }
    let mut server = TcpStream::connect(mlflow).await.unwrap();
    if *mode.borrow() == Mode::Open {
        let _ = copy_bidirectional(&mut client, &mut server).await;
        return;
    }
    let (mut asked, mut answered) = (vec![0; 65536], vec![0; 65536]);
    let mut creating = false;
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Ok(length @ 1..) = read else { return };
                creating |= String::from_utf8_lossy(&asked[..length]).contains("/runs/create");
                server.write_all(&asked[..length]).await.unwrap();
            }
            read = server.read(&mut answered) => {
                let Ok(length @ 1..) = read else { return };
                if creating {
                    swallowed.notify_one();
                    // Held until the worker is gone.
                    let _ = client.read(&mut asked).await;
                    return;
                }
                if client.write_all(&answered[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}
