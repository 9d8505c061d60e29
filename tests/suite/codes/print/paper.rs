use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use muster::ids::CampaignId;

use crate::support::scratch::scratch;
use crate::support::visitor::Visitor;

/// Millimetres: page, first corner, pitch, card; columns and rows.
pub type Measures = ((f64, f64), (f64, f64), (f64, f64), (f64, f64), (u32, u32));

/// As the makers of the sheets print them.
pub const SHEETS: [(&str, Measures); 9] = [
    ("cards-a4", ((210.0, 297.0), (20.0, 11.0), (85.0, 55.0), (85.0, 55.0), (2, 5))),
    ("cards-letter", ((215.9, 279.4), (19.05, 12.7), (88.9, 50.8), (88.9, 50.8), (2, 5))),
    ("l7160", ((210.0, 297.0), (7.2, 15.15), (66.04, 38.1), (63.5, 38.1), (3, 7))),
    ("l7163", ((210.0, 297.0), (4.65, 15.15), (101.6, 38.1), (99.1, 38.1), (2, 7))),
    ("l7165", ((210.0, 297.0), (4.65, 13.1), (101.6, 67.7), (99.1, 67.7), (2, 4))),
    ("l7651", ((210.0, 297.0), (4.75, 10.7), (40.6, 21.2), (38.1, 21.2), (5, 13))),
    ("5160", ((215.9, 279.4), (4.76, 12.7), (69.85, 25.4), (66.68, 25.4), (3, 10))),
    ("5163", ((215.9, 279.4), (3.97, 12.7), (106.36, 50.8), (101.6, 50.8), (2, 5))),
    ("22806", ((215.9, 279.4), (15.88, 15.88), (66.68, 65.62), (50.8, 50.8), (3, 4))),
];

/// The cards of a sheet, along the rows: x, y, width, height.
pub fn boxes(((..), first, pitch, card, (columns, rows)): &Measures) -> Vec<[f64; 4]> {
    let places = (0..columns * rows).map(|place| (f64::from(place % columns), f64::from(place / columns)));
    places.map(|(column, row)| [first.0 + column * pitch.0, first.1 + row * pitch.1, card.0, card.1]).collect()
}

/// A PDF on the way to a printer.
pub struct Paper {
    file: PathBuf,
}

const DPI: f64 = 200.0;

impl Paper {
    /// Makes it as the page would, with these fields changed.
    pub fn make(visitor: &Visitor, campaign: CampaignId, fields: &[(&str, &str)]) -> Self {
        let path = format!("/campaigns/{campaign}/codes/print");
        let form = visitor.get(&path).form("Make PDF");
        let form = fields.iter().fold(form, |form, (name, value)| form.smuggle(name, value));
        let answer = form.send();
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
        self.tool(
            "pdftoppm",
            &["-r", "200", "-gray", "-png", "-singlefile", "-f", &page, "-l", &page, self.path(), &root],
        );
        PathBuf::from(format!("{root}.png"))
    }

    /// Dark dots of a page: width and height of the picture, and whether one is dark, in millimetres.
    pub fn dots(&self, page: usize) -> (image::GrayImage, impl Fn(u32) -> f64 + use<>) {
        let picture = image::open(self.picture(page)).unwrap().to_luma8();
        (picture, |dot| f64::from(dot) / DPI * 25.4)
    }

    /// Every barcode of a page: kind and text.
    pub fn scan(&self, page: usize) -> Vec<(String, String)> {
        let picture = self.picture(page);
        let xml = self.tool("zbarimg", &["--nodbus", "-q", "--xml", picture.to_str().unwrap()]);
        xml.split("<symbol ").skip(1).map(read).collect()
    }

    /// What is in each of these boxes of a page, in millimetres from the upper left corner: x, y, width, height.
    pub fn scan_boxes(&self, page: usize, boxes: &[[f64; 4]]) -> Vec<Vec<String>> {
        let (picture, _) = self.dots(page);
        let dots = |mm: f64| (mm / 25.4 * DPI).round() as u32;
        let scan = |place: usize, [x, y, width, height]: [f64; 4]| {
            let part = image::imageops::crop_imm(&picture, dots(x), dots(y), dots(width), dots(height)).to_image();
            let file = self.file.with_extension(format!("{page}-{place}.png"));
            part.save(&file).unwrap();
            file
        };
        let files: Vec<PathBuf> = boxes.iter().enumerate().map(|(place, of)| scan(place, *of)).collect();
        let mut arguments = vec!["--nodbus", "-q", "--xml"];
        arguments.extend(files.iter().map(|file| file.to_str().unwrap()));
        let output = Command::new("zbarimg").args(arguments).output().unwrap();
        let xml = String::from_utf8(output.stdout).unwrap();
        let found = |file: &PathBuf| {
            let source = xml.split("<source ").find(|source| source.contains(file.to_str().unwrap()));
            let symbols = source.unwrap_or_default().split("<symbol ").skip(1);
            symbols.map(|symbol| read(symbol).1).collect()
        };
        files.iter().map(found).collect()
    }
}

fn read(symbol: &str) -> (String, String) {
    let kind = symbol.split_once("type='").unwrap().1.split('\'').next().unwrap();
    let text = symbol.split_once("<![CDATA[").unwrap().1.split_once("]]>").unwrap().0;
    (kind.to_owned(), text.to_owned())
}
