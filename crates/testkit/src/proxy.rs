//! A TCP proxy that counts, delays and breaks what passes through it.
//!
//! A round trip is a change of direction: the client speaks after the server has spoken. That is
//! what a network makes it wait for, however many messages travel together.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// COMMIT as the driver sends it: a simple query.
const COMMIT: &[u8] = b"Q\0\0\0\x0bcommit\0";
/// The server's word that it has committed.
const COMMITTED: &[u8] = b"COMMIT\0";

/// What happens to the next COMMIT that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitFault {
    /// The connection is cut and COMMIT never reaches the server.
    CutBefore,
    /// The server commits, and the connection is cut before it can say so.
    CutAfter,
}

/// A proxy on a port of 127.0.0.1 in front of another.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Shared {
    round_trips: AtomicUsize,
    connections: AtomicUsize,
    delay_micros: AtomicU64,
    away: AtomicBool,
    commit_fault: Mutex<Option<CommitFault>>,
    links: Mutex<Vec<Arc<Link>>>,
}

/// One connection through the proxy.
#[derive(Debug, Default)]
struct Link {
    client_spoke_last: AtomicBool,
    swallow: AtomicBool,
    withheld: AtomicBool,
    hide_commit: AtomicBool,
    reset: AtomicBool,
    end: Notify,
}

impl Proxy {
    /// Starts one in front of `target` on 127.0.0.1.
    ///
    /// # Panics
    /// If no port is free.
    pub async fn start(target: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(accept(listener, target, Arc::clone(&shared)));
        Self { port, shared, task }
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Round trips since the last call, over all connections.
    pub fn take_round_trips(&self) -> usize {
        self.shared.round_trips.swap(0, Ordering::SeqCst)
    }

    /// Connections taken since the start.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Holds everything back for this long, each way.
    pub fn delay(&self, each_way: Duration) {
        let micros = u64::try_from(each_way.as_micros()).unwrap_or(u64::MAX);
        self.shared.delay_micros.store(micros, Ordering::SeqCst);
    }

    /// For how long it holds everything back, each way.
    pub fn delayed(&self) -> Duration {
        Duration::from_micros(self.shared.delay_micros.load(Ordering::SeqCst))
    }

    /// Breaks the connection around the next COMMIT.
    pub fn at_next_commit(&self, fault: CommitFault) {
        *lock(&self.shared.commit_fault) = Some(fault);
    }

    /// Closes every connection there is.
    pub fn cut(&self) {
        self.each(|link| link.end.notify_one());
    }

    /// Ends every connection there is with a TCP reset.
    pub fn reset(&self) {
        self.each(|link| {
            link.reset.store(true, Ordering::SeqCst);
            link.end.notify_one();
        });
    }

    /// Leaves every connection there is half-open: it stays, and nothing passes any more.
    pub fn swallow(&self) {
        self.each(|link| link.swallow.store(true, Ordering::SeqCst));
    }

    /// The server goes away: connections are reset, and new ones too, until it is back.
    pub fn away(&self, away: bool) {
        self.shared.away.store(away, Ordering::SeqCst);
        if away {
            self.reset();
        }
    }

    fn each(&self, act: impl Fn(&Link)) {
        lock(&self.shared.links).iter().for_each(|link| act(link));
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
        self.cut();
    }
}

async fn accept(listener: TcpListener, target: u16, shared: Arc<Shared>) {
    while let Ok((client, _)) = listener.accept().await {
        shared.connections.fetch_add(1, Ordering::SeqCst);
        let link = Arc::new(Link::default());
        lock(&shared.links).push(Arc::clone(&link));
        tokio::spawn(carry(client, target, link, Arc::clone(&shared)));
    }
}

async fn carry(mut client: TcpStream, target: u16, link: Arc<Link>, shared: Arc<Shared>) {
    let away = shared.away.load(Ordering::SeqCst);
    let server = TcpStream::connect(("127.0.0.1", target)).await.ok().filter(|_| !away);
    if let Some(mut server) = server {
        // The delay is ours to choose, not the kernel's.
        drop(client.set_nodelay(true));
        drop(server.set_nodelay(true));
        let (client_reads, client_writes) = client.split();
        let (server_reads, server_writes) = server.split();
        tokio::select! {
            () = pump(client_reads, server_writes, &shared, |chunk| link.upwards(&shared, chunk)) => {}
            () = pump(server_reads, client_writes, &shared, |chunk| link.downwards(chunk)) => {}
            () = link.end.notified() => {}
        }
    } else {
        link.reset.store(true, Ordering::SeqCst);
    }
    if link.reset.load(Ordering::SeqCst) {
        drop(client.set_zero_linger());
    }
    lock(&shared.links).retain(|other| !Arc::ptr_eq(other, &link));
}

impl Link {
    /// What of the client's `chunk` reaches the server.
    fn upwards(&self, shared: &Shared, chunk: &mut Vec<u8>) {
        if !self.client_spoke_last.swap(true, Ordering::SeqCst) {
            shared.round_trips.fetch_add(1, Ordering::SeqCst);
        }
        if self.swallow.load(Ordering::SeqCst) || self.withheld.load(Ordering::SeqCst) {
            chunk.clear();
        }
        let Some(place) = chunk.windows(COMMIT.len()).position(|window| window == COMMIT) else {
            return;
        };
        match lock(&shared.commit_fault).take() {
            Some(CommitFault::CutBefore) => {
                chunk.truncate(place);
                self.withheld.store(true, Ordering::SeqCst);
                if place == 0 {
                    self.end.notify_one();
                }
            }
            Some(CommitFault::CutAfter) => self.hide_commit.store(true, Ordering::SeqCst),
            None => {}
        }
    }

    /// What of the server's `chunk` reaches the client.
    fn downwards(&self, chunk: &mut Vec<u8>) {
        self.client_spoke_last.store(false, Ordering::SeqCst);
        let committed = || chunk.windows(COMMITTED.len()).any(|window| window == COMMITTED);
        let withheld = self.withheld.load(Ordering::SeqCst);
        if withheld || (self.hide_commit.load(Ordering::SeqCst) && committed()) {
            self.end.notify_one();
            chunk.clear();
        }
        if self.swallow.load(Ordering::SeqCst) {
            chunk.clear();
        }
    }
}

/// Carries one direction, each chunk as long after its arrival as the delay says.
async fn pump(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    shared: &Shared,
    filter: impl Fn(&mut Vec<u8>),
) {
    let (queue, mut queued) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let read = async move {
        let mut buffer = vec![0; 65_536];
        while let Ok(length @ 1..) = from.read(&mut buffer).await {
            let delay = Duration::from_micros(shared.delay_micros.load(Ordering::SeqCst));
            if queue.send((Instant::now() + delay, buffer[..length].to_vec())).is_err() {
                return;
            }
        }
    };
    let write = async {
        while let Some((due, mut chunk)) = queued.recv().await {
            until(due).await;
            filter(&mut chunk);
            if !chunk.is_empty() && to.write_all(&chunk).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(read, write);
}

/// Returns at `due`. The runtime's own timer counts in whole milliseconds and rounds up, so half a
/// millisecond each way would come to three or four for a round trip; a thread sleeps to within 0.1.
async fn until(due: Instant) {
    let left = due.saturating_duration_since(Instant::now());
    if !left.is_zero() {
        // Fails only when the runtime ends, and the proxy with it.
        drop(tokio::task::spawn_blocking(move || std::thread::sleep(left)).await);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
