//! The picture for the lock screen: what was ticked, as large as it fits between the clock at the
//! top and what phones show at the bottom.

use domain::card::{Front, Part};
use web_sys::{Blob, HtmlImageElement};
use words::keep as texts;

use super::blocks;
use crate::platform::canvas::{self, Area, Sheet};
use crate::platform::page;
use crate::speech::t;

/// Left to the phone's clock, in hundredths of the height.
const CLOCK: u32 = 30;
/// Left to what phones show at the bottom, likewise.
const BUTTONS: u32 = 15;
/// Sizes of letters that are tried, in hundredths of the largest. The last is still read at arm's length.
const SIZES: [u32; 8] = [100, 90, 80, 72, 64, 56, 49, 43];

/// The same by day and by night: a picture does not change its colours.
const WALL: &str = "#073f40";
const SHEET: &str = "#ffffff";
const INK: &str = "#17212b";
const TEAL: &str = "#0b5c5a";

/// What can be ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    Name,
    Ring,
    Part(Part),
}

/// What on this front can be ticked. Photos are left out: a lock screen has no room for one.
pub fn pieces(front: &Front) -> Vec<Piece> {
    let parts = (front.side.parts().into_iter())
        .filter(|part| !matches!(part, Part::Photo))
        .map(Piece::Part);
    let name = (!front.name.is_empty()).then_some(Piece::Name);
    let ring = (!front.ring.is_empty()).then_some(Piece::Ring);
    name.into_iter().chain(parts).chain(ring).collect()
}

/// A picture, what its words are, and whether all that was ticked had room.
pub struct Drawn {
    pub file: Blob,
    pub words: String,
    pub whole: bool,
}

/// One paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    text: String,
    look: Look,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Small,
    Heading,
    Plain,
    Number,
    Name,
}

impl Look {
    /// Height of letters in hundredths of plain ones.
    fn size(self) -> u32 {
        match self {
            Self::Small | Self::Heading => 78,
            Self::Plain => 100,
            Self::Number => 118,
            Self::Name => 190,
        }
    }

    fn is_bold(self) -> bool {
        !matches!(self, Self::Small)
    }

    fn colour(self) -> &'static str {
        match self {
            Self::Small | Self::Heading => TEAL,
            _ => INK,
        }
    }
}

/// A line where it stands: its base is this far down.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    text: String,
    look: Look,
    base: f64,
}

/// Draws the picture; `None` where the phone cannot.
pub async fn draw(front: &Front, ticked: &[Piece], (width, height): (u32, u32)) -> Option<Drawn> {
    let sheet = Sheet::new(width, height)?;
    let direction = page::direction();
    sheet.direction(&direction);
    let pictures = pictures(front, ticked).await;
    let mut said = said(front, ticked);
    let panel = panel(width, height);
    let (mut whole, mut placed) = (true, None);
    while placed.is_none() {
        placed = SIZES
            .into_iter()
            .find_map(|size| place(&sheet, &said, panel, pictures.len(), size));
        if placed.is_none() {
            // What was ticked first is worth most.
            whole = false;
            said.pop()?;
        }
    }
    let (lines, plain) = placed?;
    paint(&sheet, (width, height), panel);
    let from_right = direction == "rtl";
    let inset = edge(panel);
    for line in &lines {
        sheet.font(plain * line.look.size() / 100, line.look.is_bold());
        let x = if from_right {
            panel.x + panel.width - inset
        } else {
            panel.x + inset
        };
        sheet.write(line.look.colour(), &line.text, x, line.base);
    }
    set_pictures(&sheet, &pictures, panel);
    let words: Vec<_> = lines.into_iter().map(|line| line.text).collect();
    let symbols = symbols(front, ticked).map(|(_, words)| words);
    let words: Vec<_> = words.into_iter().chain(symbols).collect();
    Some(Drawn {
        file: sheet.png().await?,
        words: words.join(" "),
        whole,
    })
}

/// Where words may stand.
fn panel(width: u32, height: u32) -> Area {
    let margin = width / 24;
    let top = height * CLOCK / 100;
    Area {
        x: f64::from(margin),
        y: f64::from(top),
        width: f64::from(width - 2 * margin),
        height: f64::from(height * (100 - BUTTONS) / 100 - top),
    }
}

fn edge(panel: Area) -> f64 {
    panel.width / 20.0
}

fn paint(sheet: &Sheet, (width, height): (u32, u32), panel: Area) {
    let all = Area {
        x: 0.0,
        y: 0.0,
        width: f64::from(width),
        height: f64::from(height),
    };
    sheet.fill(WALL, all);
    sheet.fill(SHEET, panel);
}

fn said(front: &Front, ticked: &[Piece]) -> Vec<Said> {
    let mut out = Vec::new();
    let mut say = |look, text: String| out.push(Said { text, look });
    if ticked.contains(&Piece::Name) {
        say(Look::Small, t(words::card::GREETING));
        say(Look::Name, front.name.clone());
    }
    if ticked.contains(&Piece::Part(Part::Pronouns)) {
        say(Look::Small, front.side.pronouns.clone());
    }
    // Whom to ring comes early: what has no room is left out from the end.
    if ticked.contains(&Piece::Ring) {
        for ring in &front.ring {
            say(Look::Plain, blocks::ring(ring));
            // Telephone numbers read from left to right in every language.
            say(
                Look::Number,
                ["\u{2066}", &ring.telephone, "\u{2069}"].concat(),
            );
        }
    }
    for block in blocks::blocks(&front.side) {
        if ticked.contains(&Piece::Part(block.part)) {
            say(Look::Heading, block.heading);
            block
                .lines
                .into_iter()
                .for_each(|line| say(Look::Plain, line));
        }
    }
    out
}

/// Sets everything in this size; `None` where it does not fit.
fn place(
    sheet: &Sheet,
    said: &[Said],
    panel: Area,
    pictures: usize,
    size: u32,
) -> Option<(Vec<Line>, u32)> {
    let plain = (panel.width as u32) * size / 1150;
    let inset = edge(panel);
    let room = panel.width - 2.0 * inset;
    let row = if pictures == 0 {
        0.0
    } else {
        tile(panel) + inset
    };
    let bottom = panel.y + panel.height - inset / 2.0 - row;
    let mut lines = Vec::new();
    let mut base = panel.y + inset / 2.0;
    for paragraph in said {
        let dots = plain * paragraph.look.size() / 100;
        sheet.font(dots, paragraph.look.is_bold());
        if paragraph.look == Look::Heading {
            base += f64::from(plain) * 0.3;
        }
        for text in wrapped(&paragraph.text, room, |text| sheet.wide(text)) {
            base += f64::from(dots) * 1.2;
            let look = paragraph.look;
            lines.push(Line { text, look, base });
        }
    }
    // Below the base hang the tails of letters.
    (base + f64::from(plain) * 0.35 <= bottom).then_some((lines, plain))
}

/// A text in lines no wider than this; a word that is wider is broken.
fn wrapped(text: &str, room: f64, wide: impl Fn(&str) -> f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() {
            word.to_owned()
        } else {
            [&line, " ", word].concat()
        };
        if wide(&longer) <= room {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for c in word.chars() {
            line.push(c);
            if wide(&line) > room && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, c.to_string()));
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The symbols that were ticked, with their words.
fn symbols<'a>(
    front: &'a Front,
    ticked: &[Piece],
) -> impl Iterator<Item = (&'a String, String)> + use<'a> {
    let wanted = ticked.contains(&Piece::Part(Part::Symbols));
    let all = front.side.symbols.iter().filter(move |_| wanted);
    all.filter_map(|id| Some((id, blocks::symbol(id)?)))
}

/// The symbols, each as a picture of its own: a sheet cannot draw a part of a file.
async fn pictures(front: &Front, ticked: &[Piece]) -> Vec<HtmlImageElement> {
    let ids: Vec<_> = symbols(front, ticked).map(|(id, _)| id.clone()).collect();
    if ids.is_empty() {
        return Vec::new();
    }
    let file = courier::sync::file("/pictograms.svg").await;
    let file = file.unwrap_or_default();
    let mut found = Vec::new();
    for id in ids {
        let Some(alone) = alone(&file, &id) else {
            continue;
        };
        found.extend(canvas::image(&canvas::of_svg(&alone)).await);
    }
    found
}

/// One symbol of a file, as a file of its own.
fn alone(file: &str, id: &str) -> Option<String> {
    let open = ["<symbol id=\"", id, "\""].concat();
    let rest = &file[file.find(&open)? + open.len()..];
    let inside = &rest[..rest.find("</symbol>")?];
    Some(
        [
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256""#,
            inside,
            "</svg>",
        ]
        .concat(),
    )
}

/// How large a symbol is: nine fit beside one another.
fn tile(panel: Area) -> f64 {
    (panel.width - 2.0 * edge(panel)) / 9.0
}

fn set_pictures(sheet: &Sheet, pictures: &[HtmlImageElement], panel: Area) {
    let side = tile(panel);
    let y = panel.y + panel.height - edge(panel) / 2.0 - side;
    let mut x = panel.x + edge(panel);
    for picture in pictures {
        let area = Area {
            x,
            y,
            width: side,
            height: side,
        };
        sheet.picture(picture, area);
        x += side;
    }
}

/// What a piece is called.
pub fn name(piece: Piece) -> String {
    t(match piece {
        Piece::Name => texts::PART_NAME,
        Piece::Ring => texts::PART_RING,
        Piece::Part(part) => blocks::name(part),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> f64 {
        text.chars().count() as f64
    }

    #[test]
    fn no_line_is_wider_than_its_room_and_no_letter_is_lost() {
        let text = "find it hard to speak in unbelievablyoverwhelming crowds";
        let lines = wrapped(text, 12.0, letters);
        assert!(lines.iter().all(|line| letters(line) <= 12.0), "{lines:?}");
        let squeezed = |text: &str| text.replace(' ', "");
        assert_eq!(squeezed(&lines.concat()), squeezed(text));
        assert_eq!(lines[0], "find it hard");
    }

    #[test]
    fn clock_and_buttons_keep_their_room() {
        let panel = panel(1170, 2532);
        assert!(panel.y >= 2532.0 * 0.29);
        assert!(panel.y + panel.height <= 2532.0 * 0.86);
    }

    #[test]
    fn a_symbol_becomes_a_picture_of_its_own() {
        let file = include_str!("../../../../public/pictograms.svg");
        let alone = alone(file, "no-speech").expect("it is in the pack");
        assert!(alone.contains("viewBox=\"0 0 64 64\"") && alone.ends_with("</svg>"));
        assert!(!alone.contains("symbol"));
        assert_eq!(super::alone(file, "no-such-thing"), None);
    }
}
