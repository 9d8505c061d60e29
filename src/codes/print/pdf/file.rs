//! A PDF file in pieces: `pdf-writer` spells the objects, this keeps where they are. Only that stays in memory, 16 bytes a
//! page.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::{Chunk, Filter, Finish, Name, Rect, Ref, Settings, TextStr};

/// Pages of one branch of the page tree.
const BRANCH: usize = 64;
const CATALOG: i32 = 1;
const TREE: i32 = 2;
const ABOUT: i32 = 3;

/// What is written so far.
pub struct File {
    /// Where each object begins; objects count from 1.
    offsets: Vec<u64>,
    length: u64,
    size: (f32, f32),
    pages: usize,
    branches: Vec<Ref>,
    branch: Vec<Ref>,
    out: Vec<u8>,
}

impl File {
    /// The first bytes, for pages of this size.
    pub fn begin(size: (f32, f32)) -> Self {
        let out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let (length, offsets) = (out.len() as u64, vec![0; 3]);
        Self { offsets, length, size, pages: 0, branches: Vec::new(), branch: Vec::new(), out }
    }

    /// Pages so far.
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// A number for an object that is written later.
    pub fn reserve(&mut self) -> Ref {
        self.offsets.push(0);
        Ref::new(i32::try_from(self.offsets.len()).unwrap_or(i32::MAX))
    }

    /// Writes one object.
    pub fn object(&mut self, id: Ref, spell: impl FnOnce(&mut Chunk)) {
        let mut chunk = Chunk::with_settings(Settings { pretty: false });
        spell(&mut chunk);
        if let Some(place) = usize::try_from(id.get() - 1).ok().and_then(|place| self.offsets.get_mut(place)) {
            *place = self.length;
        }
        self.add(chunk.as_bytes());
    }

    /// Writes a compressed stream.
    pub fn stream(&mut self, id: Ref, data: &[u8]) {
        let packed = packed(data);
        self.object(id, |chunk| {
            chunk.stream(id, &packed).filter(Filter::FlateDecode);
        });
    }

    /// Writes a page; `fonts` and `card` are what its content calls R, B and C.
    pub fn page(&mut self, content: &[u8], fonts: [Ref; 2], card: Ref) {
        if self.branch.is_empty() {
            let branch = self.reserve();
            self.branches.push(branch);
        }
        let (stream, page) = (self.reserve(), self.reserve());
        self.stream(stream, content);
        let (size, parent) = (self.size, self.branches.last().copied().unwrap_or(Ref::new(TREE)));
        self.object(page, |chunk| {
            let mut page = chunk.page(page);
            page.parent(parent).media_box(Rect::new(0.0, 0.0, size.0, size.1)).contents(stream);
            let mut resources = page.resources();
            resources.fonts().pair(Name(b"R"), fonts[0]).pair(Name(b"B"), fonts[1]);
            resources.x_objects().pair(Name(b"C"), card);
        });
        self.branch.push(page);
        self.pages += 1;
        if self.branch.len() == BRANCH {
            self.end_branch();
        }
    }

    fn end_branch(&mut self) {
        let (pages, Some(id)) = (std::mem::take(&mut self.branch), self.branches.last().copied()) else { return };
        let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
        self.object(id, |chunk| {
            chunk.pages(id).parent(Ref::new(TREE)).kids(pages).count(count);
        });
    }

    /// The tree of pages, what the file is about, and where all objects are.
    pub fn end(&mut self, title: &str) {
        if !self.branch.is_empty() {
            self.end_branch();
        }
        let (branches, count) = (std::mem::take(&mut self.branches), i32::try_from(self.pages).unwrap_or(i32::MAX));
        self.object(Ref::new(TREE), |chunk| {
            chunk.pages(Ref::new(TREE)).kids(branches).count(count);
        });
        self.object(Ref::new(ABOUT), |chunk| {
            let mut about = chunk.indirect(Ref::new(ABOUT)).dict();
            about.pair(Name(b"Title"), TextStr(title)).pair(Name(b"Producer"), TextStr("Muster"));
        });
        self.object(Ref::new(CATALOG), |chunk| {
            let mut catalog = chunk.indirect(Ref::new(CATALOG)).dict();
            catalog.pair(Name(b"Type"), Name(b"Catalog")).pair(Name(b"Pages"), Ref::new(TREE));
            // in its own size, so that the cards lie on the labels
            let mut wishes = catalog.insert(Name(b"ViewerPreferences")).dict();
            wishes.pair(Name(b"PrintScaling"), Name(b"None")).pair(Name(b"DisplayDocTitle"), true);
            wishes.finish();
        });
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", self.offsets.len() + 1);
        self.offsets.iter().for_each(|offset| table.push_str(&format!("{offset:010} 00000 n \n")));
        let (size, at) = (self.offsets.len() + 1, self.length);
        table.push_str(&format!(
            "trailer\n<</Size {size}/Root {CATALOG} 0 R/Info {ABOUT} 0 R>>\nstartxref\n{at}\n%%EOF\n"
        ));
        self.add(table.as_bytes());
    }

    fn add(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
        self.length += bytes.len() as u64;
    }

    /// What was written since the last time.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }
}

fn packed(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(data.len() / 3), Compression::new(4));
    // writing to memory cannot fail
    let _ = encoder.write_all(data);
    encoder.finish().unwrap_or_default()
}
