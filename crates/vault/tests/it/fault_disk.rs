//! A disk in memory that knows what is on the medium and what is not yet, and that can die or fail at any
//! operation.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use vault::disk::{CachedPages, Disk, DiskFile, Kind};

/// What is left of the unsynced after a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Image {
    /// Everything, as if all had been synced.
    Kept,
    /// Nothing that was not synced.
    Lost,
    /// Everything, but the last write reached the medium only half.
    Torn,
    /// New names, but none of the unsynced bytes behind them.
    NamesOnly,
}

/// What goes wrong, counted in changing operations from 1.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Never,
    /// At this operation and ever after everything fails: the process was killed.
    Die(u64),
    /// This operation fails, the next ones work again.
    Fail(u64, io::ErrorKind),
    /// So many operations from this one on fail.
    FailRow(u64, u64, io::ErrorKind),
}

#[derive(Clone)]
pub(crate) struct FaultDisk {
    world: Arc<Mutex<World>>,
    locked: Arc<AtomicBool>,
}

/// Files with their bytes, folders without.
type Content = BTreeMap<String, Option<Vec<u8>>>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Node {
    File(usize),
    Folder,
}

#[derive(Default, Clone)]
struct Bytes {
    now: Vec<u8>,
    on_medium: Vec<u8>,
}

#[derive(Clone)]
struct World {
    files: Vec<Bytes>,
    names: BTreeMap<String, Node>,
    names_on_medium: BTreeMap<String, Node>,
    last_write: Option<(usize, Vec<u8>)>,
    operations: u64,
    fault: Fault,
    dead: bool,
}

impl FaultDisk {
    pub(crate) fn new() -> Self {
        Self::of(BTreeMap::new())
    }

    fn of(content: Content) -> Self {
        let mut files = Vec::new();
        let mut names = BTreeMap::new();
        for (name, bytes) in content {
            let node = match bytes {
                Some(bytes) => {
                    files.push(Bytes { now: bytes.clone(), on_medium: bytes });
                    Node::File(files.len() - 1)
                }
                None => Node::Folder,
            };
            names.insert(name, node);
        }
        let names_on_medium = names.clone();
        let world = World {
            files,
            names,
            names_on_medium,
            last_write: None,
            operations: 0,
            fault: Fault::Never,
            dead: false,
        };
        Self { world: Arc::new(Mutex::new(world)), locked: Arc::new(AtomicBool::new(false)) }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets what goes wrong from now on, counting anew.
    pub(crate) fn set(&self, fault: Fault) {
        let mut world = self.world();
        world.fault = fault;
        world.operations = 0;
    }

    /// Changing operations since the fault was set.
    pub(crate) fn operations(&self) -> u64 {
        self.world().operations
    }

    /// The disk as it is found after a crash now.
    pub(crate) fn after_crash(&self, image: Image) -> Self {
        Self::of(self.content(image))
    }

    /// The disk after a crash in all ways that differ.
    pub(crate) fn after_any_crash(&self) -> Vec<(Image, Self)> {
        let mut contents: Vec<(Image, Content)> = Vec::new();
        for image in [Image::Kept, Image::Lost, Image::Torn, Image::NamesOnly] {
            let content = self.content(image);
            if contents.iter().all(|(_, other)| *other != content) {
                contents.push((image, content));
            }
        }
        contents.into_iter().map(|(image, content)| (image, Self::of(content))).collect()
    }

    fn content(&self, image: Image) -> Content {
        let world = self.world();
        let names = if image == Image::Lost { &world.names_on_medium } else { &world.names };
        let mut content = Content::new();
        for (name, node) in names {
            // A name whose folder never reached the medium is not found.
            let reachable = name.rsplit_once('/').is_none_or(|(folder, _)| content.contains_key(folder));
            if !reachable {
                continue;
            }
            let bytes = match *node {
                Node::Folder => None,
                Node::File(file) => Some(match (image, &world.last_write) {
                    (Image::Lost | Image::NamesOnly, _) => world.files[file].on_medium.clone(),
                    (Image::Torn, Some((torn, half))) if *torn == file => half.clone(),
                    _ => world.files[file].now.clone(),
                }),
            };
            content.insert(name.clone(), bytes);
        }
        content
    }

    /// The process is gone, the system goes on: everything shows as it was, nothing more is on the medium.
    pub(crate) fn restart(&self) {
        let mut world = self.world();
        world.dead = false;
        world.fault = Fault::Never;
    }

    /// A copy of the disk with the difference between what shows and what is on the medium.
    pub(crate) fn twin(&self) -> Self {
        let world = self.world().clone();
        Self { world: Arc::new(Mutex::new(world)), locked: Arc::new(AtomicBool::new(false)) }
    }

    /// A copy with everything as it is now, with nothing going wrong.
    pub(crate) fn copy(&self) -> Self {
        self.after_crash(Image::Kept)
    }

    /// Whether the bytes appear anywhere in a file, seen or unseen.
    pub(crate) fn file(&self, name: &str) -> Option<Vec<u8>> {
        let world = self.world();
        match world.names.get(name) {
            Some(Node::File(file)) => Some(world.files[*file].now.clone()),
            _ => None,
        }
    }

    /// Gives a way to look at a file's bytes even after it was removed, as somebody with the medium could.
    pub(crate) fn keep_bytes(&self, name: &str) -> impl Fn() -> Vec<u8> + use<> {
        let Some(Node::File(file)) = self.world().names.get(name).copied() else { panic!("no {name}") };
        let disk = self.clone();
        move || disk.world().files[file].on_medium.clone()
    }

    /// Changes a file behind the back of the program.
    pub(crate) fn tamper(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut world = self.world();
        let Some(Node::File(file)) = world.names.get(name).copied() else { panic!("no {name}") };
        change(&mut world.files[file].now);
        let file = &mut world.files[file];
        file.on_medium.clone_from(&file.now);
    }

    /// Adds or replaces a file at the root behind the back of the program.
    pub(crate) fn add_file(&self, name: &str, bytes: &[u8]) {
        let mut world = self.world();
        world.files.push(Bytes { now: bytes.to_vec(), on_medium: bytes.to_vec() });
        let node = Node::File(world.files.len() - 1);
        world.names.insert(name.to_owned(), node);
        world.names_on_medium.insert(name.to_owned(), node);
    }

    /// Removes a file behind the back of the program.
    pub(crate) fn drop_file(&self, name: &str) {
        let mut world = self.world();
        assert!(world.names.remove(name).is_some(), "no {name}");
        world.names_on_medium.remove(name);
    }

    /// All files.
    pub(crate) fn names(&self) -> Vec<String> {
        let world = self.world();
        world.names.iter().filter(|(_, node)| **node != Node::Folder).map(|(name, _)| name.clone()).collect()
    }
}

impl World {
    fn alive(&self) -> io::Result<()> {
        if self.dead { Err(io::Error::other("killed")) } else { Ok(()) }
    }

    fn step(&mut self) -> io::Result<()> {
        self.alive()?;
        self.operations += 1;
        match self.fault {
            Fault::Die(at) if self.operations >= at => {
                self.dead = true;
                Err(io::Error::other("killed"))
            }
            Fault::Fail(at, kind) if self.operations == at => Err(kind.into()),
            Fault::FailRow(at, count, kind) if (at..at + count).contains(&self.operations) => {
                Err(kind.into())
            }
            _ => Ok(()),
        }
    }

    fn folder_exists(&self, path: &str) -> io::Result<()> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        match (folder, self.names.get(folder)) {
            ("", _) | (_, Some(Node::Folder)) => Ok(()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn file(&self, path: &str) -> io::Result<usize> {
        match self.names.get(path) {
            Some(Node::File(file)) => Ok(*file),
            Some(Node::Folder) => Err(io::ErrorKind::IsADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn create(&mut self, path: &str) -> io::Result<usize> {
        self.folder_exists(path)?;
        self.files.push(Bytes::default());
        let file = self.files.len() - 1;
        self.names.insert(path.to_owned(), Node::File(file));
        Ok(file)
    }

    fn children(names: &BTreeMap<String, Node>, folder: &str) -> Vec<(String, Node)> {
        names
            .iter()
            .filter(|(name, _)| name.rsplit_once('/').map_or("", |(parent, _)| parent) == folder)
            .map(|(name, node)| (name.clone(), *node))
            .collect()
    }
}

impl Disk for FaultDisk {
    fn create(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        let mut world = self.world();
        world.step()?;
        let file = match world.file(path) {
            Ok(file) => {
                world.files[file].now.clear();
                file
            }
            Err(_) => world.create(path)?,
        };
        Ok(Box::new(FaultFile { disk: self.clone(), file }))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        let world = self.world();
        world.alive()?;
        let file = world.file(path)?;
        Ok(Box::new(FaultFile { disk: self.clone(), file }))
    }

    fn open_to_change(&self, path: &str) -> io::Result<Box<dyn DiskFile>> {
        let mut world = self.world();
        world.step()?;
        let file = match world.file(path) {
            Ok(file) => file,
            Err(_) => world.create(path)?,
        };
        Ok(Box::new(FaultFile { disk: self.clone(), file }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut world = self.world();
        world.step()?;
        let file = world.file(from)?;
        world.folder_exists(to)?;
        world.names.remove(from);
        world.names.insert(to.to_owned(), Node::File(file));
        Ok(())
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let mut world = self.world();
        world.step()?;
        world.file(path)?;
        world.names.remove(path);
        Ok(())
    }

    fn make_folder(&self, path: &str) -> io::Result<()> {
        let mut world = self.world();
        world.step()?;
        world.folder_exists(path)?;
        if world.names.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        world.names.insert(path.to_owned(), Node::Folder);
        Ok(())
    }

    fn remove_folder(&self, path: &str) -> io::Result<()> {
        let mut world = self.world();
        world.step()?;
        if !World::children(&world.names, path).is_empty() {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
        world.names.remove(path).map(|_| ()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn sync_folder(&self, path: &str) -> io::Result<()> {
        let mut world = self.world();
        world.step()?;
        for (name, _) in World::children(&world.names_on_medium, path) {
            world.names_on_medium.remove(&name);
        }
        for (name, node) in World::children(&world.names, path) {
            world.names_on_medium.insert(name, node);
        }
        Ok(())
    }

    fn list(&self, path: &str) -> io::Result<Vec<(String, Kind)>> {
        let world = self.world();
        world.alive()?;
        if !path.is_empty() && world.names.get(path) != Some(&Node::Folder) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let kind = |node| if node == Node::Folder { Kind::Folder } else { Kind::File };
        let base = |name: &str| name.rsplit_once('/').map_or(name, |(_, base)| base).to_owned();
        Ok(World::children(&world.names, path)
            .into_iter()
            .map(|(name, node)| (base(&name), kind(node)))
            .collect())
    }

    fn look(&self, path: &str) -> io::Result<(Kind, u64)> {
        let world = self.world();
        world.alive()?;
        match world.names.get(path) {
            Some(Node::File(file)) => Ok((Kind::File, world.files[*file].now.len() as u64)),
            Some(Node::Folder) => Ok((Kind::Folder, 0)),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn lock(&self, path: &str) -> io::Result<Box<dyn Send + Sync>> {
        let mut world = self.world();
        world.step()?;
        if world.file(path).is_err() {
            world.create(path)?;
        }
        if self.locked.swap(true, Ordering::SeqCst) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(Box::new(Held(Arc::clone(&self.locked))))
    }

    fn free_bytes(&self) -> io::Result<Option<u64>> {
        Ok(None)
    }
}

struct Held(Arc<AtomicBool>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

struct FaultFile {
    disk: FaultDisk,
    file: usize,
}

impl DiskFile for FaultFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let world = self.disk.world();
        world.alive()?;
        let bytes = &world.files[self.file].now;
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
        let count = buffer.len().min(bytes.len() - start);
        buffer[..count].copy_from_slice(&bytes[start..start + count]);
        Ok(count)
    }

    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut world = self.disk.world();
        let allowed = world.step();
        let whole = allowed.is_ok();
        let half = bytes.len() / 2;
        let before = world.files[self.file].now.clone();
        let write = |mut now: Vec<u8>, bytes: &[u8]| {
            let start = usize::try_from(offset).unwrap();
            now.resize(now.len().max(start + bytes.len()), 0);
            now[start..start + bytes.len()].copy_from_slice(bytes);
            now
        };
        let torn = write(before.clone(), &bytes[..half]);
        if whole {
            world.files[self.file].now = write(before, bytes);
        } else {
            // What fails in the middle has written its first half.
            world.files[self.file].now.clone_from(&torn);
        }
        world.last_write = Some((self.file, torn));
        allowed
    }

    fn set_size(&self, size_bytes: u64) -> io::Result<()> {
        let mut world = self.disk.world();
        world.step()?;
        world.files[self.file].now.resize(usize::try_from(size_bytes).unwrap(), 0);
        Ok(())
    }

    fn size_bytes(&self) -> io::Result<u64> {
        let world = self.disk.world();
        world.alive()?;
        Ok(world.files[self.file].now.len() as u64)
    }

    fn sync(&self) -> io::Result<()> {
        let mut world = self.disk.world();
        world.step()?;
        let file = &mut world.files[self.file];
        file.on_medium = file.now.clone();
        if world.last_write.as_ref().is_some_and(|(torn, _)| *torn == self.file) {
            world.last_write = None;
        }
        Ok(())
    }

    fn drop_cached_pages(&self) -> CachedPages {
        CachedPages::Kept
    }
}
