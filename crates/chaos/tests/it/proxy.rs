//! What the proxy does to real connections.

use std::net::SocketAddr;
use std::time::Duration;

use chaos::proxy::{Link, Way, Weather};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Long enough for anything that comes, and waited for only where nothing may come.
const A_WHILE: Duration = Duration::from_millis(300);
const QUESTION: [u8; 200] = [7; 200];

/// A server that tells what it hears and sends it back.
async fn echo() -> anyhow::Result<(SocketAddr, mpsc::UnboundedReceiver<usize>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (heard, hear) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let heard = heard.clone();
            tokio::spawn(async move {
                let mut buffer = [0; 1024];
                while let Ok(length @ 1..) = stream.read(&mut buffer).await {
                    // Nobody listens any more at the end of a test.
                    let _ = heard.send(length);
                    if stream.write_all(&buffer[..length]).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    Ok((address, hear))
}

async fn ask(stream: &mut TcpStream) -> std::io::Result<[u8; 200]> {
    stream.write_all(&QUESTION).await?;
    let mut answer = [0; 200];
    stream.read_exact(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn a_partition_holds_back_and_delivers_late() -> anyhow::Result<()> {
    let (server, mut heard) = echo().await?;
    let link = Link::open("test", server, None).await?;
    let mut client = TcpStream::connect(link.address()).await?;
    assert_eq!(ask(&mut client).await?, QUESTION);
    heard.recv().await;

    link.set(Weather::Partition);
    assert!(timeout(A_WHILE, ask(&mut client)).await.is_err());
    assert!(heard.try_recv().is_err(), "the question must not arrive");
    link.set(Weather::OneWay(Way::ToClient));
    assert_eq!(timeout(A_WHILE, heard.recv()).await?, Some(QUESTION.len()), "now it arrives, late");
    let mut answer = [0; 200];
    assert!(timeout(A_WHILE, client.read_exact(&mut answer)).await.is_err(), "and is not answered");
    link.set(Weather::Clear);
    client.read_exact(&mut answer).await?;
    assert_eq!(answer, QUESTION);
    Ok(())
}

#[tokio::test]
async fn a_swallowed_answer_is_one_to_a_question_that_arrived() -> anyhow::Result<()> {
    let (server, mut heard) = echo().await?;
    let link = Link::open("test", server, None).await?;
    let mut client = TcpStream::connect(link.address()).await?;
    ask(&mut client).await?;
    heard.recv().await;

    link.swallow_answers();
    let cut = ask(&mut client).await.expect_err("no answer may come");
    assert_eq!(cut.kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(heard.recv().await, Some(QUESTION.len()), "it was done");
    let mut another = TcpStream::connect(link.address()).await?;
    assert_eq!(ask(&mut another).await?, QUESTION, "a connection made afterwards is as before");
    Ok(())
}

#[tokio::test]
async fn connections_are_cut_and_refused() -> anyhow::Result<()> {
    let (server, _heard) = echo().await?;
    let link = Link::open("test", server, None).await?;
    let mut client = TcpStream::connect(link.address()).await?;
    ask(&mut client).await?;
    link.cut();
    assert!(ask(&mut client).await.is_err());

    link.set(Weather::Refuse);
    let mut refused = TcpStream::connect(link.address()).await?;
    assert!(ask(&mut refused).await.is_err());
    link.set(Weather::Clear);
    let mut again = TcpStream::connect(link.address()).await?;
    assert_eq!(ask(&mut again).await?, QUESTION);
    Ok(())
}
