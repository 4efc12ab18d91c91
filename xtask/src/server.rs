//! A file server for one folder, enough for one person's browser.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;

/// Ports that are tried one after the other.
const PORTS_TRIED: u16 = 100;

/// A port on this machine: `port`, or the next that is free.
///
/// # Errors
/// If none of a hundred ports is free.
pub fn listen(port: u16) -> io::Result<TcpListener> {
    let mut last = io::Error::other("no port");
    for port in port..=port.saturating_add(PORTS_TRIED) {
        // "localhost" is [::1] as well: a port that somebody else serves there is taken too.
        if port > 0 && TcpListener::bind(("::1", port)).is_err_and(|error| error.kind() == io::ErrorKind::AddrInUse) {
            continue;
        }
        match TcpListener::bind(("127.0.0.1", port)) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Serves the files in `folder` until the process ends, each connection on its own thread.
pub fn serve(listener: TcpListener, folder: &Path) {
    let folder: Arc<Path> = folder.into();
    for stream in listener.incoming().flatten() {
        let folder = Arc::clone(&folder);
        // A browser that goes away in the middle of an answer is no error of ours.
        thread::spawn(move || drop(answer(&stream, &folder)));
    }
}

/// Answers one request and closes the connection.
fn answer(stream: &TcpStream, folder: &Path) -> io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    for header in lines {
        if header?.is_empty() {
            break;
        }
    }
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut stream = stream;
    if !matches!(method, "GET" | "HEAD") {
        return write!(stream, "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
    let file = resolve(folder, target).and_then(|path| Some((fs::read(&path).ok()?, content_type(&path))));
    let (status, content_type, body) = match file {
        Some((body, content_type)) => ("200 OK", content_type, body),
        None => ("404 Not Found", "text/plain; charset=utf-8", b"not found\n".to_vec()),
    };
    write!(stream, "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n", body.len())?;
    write!(stream, "Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n")?;
    if method == "GET" { stream.write_all(&body) } else { Ok(()) }
}

/// The file that a request's `target` names; none for a way out of `folder`.
fn resolve(folder: &Path, target: &str) -> Option<PathBuf> {
    let decoded = percent_decoded(target.split(['?', '#']).next()?)?;
    let relative = Path::new(decoded.trim_start_matches('/'));
    let inside = relative.components().all(|part| matches!(part, Component::Normal(_))) && !decoded.contains('\\');
    let path = folder.join(relative);
    // A folder's own page only where its address ends in a slash, else the page's relative links lead astray.
    inside.then(|| if decoded.ends_with('/') { path.join("index.html") } else { path })
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(decoded).ok()
}

/// The data files are gzip by name and content, so they go out as they are: no Content-Encoding.
fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("gz") => "application/gzip",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_target_names_a_file_in_the_folder_and_nothing_outside() {
        let folder = Path::new("/site");
        assert_eq!(resolve(folder, "/"), Some("/site/index.html".into()));
        assert_eq!(resolve(folder, "/data/a%20b.gz?x=../y"), Some("/site/data/a b.gz".into()));
        for out in ["/../secret", "/a/%2e%2e/%2e%2e/secret", "/..%2fsecret", "/a/..\\..\\secret", "/%zz", "/%e0%a4"] {
            assert_eq!(resolve(folder, out), None, "{out}");
        }
        assert_eq!(resolve(folder, "//etc/passwd"), Some("/site/etc/passwd".into()));
    }

    #[test]
    fn a_module_is_served_as_webassembly_and_a_missing_file_is_not_found() {
        let folder = std::env::temp_dir().join(format!("separation-playground-serve-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.wasm"), b"\0asm").unwrap();
        let listener = listen(0).unwrap();
        let address = listener.local_addr().unwrap();
        let served = folder.clone();
        thread::spawn(move || serve(listener, &served));
        let ask = |request: &str| {
            let mut stream = TcpStream::connect(address).unwrap();
            write!(stream, "{request} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        };
        let module = ask("GET /a.wasm");
        assert!(module.starts_with("HTTP/1.1 200") && module.contains("application/wasm") && module.ends_with("\0asm"), "{module}");
        let head = ask("HEAD /a.wasm");
        assert!(head.contains("Content-Length: 4\r\n") && head.ends_with("\r\n\r\n"), "{head}");
        assert!(ask("GET /b.wasm").starts_with("HTTP/1.1 404"));
        assert!(ask("POST /a.wasm").starts_with("HTTP/1.1 405"));
        fs::remove_dir_all(folder).unwrap();
    }
}
