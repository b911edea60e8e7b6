//! Words that say what stands beside them, in Finnish, Swedish, Norwegian, Danish, Estonian, English, German, French, Spanish and Dutch.
//!
//! The languages are in one table: who writes in one may well borrow from another, and a shop in Finland has customers of four.

/// Each class once: what a word says, and all of them by their number.
macro_rules! classes {
    ($($(#[$doc:meta])* $class:ident,)*) => {
        /// What a word says.
        #[derive(Clone, Copy, PartialEq, Eq)]
        #[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
        #[repr(u8)]
        pub(super) enum Class { $($(#[$doc])* $class),* }

        /// All classes, by their number.
        const CLASSES: [Class; [$(Class::$class),*].len()] = [$(Class::$class),*];
    };
}

classes! {
    /// Nothing.
    None,
    /// What was masked already, and what looks so.
    Mask,
    /// A number.
    Number,
    /// Stands between a label and its number.
    Link,
    /// … and says that they are the same.
    Is,
    Phone,
    /// What a shop counts with: order, parcel, article, lot.
    Order,
    /// Of software.
    Version,
    Card,
    Bsn,
    Cpr,
    Mail,
    Born,
    /// An `@` in words.
    At,
    /// A `.` in words.
    Dot,
    My,
    I,
    Name,
    /// `heter`, `heiße`: after [`Class::I`].
    Called,
    Greeting,
    /// After which somebody signs.
    Bye,
    /// Somebody's trade or title, before a name.
    Person,
    /// A street before its name.
    StreetFirst,
    /// A street after its name, as a word of its own.
    StreetLast,
    /// Written with a capital, and nobody's name.
    Nobody,
    /// Small words in the middle of names.
    Particle,
}

use Class::*;

/// The words by class; a star is any ending. Where two would hold, the longer one does.
const WORDS: &[(Class, &str)] = &[
    (
        Link,
        "num* nro nr no n code* kood* kode zu for till til für para pour voor to the die das det op sur på am auf an a mon en ref",
    ),
    (Is, "is was on oli är var er ist war est était es era lautet"),
    (
        Phone,
        "puh puhel* numeroon numerosta kännyk* gsm soita* soitta* soitet* soitin soitto* tel telef* teléf* telep* tlf* tfn téléph* tél \
         phone* mobil* mob móvil* portable cell* handy* ring* ruf* rief anruf* gerufen rückruf* erreich* call* text reach whatsapp* viber sms \
         signal helist* bel bellen belt belde gebeld terugbellen appel* rappel* joign* llam* llám* contact* kontakt* yhteysn* fax träffas nå nås",
    ),
    (
        Order,
        "order* ordre* tilau* beställ* bestil* bestel* tellim* command* pedido* auftrag* ean* gtin* upc isbn lot lotn* lote batch* erä* \
         sats* parti* charge* track* seuranta* lähetys* kolli* spårn* sporing* sending* sendung* jälgim* saadet* suivi* colis* seguim* envío* \
         zending* pak* parcel* shipm* volg* part osa* varaosa* arti* art artnr tuote* toote* toode produ* vare* item* sku* model* malli* mudel* \
         viite* refer* référ* seria* sarja* serie* seeria* invoice* lasku* faktur* rechnung* factu* arve* kuitti* receipt* kvit* beleg* \
         ticket* bon bonn* rma return* retur* retour* palaut* tagast* devol* voucher* kupon* coupon* lahjak* gutschein* presentk* gavek* \
         kinkek* asiakasn* kundn* kunden* kliendin* klantn* barcode* viivak* stre* ribak* strich* código* imei case* ärende* saks* sags* \
         expedien* dossier* jäljit* toimitus*",
    ),
    (
        Version,
        "versi* versj* v ver firmw* fw build* release* laiteo* ohjelmis* päivit* program* mjukv* uppdat* oppdat* opdat* fastv* püsiv* \
         tarkv* uuend* softw* logic* actual* update* app*",
    ),
    (Card, "card* kort* luotto* kredit* credit* betal* carte* tarjeta* kaart* krediit* karte* visa"),
    (Bsn, "bsn* burgers* sofi*"),
    (Cpr, "cpr*"),
    (Mail, "mail* email* sähköp* post posti* spost* epost* meil* courriel* mél correo*"),
    (
        Born,
        "born birth* dob synt* född föddes födelsed* fødselsd* født fødd f geb gebor* geburt* né née naiss* nacid* nacim* nací sünd* sünni* geboor*",
    ),
    (At, "at ät arroba"),
    (Dot, "dot piste punkt punktum punto point"),
    (My, "my minun mun mitt mit min minu mein meine mi mijn"),
    (I, "jag jeg ich me ik appelle ma mina"),
    (Name, "name nimi nimeni namn* navn* nom nombre naam"),
    (Called, "heter hedder heiße heisse llamo heet"),
    (
        Greeting,
        "hei hej hello hi dear hallo bonjour hola tere moi terve moikka beste liebe* kära kjære kære cher chère estimad* querid* salut hyvä",
    ),
    (
        Bye,
        "terv* t yst mvh vh hälsning* hils* lugup* parimat regards sincerely yours cheers wishes mfg vg grüße* gruß grüsse* lg cordial* \
         saludo* atentamente mvg groet*",
    ),
    (
        Person,
        "myyjä* asiakaspalvelij* työnteki* kassah* säljar* expedit* medarb* selger* eksped* sælger* kundeb* müüja* teenind* klienditeen* \
         assist* cashier* employ* agent* clerk* colleag* salesp* named staff verkäuf* mitarb* kassier* namens genannt vendeu* \
         vended* conseill* caissi* nomm* depend* emplead* cajer* llamad* verkop* medew* collega kolle* nimeg* nimelt* herra rouva herr fru frau \
         mr mrs ms monsieur madame mme señor* meneer mevr* dhr härra proua",
    ),
    (
        StreetFirst,
        "rue avenue av boulevard place chemin impasse quai route calle c avenida avda plaza paseo camino ronda",
    ),
    (
        StreetLast,
        "street st road rd ave lane drive close court terrace square way tn mnt pst tänav maantee puiestee \
         tee gate gata vei allé allee alle vej",
    ),
    (
        Nobody,
        "asiak* kund* klient* klant* customer* client* team* tiim* our your you all everyone kaikki alla support* service* sales shop* store* \
         verkkok* kauppa* butik* pood winkel* tienda* boutique* equipo équipe kiitos tack takk tak danke thanks have \
         please i we wir vi je nous yo sir* damen herren guten dag tag",
    ),
    (Particle, "de la du des les le el von van der den het af di da del las los ter ten"),
];

/// Letters that words begin with, and everything else behind them.
const LETTERS: usize = 27;

/// In which bucket a first byte is.
const fn bucket(first: u8) -> usize {
    if first.is_ascii_lowercase() { (first - b'a') as usize } else { LETTERS - 1 }
}

/// Natively each word begins with its length, which makes looking faster by a half; on a page the bytes matter more.
const LENGTH: usize = if cfg!(target_arch = "wasm32") { 0 } else { 1 };

/// Added to the class of a word with a star. What ends a word is smaller than any letter.
const STAR: u8 = 0x20;

/// A word in the table: perhaps its length, its bytes without the first, and its class.
const fn each<const N: usize>(
    mut table: [u8; N],
    mut starts: [u16; LETTERS + 1],
    write: bool,
) -> ([u8; N], [u16; LETTERS + 1]) {
    let mut list = 0;
    while list < WORDS.len() {
        let (class, words) = (WORDS[list].0 as u8, WORDS[list].1.as_bytes());
        let mut at = 0;
        while at < words.len() {
            let mut end = at;
            while end < words.len() && words[end] != b' ' {
                end += 1;
            }
            if end > at {
                let star = words[end - 1] == b'*';
                let len = end - at - 1 - star as usize;
                let place = bucket(words[at]);
                if write {
                    let mut to = starts[place] as usize;
                    table[to] = len as u8;
                    to += LENGTH;
                    let mut from = at + 1;
                    while from <= at + len {
                        table[to] = words[from];
                        to += 1;
                        from += 1;
                    }
                    table[to] = class + if star { STAR } else { 0 };
                }
                starts[place] += (LENGTH + len + 1) as u16;
            }
            at = end + 1;
        }
        list += 1;
    }
    (table, starts)
}

/// How many bytes begin with each letter.
const SIZES: [u16; LETTERS + 1] = each([], [0; LETTERS + 1], false).1;

/// Where the words with each letter begin.
static STARTS: [u16; LETTERS + 1] = {
    let mut starts = [0; LETTERS + 1];
    let mut at = 0;
    while at < LETTERS {
        starts[at + 1] = starts[at] + SIZES[at];
        at += 1;
    }
    starts
};

static TABLE: [u8; STARTS_END] = each([0; STARTS_END], STARTS, true).0;

const STARTS_END: usize = {
    let (mut sum, mut at) = (0, 0);
    while at < LETTERS {
        sum += SIZES[at] as usize;
        at += 1;
    }
    sum
};

/// The longest beginning of a word that is looked at, in bytes.
const MOST: usize = 24;

/// What a word says, whatever its case.
pub(super) fn class(word: &[u8]) -> Class {
    let mut small = [0; MOST];
    let mut len = 0;
    let mut before = 0;
    for &byte in word {
        if len == MOST {
            break;
        }
        small[len] = fold(before, byte);
        before = byte;
        len += 1;
    }
    let place = bucket(small[0]);
    let rest = &small[1..len.max(1)];
    let (mut at, end) = (usize::from(STARTS[place]), usize::from(STARTS[place + 1]));
    let (mut best, mut found) = (0, 0);
    while at < end {
        let size = if LENGTH > 0 {
            usize::from(TABLE[at])
        } else {
            TABLE[at..end].iter().take_while(|byte| **byte >= 2 * STAR).count()
        };
        let next = at + LENGTH + size;
        let class = TABLE[next];
        // The first byte of what is no ASCII letter is C3: all such words of ours begin so. Most words differ in the next byte already.
        let second = TABLE[at + LENGTH];
        if (second < 2 * STAR || second == small[1])
            && size >= best
            && (size == rest.len() || class >= STAR)
            && rest.get(..size) == TABLE.get(next - size..next)
        {
            (best, found) = (size + 1, class);
        }
        at = next + 1;
    }
    CLASSES.get(usize::from(found % STAR)).copied().unwrap_or(None)
}

/// A byte of a small letter for that of a capital: ASCII, and those of two bytes in Latin-1.
fn fold(before: u8, byte: u8) -> u8 {
    match (before, byte) {
        (_, b'A'..=b'Z') | (0xC3, 0x80..=0x9E) => byte | 0x20,
        _ => byte,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_whatever_their_case_and_by_the_longer_entry() {
        for (word, is) in [
            ("puh", Phone),
            ("PUHELIN", Phone),
            ("tellimuse", Order),
            ("tel", Phone),
            ("Ordernummer", Order),
            ("Téléphone", Phone),
            ("ÄT", At),
            ("né", Born),
            ("terveisin", Bye),
            ("Weiß", None),
            ("", None),
            ("Koko", None),
        ] {
            assert_eq!(class(word.as_bytes()), is, "{word}");
        }
    }

    #[test]
    fn classes_have_their_numbers() {
        for (at, class) in CLASSES.iter().enumerate() {
            assert_eq!(at, *class as usize);
        }
    }
}
