//! What columns are called, in English, Finnish, Swedish and German.

/// A member of a line, as `--column` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Member {
    /// The day.
    Day,
    /// The first day of a cost.
    From,
    /// Its last day.
    To,
    /// What kind of touchpoint.
    Kind,
    /// In which stage.
    Stage,
    /// How many.
    Count,
    /// How it felt.
    Sentiment,
    /// What a ticket says.
    Text,
    /// How it came.
    Channel,
    /// What the shop files it under.
    Category,
    /// The ticket's number.
    Id,
    /// In which language it is.
    Lang,
    /// How many orders.
    Orders,
    /// What they were worth.
    Value,
    /// In which currency.
    Currency,
    /// Where shoppers came from for the money.
    Door,
    /// The campaign's word for itself.
    Campaign,
    /// What was paid.
    Cost,
}

impl Member {
    /// Its own name, and what else it is called: small letters and digits alone, as [`folded`] leaves them.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Day => (
                "day",
                "date created createdat createdon opened openedat received receivedat timestamp time orderdate päivä päivämäärä pvm luotu avattu \
                 saapunut aika tilauspäivä datum dag skapad skapades inkom orderdatum tag erstellt erstelltam eröffnet eingegangen zeitpunkt bestelldatum",
            ),
            Self::From => (
                "from",
                "start starts startdate fromdate begin begins since alkaen alku alkaa alkupäivä alkupvm från start startdatum von beginn ab",
            ),
            Self::To => (
                "to",
                "until end ends enddate todate asti saakka loppu loppuu loppupäivä loppupvm päättyy till slut slutdatum tom bis ende enddatum",
            ),
            Self::Kind => (
                "kind",
                "type touchpoint contacttype laji tyyppi kosketuspiste kontakti yhteydenotto typ slag kontaktpunkt kontakttyp art kontaktart",
            ),
            Self::Stage => ("stage", "phase vaihe polunvaihe steg fas skede phase stufe"),
            Self::Count => ("count", "n number quantity qty contacts määrä lukumäärä lkm kpl antal anzahl menge"),
            Self::Sentiment => {
                ("sentiment", "feeling mood emotion tunne tunnelma fiilis känsla stämning stimmung gefühl emotion")
            }
            Self::Text => (
                "text",
                "body message description subject comment content teksti viesti kuvaus aihe otsikko kommentti sisältö meddelande \
                 beskrivning ämne rubrik kommentar innehåll nachricht beschreibung betreff inhalt",
            ),
            Self::Channel => ("channel", "via kanava kanal"),
            Self::Category => ("category", "topic theme luokka kategoria teema kategori kategorie thema"),
            Self::Id => (
                "id",
                "ticket ticketid ticketnumber ticketno case caseid tunnus tiketti tikettinumero ärende ärendenummer ticketnummer vorgang vorgangsnummer",
            ),
            Self::Lang => ("lang", "language locale kieli språk sprache"),
            Self::Orders => (
                "orders",
                "ordercount numberoforders purchases tilaukset tilauksia tilausmäärä tilaustenmäärä beställningar antalbeställningar ordrar \
                 antalordrar bestellungen anzahlbestellungen aufträge",
            ),
            Self::Value => (
                "value",
                "revenue sales turnover total amount sum myynti liikevaihto arvo summa yhteensä försäljning omsättning värde belopp umsatz erlös wert summe",
            ),
            Self::Currency => ("currency", "valuutta valuta währung"),
            Self::Door => ("door", "source medium channel tulotie lähde kanava ingång källa kanal eingang quelle"),
            Self::Campaign => ("campaign", "utmcampaign campaignname kampanja kampanj kampagne"),
            Self::Cost => (
                "cost",
                "costs spend spent amount price kustannus kustannukset kulu kulut summa hinta kostnad kostnader belopp pris kosten ausgaben betrag preis",
            ),
        }
    }

    /// Its own name.
    pub(super) const fn name(self) -> &'static str {
        self.names().0
    }

    /// Whether a column of this name is this member.
    pub(super) fn is_called(self, head: &str) -> bool {
        let (own, others) = self.names();
        let head = folded(head);
        head == own || others.split_ascii_whitespace().any(|name| name == head)
    }
}

/// A name without what people write differently: capitals, spaces, hyphens and the like.
pub(super) fn folded(name: &str) -> String {
    name.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_in_four_languages() {
        for (member, heads) in [
            (Member::Day, "Day;DATE;Created at;created_at;Päivä;Päivämäärä;Pvm.;Datum;Skapad;Erstellt am"),
            (Member::Count, "Count;Määrä;kpl;Antal;Anzahl"),
            (Member::Value, "Revenue;Myynti;Försäljning;Umsatz"),
        ] {
            assert!(heads.split(';').all(|head| member.is_called(head)), "{member:?}");
        }
        assert!(!Member::Day.is_called("updated at") && !Member::Day.is_called(""));
    }
}
