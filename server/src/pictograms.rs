//! A scheme's own pictograms: what such a file may hold, and what it leaves to ours.

use roxmltree::{Attribute, Document, Node};

/// Where phones find the pictograms.
pub const URL: &str = "/pictograms.svg";
/// Longest file taken, in bytes. Ours has a tenth of that.
const MAX_BYTES: usize = 200 * 1024;
const SVG: &str = "http://www.w3.org/2000/svg";
/// All that a drawing needs. What can run, load or move is not among it.
const ELEMENTS: [&str; 18] = [
    "svg",
    "symbol",
    "g",
    "path",
    "circle",
    "ellipse",
    "rect",
    "line",
    "polyline",
    "polygon",
    "title",
    "desc",
    "defs",
    "use",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
];

/// Everything that speaks against a file; nothing where it may be used.
pub fn problems(text: &str) -> Vec<String> {
    if text.len() > MAX_BYTES {
        return vec![format!(
            "it has {} KB, and at most {} are taken",
            text.len().div_ceil(1024),
            MAX_BYTES / 1024
        )];
    }
    match Document::parse(text) {
        Ok(drawing) => drawing_problems(&drawing),
        Err(error) => vec![format!("it is no SVG: {error}")],
    }
}

/// The file, and after its symbols those of ours that it lacks.
pub fn completed(own: &str, ours: &str) -> String {
    let Some((symbols, end)) = own.rfind("</svg>").map(|at| own.split_at(at)) else {
        return ours.to_owned();
    };
    let known = Document::parse(own).map(|drawing| ids(&drawing));
    let known = known.unwrap_or_default();
    let lacking = ours
        .lines()
        .filter(|line| symbol_id(line).is_some_and(|id| !known.iter().any(|own| own == id)));
    let lacking: Vec<_> = lacking.collect();
    format!("{symbols}{}\n{end}", lacking.join("\n"))
}

/// Of a line of our own file, which has one symbol a line.
fn symbol_id(line: &str) -> Option<&str> {
    line.strip_prefix("<symbol id=\"")?.split('"').next()
}

fn ids(drawing: &Document<'_>) -> Vec<String> {
    let symbols = drawing.descendants();
    let symbols = symbols.filter(|node| node.has_tag_name((SVG, "symbol")));
    symbols
        .filter_map(|symbol| symbol.attribute("id").map(str::to_owned))
        .collect()
}

fn drawing_problems(drawing: &Document<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let ends = drawing.input_text().trim_end().ends_with("</svg>");
    if !ends || !drawing.root_element().has_tag_name((SVG, "svg")) {
        found.push(format!(
            "it must begin with <svg xmlns=\"{SVG}\"> and end with </svg>"
        ));
    }
    if ids(drawing).is_empty() {
        found.push("it has no <symbol> with an id".to_owned());
    }
    found.extend(drawing.descendants().flat_map(node_problems));
    found.sort();
    found.dedup();
    found
}

fn node_problems(node: Node<'_, '_>) -> Vec<String> {
    if node.is_pi() {
        return vec!["it has an instruction such as <?xml-stylesheet?>".to_owned()];
    }
    if !node.is_element() {
        return Vec::new();
    }
    let name = node.tag_name();
    if name.namespace() != Some(SVG) || !ELEMENTS.contains(&name.name()) {
        return vec![format!("it has <{}>, which is no drawing", name.name())];
    }
    let attributes = node.attributes();
    attributes
        .filter_map(|attribute| attribute_problem(&attribute))
        .collect()
}

fn attribute_problem(attribute: &Attribute<'_, '_>) -> Option<String> {
    let (name, value) = (attribute.name(), attribute.value());
    let lower = name.to_ascii_lowercase();
    match &*lower {
        _ if lower.starts_with("on") => Some(format!("it has the event {name}=\"…\"")),
        "style" => Some("it has style=\"…\", which phones leave out: write fill, stroke and the like as attributes".to_owned()),
        "base" => Some("it has xml:base, which leads elsewhere".to_owned()),
        "href" if !value.trim().starts_with('#') => {
            Some(format!("its {name} leads elsewhere: only \"#…\" is taken"))
        }
        _ if leads_elsewhere(value) => Some(format!("its {name} leads elsewhere: only url(#…) is taken")),
        _ => None,
    }
}

/// Whether a `url(…)` names anything but a part of the same file. A backslash could hide one.
fn leads_elsewhere(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let inside = |part: &str| {
        part.trim_start_matches([' ', '\t', '\n', '\r', '"', '\''])
            .starts_with('#')
    };
    value.contains('\\') || lower.split("url(").skip(1).any(|part| !inside(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = include_str!("../../public/pictograms.svg");

    fn pack(inside: &str) -> String {
        format!(
            "<svg xmlns=\"{SVG}\"><symbol id=\"noise\" viewBox=\"0 0 9 9\">{inside}</symbol></svg>"
        )
    }

    #[track_caller]
    fn taken(inside: &str) {
        assert_eq!(problems(&pack(inside)), [""; 0], "{inside}");
    }

    #[track_caller]
    fn refused(file: &str, because: &str) {
        let found = problems(file).join("; ");
        assert!(found.contains(because), "{file}: {found}");
    }

    #[test]
    fn drawings_are_taken() {
        assert_eq!(problems(OURS), [""; 0]);
        assert_eq!(problems(include_str!("../../public/drawings.svg")), [""; 0]);
        taken("<path d=\"M1 1h7\"/><use href=\"#other\"/>");
        taken("<g fill=\"url(#shade)\"/><g clip-path=\"url( '#cut' )\"/>");
        taken("<title>Noise &amp; crowds</title><!-- by hand -->");
    }

    #[test]
    fn what_can_run_or_load_is_refused() {
        for (inside, because) in [
            ("<script>1</script>", "it has <script>"),
            ("<foreignObject/>", "it has <foreignObject>"),
            ("<style>@import '//x.example'</style>", "it has <style>"),
            ("<image href=\"//x.example/a.png\"/>", "it has <image>"),
            ("<a href=\"#x\"/>", "it has <a>"),
            ("<set attributeName=\"href\" to=\"//x\"/>", "it has <set>"),
            ("<p xmlns=\"http://www.w3.org/1999/xhtml\"/>", "it has <p>"),
            ("<path onclick=\"x()\"/>", "the event onclick"),
            ("<path ONLOAD=\"x()\"/>", "the event ONLOAD"),
            ("<path style=\"fill:red\"/>", "it has style"),
            (
                "<use href=\"https://x.example/a.svg#b\"/>",
                "its href leads elsewhere",
            ),
            (
                "<use href=\"data:image/svg+xml,x\"/>",
                "its href leads elsewhere",
            ),
            (
                "<use xmlns:x=\"http://www.w3.org/1999/xlink\" x:href=\"a.svg#b\"/>",
                "its href leads elsewhere",
            ),
            (
                "<g fill=\"url(#a) URL(//x.example)\"/>",
                "its fill leads elsewhere",
            ),
            (
                "<g fill=\"u\\72l(//x.example)\"/>",
                "its fill leads elsewhere",
            ),
            ("<g xml:base=\"https://x.example/\"/>", "xml:base"),
        ] {
            refused(&pack(inside), because);
        }
        refused(
            &format!("<?xml-stylesheet href=\"x.css\"?>{}", pack("")),
            "an instruction",
        );
    }

    #[test]
    fn what_is_no_pack_of_symbols_is_refused() {
        refused("", "it is no SVG");
        refused("a picture", "it is no SVG");
        refused("<html/>", "it must begin with <svg");
        refused("<svg><symbol id=\"a\"/></svg>", "it must begin with <svg");
        refused(&format!("<svg xmlns=\"{SVG}\"/>"), "end with </svg>");
        refused(
            &format!("<svg xmlns=\"{SVG}\"><symbol/></svg>"),
            "no <symbol> with an id",
        );
        refused("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>", "it is no SVG");
        refused(&pack("<g>"), "it is no SVG");
        refused(
            &pack(&" ".repeat(MAX_BYTES)),
            "it has 201 KB, and at most 200",
        );
    }

    #[test]
    fn a_pack_shows_its_own_and_takes_the_rest_from_ours() {
        let own = pack("<path d=\"M2 2\"/>");
        let whole = completed(&own, OURS);
        assert_eq!(problems(&whole), [""; 0]);
        let (mut all, mut known) = (
            ids(&Document::parse(&whole).expect("it was just checked")),
            ids(&Document::parse(OURS).expect("ours")),
        );
        assert_eq!(all[0], "noise");
        all.sort();
        known.sort();
        assert_eq!(all, known);
        assert!(whole.contains("M2 2"));
    }
}
