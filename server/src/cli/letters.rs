//! Letters to the managers of places: as texts to copy, and as a page whose links open them one by one in
//! the coordinator's own e-mail program.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use domain::time::{Day, Timestamp};

use super::{Stop, say};
use crate::assets::escape_html;
use crate::config::Settings;
use crate::links::{Key, Purpose};
use crate::record::Status;
use crate::review::Standing;
use crate::scheme;
use crate::store::sqlite::Ledger;

/// How the letters are wanted.
#[derive(Debug, Args)]
pub struct Out {
    /// Write a page instead, with a link for each letter that opens it in your e-mail program
    #[arg(long)]
    page: Option<PathBuf>,
    /// A table of the managers' addresses, a place a line: its id, a comma, the e-mail address
    #[arg(long, requires = "page")]
    to: Option<PathBuf>,
}

/// One letter, with a link that nobody else may have.
struct Letter {
    id: String,
    name: String,
    /// Empty where it is not known here.
    to: String,
    subject: String,
    body: String,
}

/// Makes a link for each place, and a letter that brings it to its manager.
pub fn write<'a>(
    settings: &Settings,
    ledger: &mut Ledger,
    wanted: impl Iterator<Item = &'a Standing>,
    out: &Out,
    now: Timestamp,
) -> Result<(), Stop> {
    let key = Key::load(&settings.data).map_err(Stop::LinkKey)?;
    let scheme = scheme::load(settings.scheme.as_deref()).map_err(Stop::Scheme)?;
    let known = out.to.as_deref().map(addresses).transpose()?;
    let known = known.unwrap_or_default();
    let (mut letters, mut links) = (Vec::new(), Vec::new());
    for standing in wanted {
        let place = &standing.record.place;
        let purpose = match place.status {
            Status::Invited => Purpose::Welcome,
            _ => Purpose::Confirm,
        };
        let link = Key::draw(place.id.clone(), purpose, now).map_err(Stop::LinkKey)?;
        let home = settings.public_url.trim_end_matches('/');
        let address = format!("{home}/manage/{}", key.sign(&link));
        let until = link.expires.in_london().day;
        let mut letter = letter(&scheme.name, standing, purpose, &address, until);
        letter.to = known.get(&letter.id).cloned().unwrap_or_default();
        letters.push(letter);
        links.push(link);
    }
    match &out.page {
        Some(file) => {
            keep(file, &page(&scheme.name, &letters)).map_err(|e| Stop::File(file.clone(), e))?;
        }
        None => letters.iter().for_each(|letter| say(&letter.text())),
    }
    for link in &links {
        ledger.made(link, now).map_err(Stop::Database)?;
    }
    tell(&letters, out);
    Ok(())
}

fn tell(letters: &[Letter], out: &Out) {
    if out.to.is_some() {
        for letter in letters.iter().filter(|letter| letter.to.is_empty()) {
            say(&format!("no address for {}: {}", letter.id, letter.name));
        }
    }
    say(&match letters.len() {
        1 => "1 link made.".to_owned(),
        count => format!("{count} links made."),
    });
    if let Some(file) = &out.page {
        say(&format!(
            "Open {} in your browser, and delete it when all letters are sent.",
            file.display()
        ));
    }
}

/// The managers' addresses by place; a line without an @ is a heading.
fn addresses(file: &Path) -> Result<BTreeMap<String, String>, Stop> {
    let reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_path(file);
    let mut known = BTreeMap::new();
    for row in reader.map_err(Stop::Addresses)?.records() {
        let row = row.map_err(Stop::Addresses)?;
        if let (Some(id), Some(address)) = (row.get(0), row.get(1))
            && address.contains('@')
        {
            known.insert(id.to_owned(), address.to_owned());
        }
    }
    Ok(known)
}

/// Writes a new file that nobody else on this machine may read: whoever has a link answers for a place.
fn keep(file: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(text.as_bytes())
}

fn letter(
    scheme: &str,
    standing: &Standing,
    purpose: Purpose,
    address: &str,
    until: Day,
) -> Letter {
    let name = &standing.record.place.name;
    let reminder = standing.waiting_since.is_some();
    let subject = match (reminder, purpose) {
        (true, _) => format!("Reminder: {name} and {scheme}"),
        (false, Purpose::Welcome) => format!("{name} as a Safe Place"),
        (false, Purpose::Confirm) => format!("Is this still right? {name} and {scheme}"),
    };
    let begin = match purpose {
        Purpose::Welcome => format!(
            "Thank you for offering to make {name} a Safe Place. Please tell us on one page when you are open, how to find the door, and who has had the training."
        ),
        Purpose::Confirm => format!(
            "Once a year we ask every Safe Place whether what we tell people about it is still right. For {name}, please look at one page and put right what has changed."
        ),
    };
    let body = format!(
        "Hello,\n\n{begin}\n\n{address}\n\nIt takes about five minutes, on a phone or a computer, and needs no password. The link is only for {name}, works once, and ends on {until}. Please do not pass it on.\n\nPeople who are lost or frightened go by what it says there. If we hear nothing, we take {name} off the list for now, so that nobody stands before a closed door.\n\nThank you,\n{scheme}\n"
    );
    Letter {
        id: standing.record.place.id.to_string(),
        name: name.clone(),
        to: String::new(),
        subject,
        body,
    }
}

impl Letter {
    /// To copy into an e-mail.
    fn text(&self) -> String {
        format!("---\nSubject: {}\n\n{}", self.subject, self.body)
    }

    /// Opens the letter in an e-mail program, ready to be sent.
    fn mailto(&self) -> String {
        format!(
            "mailto:{}?subject={}&body={}",
            encoded(&self.to),
            encoded(&self.subject),
            encoded(&self.body.replace('\n', "\r\n"))
        )
    }
}

/// As a part of an address (RFC 6068).
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' => {
                out.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

/// All letters on one page, without a script and with nothing from elsewhere.
fn page(scheme: &str, letters: &[Letter]) -> String {
    let mut list = String::new();
    for letter in letters {
        let [id, name, to, subject, body, mailto] = [
            &letter.id,
            &letter.name,
            &letter.to,
            &letter.subject,
            &letter.body,
            &letter.mailto(),
        ]
        .map(|text| escape_html(text));
        let _ = write!(
            list,
            "<li><p><label><input type=\"checkbox\"> sent</label> <a href=\"{mailto}\">{name}</a> {to}</p>\n<details><summary>Copy it instead</summary><p>{subject}</p>\n<pre id=\"{id}\">{body}</pre></details></li>\n"
        );
    }
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"><title>{0} letters for {1}</title></head><body>\n<h1>{0} letters for {1}</h1>\n<p>Each link opens a letter in your e-mail program: see who it goes to, and send it. Tick it off here; ticks are gone when this page is closed.</p>\n<p><strong>Whoever has a letter can answer for its place. Keep this file to yourself, and delete it when all are sent.</strong></p>\n<ol>\n{list}</ol>\n</body></html>\n",
        letters.len(),
        escape_html(scheme)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            id: "aa".into(),
            name: "Sam's <Café> & Bar".into(),
            to: "sam+places@example.org".into(),
            subject: "Is it 100% right?".into(),
            body: "Hello,\n\nhttps://example.org/manage/x".into(),
        }
    }

    #[test]
    fn a_letter_opens_in_an_email_program_as_it_is() {
        assert_eq!(
            letter().mailto(),
            "mailto:sam%2Bplaces@example.org?subject=Is%20it%20100%25%20right%3F&body=Hello%2C%0D%0A%0D%0Ahttps%3A%2F%2Fexample.org%2Fmanage%2Fx"
        );
    }

    #[test]
    fn a_name_means_only_itself_on_the_page() {
        let page = page("A scheme", &[letter()]);
        assert!(
            page.contains("Sam&#39;s &lt;Café&gt; &amp; Bar</a>"),
            "{page}"
        );
        assert!(page.contains("?subject=Is%20it%20100%25%20right%3F&amp;body="));
        assert!(!page.contains("<script") && !page.contains("http:"));
    }
}
