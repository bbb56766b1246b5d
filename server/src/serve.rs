//! Starting, serving, and stopping without losing what was accepted.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use domain::id::Epoch;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use words::{Language, Words};

use crate::arrival;
use crate::assets::Site;
use crate::changes::Changes;
use crate::cli::{Stop, say};
use crate::config::Settings;
use crate::desks::Desks;
use crate::exchange::gazetteer::Gazetteer;
use crate::keyset::{self, KeysetError, Served};
use crate::limit::Limiter;
use crate::links::Key;
use crate::log::{self, Ingest};
use crate::parts::Parts;
use crate::proof::Prover;
use crate::router::router;
use crate::scheme::{self, Scheme};
use crate::store::sqlite::{Limits, OpenError, Sqlite};
use crate::store::{Import, Rest, Seen, Store};
use crate::streets::Streets;

/// How long connections may take to finish after we were told to stop.
const FAREWELL: Duration = Duration::from_secs(10);
/// Between two looks whether the day's work on places is due.
const BETWEEN_DAILY: Duration = Duration::from_secs(6 * 3_600);
/// The source of places that come with the scheme.
const SOURCE: &str = "scheme";

/// Everything a request may need.
pub struct App {
    /// Reports and places.
    pub store: Arc<dyn Store>,
    /// The scheme's content.
    pub scheme: Scheme,
    /// Every centre that was ever served here: who sealed a report for one that has left the scheme
    /// since did nothing wrong, and its key or recovery's opens it.
    pub centres: BTreeSet<String>,
    /// To whom reports are sealed.
    pub keyset: Served,
    /// This life of the database.
    pub epoch: Epoch,
    /// The phone app.
    pub site: Site,
    /// The deployment's own street pack.
    pub streets: Option<Arc<Streets>>,
    /// The texts of the pages that the server renders.
    pub words: Words,
    /// Their language.
    pub lang: Language,
    /// How many reports an address may send.
    pub limiter: Limiter,
    /// How many notes an address may send: counted apart, so that notes hold up no report.
    pub note_limiter: Limiter,
    /// Reports of the running minute.
    pub ingest: Ingest,
    /// Notes of the running minute.
    pub note_ingest: Ingest,
    /// Parts of reports and mailboxes, of the running minute.
    pub other_ingest: Ingest,
    /// Signs and opens the links of places' managers.
    pub links: Key,
    /// What follows reports.
    pub parts: Parts,
    /// Reporting centres as they are now.
    pub desks: Desks,
    /// What outlives a restored backup.
    pub changes: Changes,
    /// Signs proofs of receipt.
    pub prover: Prover,
    /// The data folder, where pictures lie.
    pub data: PathBuf,
    /// Names the client's address, where a proxy stands in front.
    pub proxy_header: Option<String>,
    /// Where postcodes are.
    pub gazetteer: Gazetteer,
    /// Where people reach us, without a slash at its end.
    pub public_url: String,
    /// Whether people reach us by HTTPS.
    pub https: bool,
}

impl App {
    /// Opens everything that the settings name.
    pub async fn open(settings: &Settings) -> Result<Self, Stop> {
        let scheme = scheme::load(settings.scheme.as_deref()).map_err(Stop::Scheme)?;
        let site = match &settings.site {
            Some(folder) => Site::load(folder, &scheme).map_err(Stop::Assets)?,
            None => Site::default(),
        };
        let limits = Limits {
            max_bytes: settings.max_bytes,
            queue: settings.queue,
            max_pages: None,
        };
        let store = Sqlite::open(&settings.data, limits).map_err(Stop::Database)?;
        let keyset = keyset::load(&settings.data, &scheme).map_err(Stop::Keyset)?;
        Self::assemble(settings, scheme, site, keyset, Arc::new(store)).await
    }

    /// Puts the parts together: the keyset is not an older one, and the places are the scheme's.
    pub async fn assemble(
        settings: &Settings,
        scheme: Scheme,
        site: Site,
        keyset: Served,
        store: Arc<dyn Store>,
    ) -> Result<Self, Stop> {
        let failed = |_| Stop::Database(OpenError::Damaged("see the log".to_owned()));
        let changes = Changes::at(settings.changes());
        let said = changes.read().map_err(Stop::Changes)?;
        if said.keyset > keyset.version {
            return Err(Stop::Keyset(KeysetError::RolledBack {
                found: keyset.version,
                seen: said.keyset,
            }));
        }
        changes.serving(keyset.version).map_err(Stop::Changes)?;
        let seen = store.see_keyset(keyset.version).await.map_err(failed)?;
        if let Seen::RolledBack { seen } = seen {
            return Err(Stop::Keyset(KeysetError::RolledBack {
                found: keyset.version,
                seen,
            }));
        }
        let list = Import {
            source: SOURCE.to_owned(),
            who: "list".to_owned(),
            listed: scheme.places.clone(),
            rest: Rest::LeavesTheList,
            at: arrival::now(),
        };
        let imported = store.import_places(list).await.map_err(failed)?;
        tracing::info!(
            imported.added,
            imported.changed,
            imported.removed,
            "places imported"
        );
        let epoch = store.life().await.map_err(failed)?.epoch;
        let centres: Vec<_> = scheme.centres.iter().map(|one| one.id.clone()).collect();
        let known = store.know_centres(&centres, arrival::now()).await;
        known.map_err(failed)?;
        let served = store.inboxes().await.map_err(failed)?;
        let (lang, words) = texts(&scheme)?;
        let gazetteer = Gazetteer::new(scheme.postcodes.as_deref());
        let app = Self {
            store,
            scheme,
            centres: served.into_iter().map(|(centre, _)| centre).collect(),
            keyset,
            epoch,
            site,
            streets: streets(settings),
            words,
            lang,
            limiter: Limiter::new(settings.reports_per_hour),
            note_limiter: Limiter::new(settings.notes_per_hour),
            ingest: Ingest::of("reports"),
            note_ingest: Ingest::of("notes"),
            other_ingest: Ingest::of("parts and mailboxes"),
            links: Key::load(&settings.data).map_err(Stop::LinkKey)?,
            parts: Parts::open(&settings.data, settings.max_part_bytes, &centres)
                .map_err(Stop::Parts)?,
            desks: Desks::default(),
            changes,
            prover: Prover::load(&settings.data).map_err(Stop::ProofKey)?,
            data: settings.data.clone(),
            proxy_header: settings.proxy_header.clone(),
            gazetteer,
            public_url: settings.public_url.trim_end_matches('/').to_owned(),
            https: settings.public_url.starts_with("https://"),
        };
        // Before anything is answered: a restored database may hold what was erased since.
        let erased = app.erase_again().await;
        erased.map_err(|_| Stop::Database(OpenError::Damaged("see the log".to_owned())))?;
        Ok(app)
    }
}

/// A map that is not whole keeps nobody from reporting: it is named in the log and left out.
fn streets(settings: &Settings) -> Option<Arc<Streets>> {
    let opened = Streets::open(&settings.data);
    let streets = opened.unwrap_or_else(|refused| {
        tracing::error!("{refused}");
        None
    });
    streets.map(Arc::new)
}

/// The scheme's first language that has texts.
fn texts(scheme: &Scheme) -> Result<(Language, Words), Stop> {
    let mut known = scheme.languages.iter().filter_map(|tag| {
        let language = words::language(tag)?;
        Some((*language, Words::embedded(tag)?))
    });
    known.next().ok_or_else(|| {
        Stop::Scheme(scheme::SchemeError::Malformed {
            file: "scheme.toml",
            problems: vec!["it names no language that has texts".to_owned()],
        })
    })
}

/// Serves until told to stop.
pub fn run(settings: Settings) -> Result<(), Stop> {
    log::begin(settings.log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Stop::Runtime)?;
    runtime.block_on(serve(settings))
}

async fn serve(settings: Settings) -> Result<(), Stop> {
    let listener = listen(settings.listen).await?;
    let app = Arc::new(App::open(&settings).await?);
    let counting = Arc::clone(&app);
    let counted = tokio::spawn(async move {
        tokio::join!(
            counting.ingest.every_minute(),
            counting.note_ingest.every_minute(),
            counting.other_ingest.every_minute(),
            every_day(&counting)
        )
    });
    let port = listener
        .local_addr()
        .map_or(settings.listen.port(), |address| address.port());
    let service = router(Arc::clone(&app)).into_make_service_with_connect_info::<SocketAddr>();
    // Answers are small: waiting to fill a packet would only delay them.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let stopping = Arc::new(Notify::new());
    let heard = Arc::clone(&stopping);
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        told_to_stop().await;
        heard.notify_one();
    });
    say(&format!("Safe Place is ready: http://localhost:{port}"));
    tokio::select! {
        _ = async { server.await } => {}
        () = async { stopping.notified().await; tokio::time::sleep(FAREWELL).await; } => {
            tracing::warn!("some connections did not finish in time");
        }
    }
    counted.abort();
    app.ingest.write_down();
    app.note_ingest.write_down();
    app.other_ingest.write_down();
    app.store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Does the day's work at once, and again every few hours, as a server may be started at any.
async fn every_day(app: &App) {
    loop {
        if app.store.daily(arrival::now()).await.is_err() {
            tracing::warn!("the day's work on places was not done; it is tried again later");
        }
        if app.keep_no_longer(arrival::now()).await.is_err() {
            tracing::warn!("what the time is over for was not erased; it is tried again later");
        }
        tokio::time::sleep(BETWEEN_DAILY).await;
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Stop> {
    TcpListener::bind(address)
        .await
        .map_err(|cause| match cause.kind() {
            ErrorKind::AddrInUse => Stop::PortInUse(address.to_string()),
            _ => Stop::Listen(address.to_string(), cause),
        })
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        },
        Err(_) => {
            // Without a handler for it, the interrupt alone has to do.
            let _ = interrupt.await;
        }
    }
    tracing::info!("stopping");
}
