use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use muster::ids::CampaignId;

use crate::support::scratch::scratch;
use crate::support::visitor::Visitor;

/// A PDF on the way to a printer.
pub struct Paper {
    file: PathBuf,
}

/// A barcode that was read: kind, text, and its middle in millimetres from the upper left corner.
pub struct Read {
    pub kind: String,
    pub text: String,
    pub at: (f64, f64),
}

const DPI: f64 = 200.0;

impl Paper {
    /// Makes it as the page would, with these fields changed.
    pub fn make(visitor: &Visitor, campaign: CampaignId, fields: &[(&str, &str)]) -> Self {
        let path = format!("/campaigns/{campaign}/codes/print");
        let mut all: Vec<(String, String)> = visitor.get(&path).form("Make PDF").controls();
        for (name, value) in fields {
            all.retain(|(known, _)| known != name);
            all.push((name.to_string(), value.to_string()));
        }
        all.retain(|(_, value)| !value.is_empty());
        let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = visitor.post(&path, &all);
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("content-type"), Some("application/pdf"), "{}", answer.text());
        static MADE: AtomicU32 = AtomicU32::new(0);
        let file = scratch().folder.join(format!("paper-{}.pdf", MADE.fetch_add(1, Ordering::Relaxed)));
        fs::write(&file, &answer.bytes).unwrap();
        Self { file }
    }

    fn tool(&self, program: &str, arguments: &[&str]) -> String {
        let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| {
            panic!("{program}: {error}. scripts/setup.sh test installs it");
        });
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && complaint.is_empty(), "{program} {arguments:?}: {complaint}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn path(&self) -> &str {
        self.file.to_str().unwrap()
    }

    /// A line of what pdfinfo says.
    pub fn info(&self, name: &str) -> String {
        let all = self.tool("pdfinfo", &[self.path()]);
        let line = all.lines().find_map(|line| line.strip_prefix(&format!("{name}:")));
        line.unwrap_or_else(|| panic!("no {name}: {all}")).trim().to_owned()
    }

    /// Sheets.
    pub fn pages(&self) -> usize {
        self.info("Pages").parse().unwrap()
    }

    /// Fonts, a line each.
    pub fn fonts(&self) -> Vec<String> {
        self.tool("pdffonts", &[self.path()]).lines().skip(2).map(str::to_owned).collect()
    }

    /// All that can be read, in lines.
    pub fn text(&self) -> String {
        self.tool("pdftotext", &["-layout", self.path(), "-"])
    }

    /// Words with their box in points: x, y, right, bottom; with the page, from 0.
    pub fn words(&self) -> Vec<(usize, [f64; 4], String)> {
        let html = self.tool("pdftotext", &["-bbox", self.path(), "-"]);
        let (mut page, mut words) = (0, Vec::new());
        for line in html.lines() {
            page += usize::from(line.contains("<page "));
            let Some(line) = line.trim().strip_prefix("<word ") else { continue };
            let number = |name: &str| {
                let rest = line.split_once(&format!("{name}=\"")).unwrap().1;
                rest.split('"').next().unwrap().parse::<f64>().unwrap()
            };
            let text = line.split_once('>').unwrap().1.trim_end_matches("</word>").to_owned();
            words.push((page - 1, ["xMin", "yMin", "xMax", "yMax"].map(number), text));
        }
        words
    }

    fn picture(&self, page: usize) -> PathBuf {
        let (root, page) = (self.file.with_extension(""), (page + 1).to_string());
        let root = format!("{}-{page}", root.display());
        self.tool("pdftoppm", &["-r", "200", "-gray", "-png", "-singlefile", "-f", &page, "-l", &page, self.path(), &root]);
        PathBuf::from(format!("{root}.png"))
    }

    /// Dark dots of a page: width and height of the picture, and whether one is dark, in millimetres.
    pub fn dots(&self, page: usize) -> (image::GrayImage, impl Fn(u32) -> f64 + use<>) {
        let picture = image::open(self.picture(page)).unwrap().to_luma8();
        (picture, |dot| f64::from(dot) / DPI * 25.4)
    }

    /// Every barcode of a page.
    pub fn scan(&self, page: usize) -> Vec<Read> {
        let picture = self.picture(page);
        let xml = self.tool("zbarimg", &["-q", "--xml", picture.to_str().unwrap()]);
        let attribute = |text: &str, name: &str| {
            let rest = text.split_once(&format!("{name}='")).unwrap_or_else(|| panic!("{text}")).1;
            rest.split('\'').next().unwrap().to_owned()
        };
        let symbols = xml.split("<symbol ").skip(1).map(|symbol| {
            let corners = attribute(symbol, "points");
            let corners: Vec<(f64, f64)> = corners
                .split_whitespace()
                .map(|point| point.split_once(',').unwrap())
                .map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap()))
                .collect();
            let middle = |of: &dyn Fn(&(f64, f64)) -> f64| {
                let (low, high) = corners.iter().map(of).fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at), high.max(at)));
                (low + high) / 2.0 / DPI * 25.4
            };
            let text = symbol.split_once("<![CDATA[").unwrap().1.split_once("]]>").unwrap().0.to_owned();
            Read { kind: attribute(symbol, "type"), text, at: (middle(&|point| point.0), middle(&|point| point.1)) }
        });
        symbols.collect()
    }
}
