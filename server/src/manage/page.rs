//! The manager's page: plain HTML forms, without script.

use domain::place::Offer;
use words::{Key, Words, manage as texts, places};

use super::typed::{Problem, ROWS, Typed};
use crate::assets::escape_html;
use crate::hours::form::{Form, Holidays, OfDay};
use crate::hours::{self, words as in_words};
use crate::record::Record;
use crate::serve::App;

/// The page of one place.
pub struct Page<'a> {
    /// Whose texts and criteria.
    pub app: &'a App,
    /// The place as it is.
    pub record: &'a Record,
    /// What stands in the fields.
    pub typed: &'a Typed,
    /// What is wrong with it.
    pub problems: &'a [Problem],
}

impl Page<'_> {
    /// The whole page.
    pub fn html(&self) -> String {
        let name = &self.record.place.name;
        let title = self.app.words.text(&texts::title(name));
        let body = format!(
            "<h1 class=\"title\">{}</h1>{}<p>{}</p>\
             <form method=\"post\" enctype=\"multipart/form-data\">{}{}{}{}{}{}{}\
             <button class=\"button button--main\" type=\"submit\">{}</button></form>",
            escape_html(&title),
            self.summary(),
            self.text(texts::LEAD),
            self.criteria(),
            self.hours(),
            self.words_about(),
            self.offers(),
            self.photo(),
            self.training(),
            self.leave(),
            self.text(texts::REVIEW),
        );
        document(self.app, &title, &body)
    }

    fn text(&self, key: Key) -> String {
        escape_html(self.app.words.get(key))
    }

    fn summary(&self) -> String {
        if self.problems.is_empty() {
            return String::new();
        }
        let item = |problem: &Problem| {
            format!(
                "<li><a href=\"#{}\">{}</a></li>",
                escape_html(&problem.field),
                self.text(problem.text)
            )
        };
        let items: String = self.problems.iter().map(item).collect();
        format!(
            "<div class=\"error-summary\" role=\"alert\"><h2 class=\"error-summary__title\">{}</h2>\
             <ul class=\"error-summary__list\">{items}</ul></div>",
            self.text(texts::AGAIN)
        )
    }

    fn criteria(&self) -> String {
        let criteria = self.app.scheme.criteria.iter().enumerate();
        let ticks: String = criteria
            .map(|(at, text)| self.tick(&format!("c{at}"), &escape_html(text)))
            .collect();
        if ticks.is_empty() {
            return ticks;
        }
        group(&self.text(texts::CRITERIA), &ticks)
    }

    fn hours(&self) -> String {
        let mut inside = format!(
            "<p class=\"field__hint\">{}</p>",
            self.text(texts::HOURS_NOTE)
        );
        if let Some(text) = &self.record.place.opening_hours {
            inside += &self.hours_now(text);
        }
        inside += "<div class=\"manage__form\">";
        for (at, day) in DAYS.into_iter().enumerate() {
            inside += &self.day(&format!("d{at}"), &self.text(day), texts::APPOINTMENT);
        }
        inside += &self.day("ph", &self.text(texts::BANK_HOLIDAYS), texts::RING_FIRST);
        inside += &self.exceptions();
        inside += "</div>";
        group(&self.text(texts::HOURS), &inside)
    }

    /// Dates that differ: folded up while there are none.
    fn exceptions(&self) -> String {
        let typed = (0..ROWS).any(|at| !self.typed.get(&format!("x{at}f")).is_empty());
        let open = if typed { " open" } else { "" };
        let rows: String = (0..ROWS).map(|at| self.dates(at)).collect();
        format!(
            "<details{open}><summary class=\"field__label\">{}</summary>{rows}</details>",
            self.text(texts::ADD_DATES)
        )
    }

    /// The hours as they stand, to be kept or changed.
    fn hours_now(&self, text: &str) -> String {
        let (nation, words) = (self.record.place.nation, &self.app.words);
        let today = crate::arrival::now().in_london().day;
        let mut lines = match hours::expand(text, nation, today) {
            Ok(hours) => in_words::week(words, &hours),
            Err(_) => vec![text.to_owned()],
        };
        let form = Form::read(text, nation, today).ok();
        let rich = form.is_none();
        lines.extend(form.into_iter().flat_map(|form| besides(words, &form)));
        let lines: Vec<_> = lines.iter().map(|line| escape_html(line)).collect();
        let note = match rich {
            true => format!(
                "<p class=\"field__hint\">{}</p>",
                self.text(texts::HOURS_RICH)
            ),
            false => String::new(),
        };
        format!(
            "<p>{}</p>{note}{}{}",
            lines.join("<br>"),
            self.choice("hours", "keep", texts::HOURS_KEEP),
            self.choice("hours", "form", texts::CHANGED_HOURS),
        )
    }

    fn day(&self, field: &str, label: &str, ask: Key) -> String {
        format!(
            "<fieldset class=\"manage__day\"><legend class=\"field__label\">{label}</legend>{}{}{}</fieldset>",
            self.kind(field, label, ask),
            self.times(field, label, ["a", "b"], texts::FROM),
            self.times(field, label, ["c", "e"], texts::SECOND),
        )
    }

    fn dates(&self, at: usize) -> String {
        let field = format!("x{at}");
        let dates = self.text(texts::ADD_DATES);
        format!(
            "<fieldset class=\"manage__day\"><legend class=\"visually-hidden\">{dates} {}</legend>\
             <label>{} {}</label> <label>{} {}</label>{}{}</fieldset>",
            at + 1,
            self.text(texts::DATE_FIRST),
            self.input("date", &format!("{field}f"), ""),
            self.text(texts::DATE_LAST),
            self.input("date", &format!("{field}l"), ""),
            self.kind(&field, &self.text(texts::HOURS), texts::APPOINTMENT),
            self.times(&field, &self.text(texts::HOURS), ["a", "b"], texts::FROM),
        )
    }

    fn kind(&self, field: &str, label: &str, ask: Key) -> String {
        let kinds = [
            ("closed", texts::DAY_CLOSED),
            ("open", texts::DAY_OPEN),
            ("ask", ask),
        ];
        let option = |(value, key): (&str, Key)| {
            let chosen = if self.typed.get(field) == value {
                " selected"
            } else {
                ""
            };
            format!(
                "<option value=\"{value}\"{chosen}>{}</option>",
                self.text(key)
            )
        };
        let options: String = kinds.map(option).concat();
        format!(
            "<select class=\"field__input\" id=\"{field}\" name=\"{field}\" aria-label=\"{label}\">{options}</select>"
        )
    }

    fn times(&self, field: &str, label: &str, [opens, closes]: [&str; 2], from: Key) -> String {
        let (from, to) = (self.text(from), self.text(texts::TO));
        let time = |part: &str, word: &str| {
            let said = format!(" aria-label=\"{label}, {word}\"");
            self.input("time", &format!("{field}{part}"), &said)
        };
        format!(
            "<span class=\"manage__times\">{from} {} {to} {}</span>",
            time(opens, &from),
            time(closes, &to)
        )
    }

    fn input(&self, kind: &str, field: &str, more: &str) -> String {
        let value = escape_html(self.typed.get(field));
        format!(
            "<input class=\"field__input manage__short\" type=\"{kind}\" id=\"{field}\" name=\"{field}\" value=\"{value}\"{more}>"
        )
    }

    fn words_about(&self) -> String {
        let telephone = format!(
            "<div class=\"field\"><label class=\"field__label\" for=\"telephone\">{}</label>{}</div>",
            self.text(places::TELEPHONE),
            self.input("tel", "telephone", "")
        );
        let long = |field: &str, key: Key| {
            format!(
                "<div class=\"field\"><label class=\"field__label\" for=\"{field}\">{}</label>\
                 <textarea class=\"field__input\" id=\"{field}\" name=\"{field}\" rows=\"3\" maxlength=\"500\">{}</textarea></div>",
                self.text(key),
                escape_html(self.typed.get(field))
            )
        };
        telephone
            + &long("directions", places::WAY_THERE)
            + &long("door", places::DIRECTIONS)
            + &long("welcome", texts::WELCOME)
    }

    fn offers(&self) -> String {
        let tick = |offer: Offer| {
            let key = match offer {
                Offer::StepFree => places::STEP_FREE,
                Offer::Toilets => places::TOILETS,
                Offer::QuietRoom => places::QUIET_ROOM,
                Offer::HearingLoop => places::HEARING_LOOP,
            };
            self.tick(&format!("offer-{}", offer.name()), &self.text(key))
        };
        group(&self.text(texts::OFFERS), &Offer::ALL.map(tick).concat())
    }

    fn photo(&self) -> String {
        let shown = self.record.photo.as_ref().map_or_else(String::new, |name| {
            format!(
                "<img class=\"manage__photo\" src=\"/api/places/photos/{}\" alt=\"\">",
                escape_html(name)
            )
        });
        format!(
            "<div class=\"field\"><label class=\"field__label\" for=\"photo\">{}</label>\
             <p class=\"field__hint\">{}</p>{shown}\
             <input class=\"field__input\" type=\"file\" id=\"photo\" name=\"photo\" accept=\"image/jpeg,image/png,image/webp\"></div>",
            self.text(texts::PHOTO),
            self.text(texts::PHOTO_NOTE),
        )
    }

    fn training(&self) -> String {
        format!(
            "<div class=\"field\"><label class=\"field__label\" for=\"trained\">{}</label>{}</div>\
             <div class=\"field\"><label class=\"field__label\" for=\"trained_who\">{}</label>{}</div>",
            self.text(texts::TRAINED),
            self.input("date", "trained", ""),
            self.text(texts::TRAINED_WHO),
            self.input("text", "trained_who", " maxlength=\"200\""),
        )
    }

    fn leave(&self) -> String {
        self.tick(
            "leave",
            &format!(
                "{} <span class=\"choice__note\">{}</span>",
                self.text(texts::LEAVE),
                self.text(texts::LEAVE_NOTE)
            ),
        )
    }

    fn tick(&self, field: &str, label: &str) -> String {
        self.chooser("checkbox", field, "on", field, label)
    }

    fn choice(&self, field: &str, value: &str, key: Key) -> String {
        let id = format!("{field}-{value}");
        self.chooser("radio", field, value, &id, &self.text(key))
    }

    fn chooser(&self, kind: &str, field: &str, value: &str, id: &str, label: &str) -> String {
        let chosen = if self.typed.get(field) == value {
            " checked"
        } else {
            ""
        };
        format!(
            "<label class=\"choice\"><input class=\"choice__input\" type=\"{kind}\" id=\"{id}\" name=\"{field}\" value=\"{value}\"{chosen}>\
             <span class=\"choice__text\"><span class=\"choice__title\">{label}</span></span></label>"
        )
    }
}

const DAYS: [Key; 7] = [
    places::MONDAY,
    places::TUESDAY,
    places::WEDNESDAY,
    places::THURSDAY,
    places::FRIDAY,
    places::SATURDAY,
    places::SUNDAY,
];

/// Bank holidays and dates that differ, in words.
fn besides(words: &Words, form: &Form) -> Vec<String> {
    let said = |then: &OfDay| match then {
        OfDay::Closed => words.get(places::SHUT).to_owned(),
        OfDay::ByAppointment => words.get(places::ASK_FIRST).to_owned(),
        OfDay::Open(spans) => in_words::open(words, spans),
    };
    let holidays = match &form.holidays {
        Holidays::Closed => OfDay::Closed,
        Holidays::RingFirst => OfDay::ByAppointment,
        Holidays::Open(spans) => OfDay::Open(spans.clone()),
    };
    let mut lines = vec![format!(
        "{}: {}",
        words.get(texts::BANK_HOLIDAYS),
        said(&holidays)
    )];
    for one in &form.exceptions {
        let [first, last] = [one.first, one.last].map(|day| {
            let (year, month, day) = day.date();
            format!("{day}/{month}/{year}")
        });
        let days = match one.first == one.last {
            true => first,
            false => words.text(&places::days(first, last)),
        };
        lines.push(format!("{days}: {}", said(&one.then)));
    }
    lines
}

fn group(title: &str, inside: &str) -> String {
    format!(
        "<fieldset class=\"group\"><legend class=\"group__title\">{title}</legend>{inside}</fieldset>"
    )
}

/// A page of one sentence: thanks, or why the link does not open.
pub fn plain(app: &App, title: Key, note: Key) -> String {
    let words: &Words = &app.words;
    let body = format!(
        "<h1 class=\"title\">{}</h1><p>{}</p>",
        escape_html(words.get(title)),
        escape_html(words.get(note))
    );
    document(app, words.get(title), &body)
}

fn document(app: &App, title: &str, body: &str) -> String {
    let sheet = |url: &String| format!("<link rel=\"stylesheet\" href=\"{}\">", escape_html(url));
    let styles: String = app.site.stylesheets().iter().map(sheet).collect();
    format!(
        "<!doctype html><html lang=\"{}\" dir=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"robots\" content=\"noindex\"><link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{}</title>{styles}</head>\
         <body class=\"plain\"><main class=\"page manage\">{body}</main></body></html>",
        escape_html(app.lang.tag),
        app.lang.dir,
        escape_html(title),
    )
}
