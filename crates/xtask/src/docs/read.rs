//! One file of Markdown as what a page is made of: HTML, headings, code still without colours, and the words that are searched.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::site::{Page, Site};

/// A heading below the page's own.
pub(super) struct Heading {
    pub(super) level: u8,
    pub(super) id: String,
    pub(super) text: String,
}

/// A block of code. In the page's HTML its place is taken by [`Code::mark`].
pub(super) struct Code {
    pub(super) language: String,
    pub(super) text: String,
}

impl Code {
    /// What stands where the `nth` block belongs.
    pub(super) fn mark(nth: usize) -> String {
        format!("<!--code {nth}-->")
    }
}

/// What a part of the page says, for the search.
#[derive(Default)]
pub(super) struct Passage {
    pub(super) id: String,
    pub(super) heading: String,
    pub(super) text: String,
}

/// What is on a page.
pub(super) struct Content {
    pub(super) title: String,
    pub(super) html: String,
    pub(super) headings: Vec<Heading>,
    pub(super) code: Vec<Code>,
    pub(super) passages: Vec<Passage>,
}

/// Reads a page. Its first line is its heading; what it links to has to be there.
pub(super) fn page(site: &Site, page: &Page) -> Result<Content> {
    let text = std::fs::read_to_string(site.root.join(&page.source))
        .with_context(|| format!("{} cannot be read", page.source))?;
    Reader::new(site, page).read(&text).with_context(|| page.source.clone())
}

struct Reader<'a> {
    site: &'a Site,
    page: &'a Page,
    slugs: BTreeMap<String, usize>,
    out: Content,
}

impl<'a> Reader<'a> {
    fn new(site: &'a Site, page: &'a Page) -> Self {
        let out = Content {
            title: String::new(),
            html: String::new(),
            headings: Vec::new(),
            code: Vec::new(),
            passages: vec![Passage::default()],
        };
        Self { site, page, slugs: BTreeMap::new(), out }
    }

    fn read(mut self, text: &str) -> Result<Content> {
        let mut events = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
        let mut made = Vec::new();
        while let Some(event) = events.next() {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    let inner: Vec<Event> = events.by_ref().take_while(|event| !ends_heading(event)).collect();
                    self.heading(level, inner, &mut made)?;
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let text: String = events
                        .by_ref()
                        .take_while(|event| !matches!(event, Event::End(TagEnd::CodeBlock)))
                        .filter_map(|event| if let Event::Text(text) = event { Some(text.into_string()) } else { None })
                        .collect();
                    made.push(Event::Html(Code::mark(self.out.code.len()).into()));
                    self.said(&text);
                    self.out.code.push(Code { language: language(&kind), text });
                }
                Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                    let dest_url = self.link(&dest_url)?.into();
                    made.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
                }
                Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                    let place = self.page.source.rsplit_once('/').map_or("", |(folder, _)| folder);
                    let file = joined(place, &dest_url);
                    ensure!(self.site.root.join(&file).is_file(), "the picture {dest_url} is not there");
                    let within = file.strip_prefix("docs/").with_context(|| format!("{file} is not in docs/"))?;
                    let dest_url = format!("{}{within}", self.page.up()).into();
                    made.push(Event::Start(Tag::Image { link_type, dest_url, title, id }));
                }
                Event::Start(Tag::Table(columns)) => {
                    // Wide ones are scrolled for themselves, with the keys too.
                    made.push(Event::Html("<div class=\"wide\" tabindex=\"0\">".into()));
                    made.push(Event::Start(Tag::Table(columns)));
                }
                Event::End(TagEnd::Table) => {
                    made.push(Event::End(TagEnd::Table));
                    made.push(Event::Html("</div>".into()));
                }
                Event::Html(text) | Event::InlineHtml(text) => bail!("HTML of its own is not taken: {text}"),
                other => {
                    if let Event::Text(text) | Event::Code(text) = &other {
                        self.said(text);
                    } else if matches!(other, Event::SoftBreak | Event::End(_)) {
                        self.said(" ");
                    }
                    made.push(other);
                }
            }
        }
        ensure!(!self.out.title.is_empty(), "it has no heading");
        html::push_html(&mut self.out.html, made.into_iter());
        // A table's first cell may stand above nothing; an empty heading is read out as one.
        self.out.html = self.out.html.replace("<th></th>", "<td></td>");
        Ok(self.out)
    }

    fn said(&mut self, text: &str) {
        if let Some(passage) = self.out.passages.last_mut() {
            passage.text.push_str(text);
        }
    }

    fn heading(&mut self, level: HeadingLevel, inner: Vec<Event<'_>>, made: &mut Vec<Event<'_>>) -> Result<()> {
        let mut text = String::new();
        for event in &inner {
            if let Event::Text(part) | Event::Code(part) = event {
                text.push_str(part);
            }
        }
        let id = self.unique(slug(&text));
        let mut inside = String::new();
        html::push_html(&mut inside, inner.into_iter());
        let number = level as u8;
        if number == 1 {
            ensure!(self.out.title.is_empty(), "it has a second heading of the first order: {text}");
            self.out.title.clone_from(&text);
        } else {
            ensure!(!self.out.title.is_empty(), "its first heading is not of the first order");
            self.out.headings.push(Heading { level: number, id: id.clone(), text: text.clone() });
            self.out.passages.push(Passage { id: id.clone(), heading: text, text: String::new() });
        }
        made.push(Event::Html(CowStr::from(format!("<h{number} id=\"{id}\">{inside}</h{number}>\n"))));
        Ok(())
    }

    fn unique(&mut self, slug: String) -> String {
        let seen = self.slugs.entry(slug.clone()).or_default();
        *seen += 1;
        if *seen == 1 { slug } else { format!("{slug}-{}", *seen - 1) }
    }

    /// Where a link of the sources leads within the site.
    fn link(&self, target: &str) -> Result<String> {
        if target.starts_with('#') || target.contains("://") || target.starts_with("mailto:") {
            return Ok(target.to_owned());
        }
        let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
        let place = self.page.source.rsplit_once('/').map_or("", |(folder, _)| folder);
        let source = joined(place, file);
        let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
        if let Some(page) = self.site.of_source(&source) {
            return Ok(format!("{}{}{anchor}", self.page.up(), page.address()));
        }
        ensure!(self.site.root.join(&source).exists(), "the link {target} leads nowhere");
        // What is not on the site lies in the sources; the template knows whether these can be read on the web.
        Ok(format!("source:{source}{anchor}"))
    }
}

fn ends_heading(event: &Event<'_>) -> bool {
    matches!(event, Event::End(TagEnd::Heading(_)))
}

/// The first word behind the fence; what follows says how the example is run.
fn language(kind: &CodeBlockKind<'_>) -> String {
    match kind {
        CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or("text").to_owned(),
        CodeBlockKind::Indented => "text".to_owned(),
    }
}

/// A heading as an anchor, as the hosts of sources make it, so that links work there as well.
fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    let kept = lower.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || matches!(c, '-' | '_') => Some(c),
        _ => None,
    });
    kept.collect()
}

/// `file`, seen from the folder `place`.
fn joined(place: &str, file: &str) -> String {
    let mut parts: Vec<&str> = place.split('/').filter(|part| !part.is_empty()).collect();
    for part in file.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_the_hosts_of_sources() {
        assert_eq!(slug("Who may read"), "who-may-read");
        assert_eq!(slug("`polku serve --seed-demo N`: a map to try out"), "polku-serve---seed-demo-n-a-map-to-try-out");
        assert_eq!(slug("Mitä lähtee?"), "mitä-lähtee");
    }

    #[test]
    fn paths_are_joined() {
        assert_eq!(joined("docs", "../README.md"), "README.md");
        assert_eq!(joined("docs/integrations", "../chat.md"), "docs/chat.md");
        assert_eq!(joined("", "docs/chat.md"), "docs/chat.md");
    }
}
