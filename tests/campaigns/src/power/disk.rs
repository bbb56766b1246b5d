//! A disk that keeps what was synced, and of the rest whatever it likes.
//!
//! Stricter than most: a name is safe only after its folder was synced, a folder's name after the folder
//! above, and what was not synced may survive in any order, in pieces of a sector.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::change::Change;
use super::log::Event;
use super::weather::Weather;

/// A file or folder, whatever its name is by now.
type Node = usize;
/// The folder that is looked at.
const ROOT: Node = 0;

/// Which syncs never happened, to see whether that is found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Without {
    /// Every sync did what it promised.
    Nothing,
    /// No sync at all.
    AnySync,
    /// None of the database and its log.
    TheDatabases,
    /// None of parts' bytes.
    Parts,
    /// None of folders: names are never sure.
    Names,
}

impl Without {
    fn passes_over(self, path: &str, is_folder: bool) -> bool {
        match self {
            Self::Nothing => false,
            Self::AnySync => true,
            Self::TheDatabases => path.starts_with("safe-place.db"),
            Self::Parts => path.starts_with("parts/") && !is_folder,
            Self::Names => is_folder,
        }
    }
}

/// What a disk holds, and what it was told since.
pub struct Disk<'a> {
    nodes: Vec<Held<'a>>,
    syncs: HashMap<u64, (Node, usize)>,
    without: Without,
    told: usize,
}

enum Held<'a> {
    File(File<'a>),
    Folder(Folder),
}

#[derive(Default)]
struct File<'a> {
    safe: Vec<u8>,
    /// When they last changed.
    changed: usize,
    since: Vec<(usize, Change<'a>)>,
}

#[derive(Default)]
struct Folder {
    safe: BTreeMap<String, Node>,
    now: BTreeMap<String, Node>,
    since: Vec<(usize, Edit)>,
}

/// A change of a folder's names: some go, one may come. Done whole or not at all.
struct Edit {
    gone: Option<String>,
    put: Option<(String, Node)>,
}

impl Edit {
    fn apply(&self, names: &mut BTreeMap<String, Node>) {
        if let Some(gone) = &self.gone {
            names.remove(gone);
        }
        if let Some((name, node)) = &self.put {
            names.insert(name.clone(), *node);
        }
    }
}

/// What is on a disk after the power came back, by path; folders end with a slash.
pub type Image<'d> = BTreeMap<String, Found<'d>>;

/// One file of it.
pub struct Found<'d> {
    pub bytes: Cow<'d, [u8]>,
    /// Tells these bytes from any others, where none of them was at risk.
    pub known: Option<(usize, usize)>,
}

impl<'a> Disk<'a> {
    /// A disk that holds these files safely.
    pub fn holding(files: &BTreeMap<String, Vec<u8>>, without: Without) -> Self {
        let mut disk = Self {
            nodes: vec![Held::Folder(Folder::default())],
            syncs: HashMap::new(),
            without,
            told: 0,
        };
        for (path, bytes) in files {
            let mut folder = ROOT;
            let (names, name) = path.rsplit_once('/').unwrap_or(("", path));
            for name in names.split('/').filter(|name| !name.is_empty()) {
                folder = match disk.folder(folder).now.get(name) {
                    Some(node) => *node,
                    None => disk.keep(folder, name, Held::Folder(Folder::default())),
                };
            }
            let file = File {
                safe: bytes.clone(),
                ..File::default()
            };
            disk.keep(folder, name, Held::File(file));
        }
        disk
    }

    fn keep(&mut self, folder: Node, name: &str, held: Held<'a>) -> Node {
        self.nodes.push(held);
        let node = self.nodes.len() - 1;
        let folder = self.folder(folder);
        folder.safe.insert(name.to_owned(), node);
        folder.now.insert(name.to_owned(), node);
        node
    }

    /// Does to the disk what the server did.
    pub fn apply(&mut self, event: Event<'a>) {
        self.told += 1;
        match event {
            Event::Begin => self.syncs.clear(),
            Event::Create(path) => self.make(path, Held::File(File::default())),
            Event::MakeFolder(path) => self.make(path, Held::Folder(Folder::default())),
            Event::Resize(path, length) => self.change(path, Change::Resize(length)),
            Event::Write(path, at, bytes) => self.change(path, Change::Write(at, bytes)),
            Event::Remove(path) | Event::RemoveFolder(path) => {
                let (folder, name) = self.named(path);
                let gone = Some(name.to_owned());
                self.edit(folder, Edit { gone, put: None });
            }
            Event::Rename(from, to) => {
                let node = self.find(from);
                let ((folder, old), (into, new)) = (self.named(from), self.named(to));
                assert_eq!(folder, into, "a file went from one folder to another");
                let edit = Edit {
                    gone: Some(old.to_owned()),
                    put: Some((new.to_owned(), node)),
                };
                self.edit(folder, edit);
            }
            Event::SyncBegins(path, number) => {
                let node = self.find(path);
                let is_folder = matches!(self.nodes[node], Held::Folder(_));
                if !self.without.passes_over(path, is_folder) {
                    self.syncs.insert(number, (node, self.told));
                }
            }
            Event::SyncEnds(number) => {
                if let Some((node, begun)) = self.syncs.remove(&number) {
                    self.settle(node, begun);
                }
            }
        }
    }

    /// What was told before a sync began is safe once it has ended.
    fn settle(&mut self, node: Node, begun: usize) {
        match &mut self.nodes[node] {
            Held::File(file) => {
                let covered = file.since.partition_point(|(told, _)| *told < begun);
                for (_, change) in file.since.drain(..covered) {
                    change.apply(&mut file.safe);
                    file.changed = begun;
                }
            }
            Held::Folder(folder) => {
                let covered = folder.since.partition_point(|(told, _)| *told < begun);
                for (_, edit) in folder.since.drain(..covered) {
                    edit.apply(&mut folder.safe);
                }
            }
        }
    }

    fn make(&mut self, path: &str, held: Held<'a>) {
        self.nodes.push(held);
        let node = self.nodes.len() - 1;
        let (folder, name) = self.named(path);
        let put = Some((name.to_owned(), node));
        self.edit(folder, Edit { gone: None, put });
    }

    fn edit(&mut self, folder: Node, edit: Edit) {
        let told = self.told;
        let folder = self.folder(folder);
        edit.apply(&mut folder.now);
        folder.since.push((told, edit));
    }

    fn change(&mut self, path: &str, change: Change<'a>) {
        let (node, told) = (self.find(path), self.told);
        match &mut self.nodes[node] {
            Held::File(file) => file.since.push((told, change)),
            Held::Folder(_) => panic!("{path} is a folder"),
        }
    }

    fn folder(&mut self, node: Node) -> &mut Folder {
        match &mut self.nodes[node] {
            Held::Folder(folder) => folder,
            Held::File(_) => panic!("a file is no folder"),
        }
    }

    /// The folder that a path's last name stands in.
    fn named<'p>(&self, path: &'p str) -> (Node, &'p str) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        (self.find(folder), name)
    }

    fn find(&self, path: &str) -> Node {
        let names = path.split('/').filter(|name| !name.is_empty());
        names.fold(ROOT, |node, name| match &self.nodes[node] {
            Held::Folder(folder) if folder.now.contains_key(name) => folder.now[name],
            _ => panic!("the log does not say where {path} comes from"),
        })
    }

    /// What is there when the power comes back after this weather.
    pub fn after(&self, weather: &mut Weather<'_>) -> Image<'_> {
        let mut image = Image::new();
        self.lay(ROOT, "", weather, &mut image);
        image
    }

    /// The first and last change that was not synced: a disk that keeps order is cut in between.
    pub fn unsafe_span(&self) -> (usize, usize) {
        let first = self.nodes.iter().filter_map(|held| match held {
            Held::File(file) => file.since.first().map(|(told, _)| *told),
            Held::Folder(folder) => folder.since.first().map(|(told, _)| *told),
        });
        (first.min().unwrap_or(self.told), self.told)
    }

    fn lay<'d>(&'d self, node: Node, path: &str, weather: &mut Weather<'_>, into: &mut Image<'d>) {
        match &self.nodes[node] {
            Held::File(file) => {
                let known = file.since.is_empty().then_some((node, file.changed));
                let bytes = file.after(weather);
                into.insert(path.to_owned(), Found { bytes, known });
            }
            Held::Folder(folder) => {
                if node != ROOT {
                    // A folder without a file in it is there as well.
                    let (bytes, known) = (Cow::Borrowed(&[][..]), None);
                    into.insert(format!("{path}/"), Found { bytes, known });
                }
                for (name, node) in folder.after(weather) {
                    let path = match path {
                        "" => name,
                        above => format!("{above}/{name}"),
                    };
                    self.lay(node, &path, weather, into);
                }
            }
        }
    }
}

impl Folder {
    fn after(&self, weather: &mut Weather<'_>) -> BTreeMap<String, Node> {
        let mut names = self.safe.clone();
        for (told, edit) in &self.since {
            if weather.keeps_name(*told) {
                edit.apply(&mut names);
            }
        }
        names
    }
}

impl File<'_> {
    fn after(&self, weather: &mut Weather<'_>) -> Cow<'_, [u8]> {
        if self.since.is_empty() {
            return Cow::Borrowed(&self.safe);
        }
        let mut bytes = self.safe.clone();
        for (told, change) in &self.since {
            change.survive(weather.of_bytes(*told), &mut bytes);
        }
        Cow::Owned(bytes)
    }
}

/// Every file of a folder, by its path in it; what is made anew after a power cut is left out.
pub fn files_of(folder: &Path) -> std::io::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).map_err(std::io::Error::other)?;
            let name = name.to_string_lossy().into_owned();
            if !name.ends_with("-shm") {
                files.insert(name, std::fs::read(path)?);
            }
        }
    }
    Ok(files)
}
