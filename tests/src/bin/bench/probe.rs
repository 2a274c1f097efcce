//! What a link is really like, told by bare TCP before anything else uses it: its round trip,
//! and the rate of one connection, which is the most a client can reach.

use crate::Result;
use crate::results::{Metrics, median};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Instant;

/// Round trips of which the median counts.
const TRIPS: usize = 11;
/// Bytes in one write.
const CHUNK: usize = 256 * 1024;

/// Asks for an echo of every byte.
const ECHO: u8 = b'e';
/// Asks for so many bytes; the count follows.
const SEND: u8 = b's';
/// Announces so many bytes, which are answered with one; the count follows.
const TAKE: u8 = b't';

/// Serves probes for as long as the process lives; answers the port.
pub(crate) fn serve(host: Ipv4Addr) -> Result<u16> {
    let listener = TcpListener::bind((host, 0))?;
    let port = listener.local_addr()?.port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A prober that goes away has its reasons.
            std::thread::spawn(move || answer(stream).ok());
        }
    });
    Ok(port)
}

fn answer(mut stream: TcpStream) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut what = [0];
    stream.read_exact(&mut what)?;
    match what {
        [ECHO] => loop {
            stream.read_exact(&mut what)?;
            stream.write_all(&what)?;
        },
        [SEND] => {
            let count = read_count(&mut stream)?;
            send(&mut stream, count)
        }
        _ => {
            let count = read_count(&mut stream)?;
            take(&mut stream, count)?;
            Ok(stream.write_all(&[0])?)
        }
    }
}

/// Median of round trips, in seconds.
pub(crate) fn round_trip(to: (Ipv4Addr, u16)) -> Result<Metrics> {
    let mut stream = TcpStream::connect(to)?;
    stream.set_nodelay(true)?;
    stream.write_all(&[ECHO])?;
    let mut times = Vec::new();
    for _ in 0..TRIPS {
        let start = Instant::now();
        stream.write_all(b"x")?;
        stream.read_exact(&mut [0])?;
        times.push(start.elapsed().as_secs_f64());
    }
    let trip = median(&times).unwrap_or_default();
    Ok(Metrics::from([("round_trip".to_owned(), trip)]))
}

/// The time one connection takes for so many bytes, either way.
pub(crate) fn bulk(to: (Ipv4Addr, u16), count: u64, down: bool) -> Result<Metrics> {
    let start = Instant::now();
    let mut stream = TcpStream::connect(to)?;
    stream.write_all(&[if down { SEND } else { TAKE }])?;
    stream.write_all(&count.to_be_bytes())?;
    if down {
        take(&mut stream, count)?;
    } else {
        send(&mut stream, count)?;
        stream.read_exact(&mut [0])?;
    }
    let seconds = start.elapsed().as_secs_f64();
    Ok(Metrics::from([("seconds".to_owned(), seconds)]))
}

fn read_count(stream: &mut TcpStream) -> Result<u64> {
    let mut count = [0; 8];
    stream.read_exact(&mut count)?;
    Ok(u64::from_be_bytes(count))
}

fn send(stream: &mut TcpStream, count: u64) -> Result<()> {
    std::io::copy(
        &mut std::io::repeat(0).take(count),
        &mut Writer::with_capacity(CHUNK, stream),
    )?;
    Ok(())
}

fn take(stream: &mut TcpStream, count: u64) -> Result<()> {
    let mut buffer = vec![0; CHUNK];
    let mut left = count;
    while left > 0 {
        let most = buffer.len().min(usize::try_from(left)?);
        let got = stream.read(buffer.get_mut(..most).unwrap_or_default())?;
        if got == 0 {
            return Err("the connection ended early".into());
        }
        left -= got as u64;
    }
    Ok(())
}

/// Writes in large pieces.
type Writer<'a> = std::io::BufWriter<&'a mut TcpStream>;
