//! The bad network: a proxy that delays, cuts, resets, sends twice, loses answers and is slow.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::chance::Chance;

/// What becomes of one request and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    Passed,
    Delayed,
    CutOnItsWay,
    Reset,
    SentTwice,
    AnswerLost,
    AnswerCut,
    Slow,
}

/// The faults, without what merely passes.
pub const FAULTS: [Fate; 7] = [
    Fate::Delayed,
    Fate::CutOnItsWay,
    Fate::Reset,
    Fate::SentTwice,
    Fate::AnswerLost,
    Fate::AnswerCut,
    Fate::Slow,
];

/// Bytes in a twentieth of a second at 20 KB/s.
const SLOWLY: usize = 1000;

/// How often each happened, to requests that reached the server or would have.
pub type Counts = Rc<RefCell<BTreeMap<Fate, usize>>>;

/// Listens on a port of its own and passes everything on to another; `percent` of it meets a fault.
pub async fn start(to: u16, percent: u64, seed: u64) -> (u16, Counts) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    let counts = Counts::default();
    let counted = Rc::clone(&counts);
    tokio::task::spawn_local(async move {
        let chance = Rc::new(Chance::of(seed));
        while let Ok((client, _)) = listener.accept().await {
            let faulty = chance.below(100) < percent;
            let fate = match faulty {
                true => FAULTS[chance.below(FAULTS.len() as u64) as usize],
                false => Fate::Passed,
            };
            let (chance, counts) = (Rc::clone(&chance), Rc::clone(&counted));
            tokio::task::spawn_local(async move {
                if pass(client, to, fate, &chance).await.is_some() {
                    *counts.borrow_mut().entry(fate).or_default() += 1;
                }
            });
        }
    });
    (port, counts)
}

/// One request, one answer, one connection. `None` where the fate did not come about: the server was
/// being killed.
async fn pass(mut client: TcpStream, to: u16, fate: Fate, chance: &Chance) -> Option<()> {
    let request = request(&mut client).await?;
    match fate {
        Fate::Delayed => tokio::time::sleep(Duration::from_millis(20 + chance.below(400))).await,
        Fate::Reset => {
            // Closed at once, with a reset instead of an end.
            client.set_zero_linger().ok()?;
            return Some(());
        }
        Fate::CutOnItsWay => {
            let mut server = TcpStream::connect(("127.0.0.1", to)).await.ok()?;
            let cut = chance.below(request.len() as u64) as usize;
            server.write_all(&request[..cut]).await.ok()?;
            tokio::time::sleep(Duration::from_millis(chance.below(30))).await;
            return Some(());
        }
        _ => {}
    }
    let answer = ask(to, &request, fate == Fate::Slow).await?;
    match fate {
        Fate::AnswerLost => return Some(()),
        Fate::AnswerCut => {
            let cut = chance.below(answer.len() as u64) as usize;
            client.write_all(&answer[..cut]).await.ok()?;
            return Some(());
        }
        Fate::SentTwice => drop(ask(to, &request, false).await?),
        _ => {}
    }
    client.write_all(&answer).await.ok()?;
    client.shutdown().await.ok()
}

async fn ask(to: u16, request: &[u8], slowly: bool) -> Option<Vec<u8>> {
    let mut server = TcpStream::connect(("127.0.0.1", to)).await.ok()?;
    if slowly {
        for some in request.chunks(SLOWLY) {
            server.write_all(some).await.ok()?;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    } else {
        server.write_all(request).await.ok()?;
    }
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await.ok()?;
    (!answer.is_empty()).then_some(answer)
}

/// A whole request, by its content-length.
async fn request(client: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    let mut block = vec![0; 64 * 1024];
    loop {
        let read = client
            .read(&mut block)
            .await
            .ok()
            .filter(|read| *read > 0)?;
        request.extend_from_slice(&block[..read]);
        let Some(head) = request.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let text = String::from_utf8_lossy(&request[..head]).to_ascii_lowercase();
        let length = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
        if request.len() >= head + 4 + length.unwrap_or(0) {
            return Some(request);
        }
    }
}
