//! Words that say what stands beside them, in Finnish, Swedish, Norwegian, Danish, Estonian, English, German, French, Spanish and Dutch.
//!
//! The languages are in one table: who writes in one may well borrow from another, and a shop in Finland has customers of four.

/// What a word says.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(Debug))]
#[repr(u8)]
pub(super) enum Class {
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
        "number* numer* numero* numéro* nummer* nro nr no num n nº tlf-nr id code* koodi* kood kode \
         zu for till til für para pour voor to the der die das det den el la le het de op sur på pá am em auf på an a mon \
         en under numeron ref as: = this new uusi ny neue nouveau nuevo nieuw uus also",
    ),
    (Is, "is was on oli är var er ist war est était es era fue was oli lautet"),
    (
        Phone,
        "puh puhelin* puhelimitse puhelimeni numeroon numerosta kännykkä* kännykän gsm soita* soitta* soitto* soitet* soitin soitti tekstaa* \
         tel telefon* telefoon* telefoni* tlf tfn telf telefono teléfono téléphone* telephone telephone* tél phone* mobil mobil* mobile* \
         móvil* móvel portable cell cellphone handy* ring ringa ringe ringer ringde ringte ringt ringede ringet rufen ruf anruf* anrufen rief ruft gerufen rückruf* erreich* \
         call*  text reach whatsapp* viber sms signal helista* helistage mob mobiel* bel bellen gebeld belt belde terugbellen \
         appel appel* appeler rappel* joignable joindre joign* llam* llám* contact* kontakt* kontaktnummer yhteysnumero* fax \
         träffas nås nå nåes",
    ),
    (
        Order,
        "order* ordernr* ordre* tilaus* tilauks* tilausnro* beställning* ordernummer* bestilling* bestell* bestelling* tellimus* commande* pedido* \
         auftrag* ean* gtin* upc isbn lot lot* batch* erä* eränro sats* parti* partii* charge charge* chargen* lote* lotnummer \
         tracking* track seuranta* lähetys* kolli* spårning* spårnings* sporing* sporings* sending* sendungs* jälgimis* saadetis* suivi* colis seguimiento* envío* \
         zending* pakke* paket* paketti* pakk* parcel* shipment* volg* track-and-trace \
         part* osa osanumero* varaosa* artikel* artikkel* artikl* artikelnr* article* tuote* tuotenumero* tootekood* toode toote* produkt* product* producto* \
         produit* varenummer* varenr* vare* item* sku* model* malli* modell* modèle modelo mudel* viite* viitenumero* reference* referenz* référence* \
         referencia* referens* referanse* viitenumber* serial* sarjanumero* sarjanro serie* seerianumber* seriennummer* série \
         invoice* lasku* faktura* rechnung* facture* factura* factuur* arve* kuitti* receipt* kvitto* kvittering* beleg* quittung ticket* bon bonnummer* \
         rma return* palautus* retur* retour* tagastus* devolución* voucher* kuponki* coupon* lahjakortti* gutschein* presentkort* gavekort* kinkekaart* \
         asiakasnumero* kundnummer* kundenummer* kundennummer* kliendinumber* klantnummer* batchnr* pos artnr art référence barcode* viivakoodi* streckkod* strekkode* \
         stregkode* ribakood* strichcode* code-barres código*  codebarre* streepjescode* imei case* ärende* saksnummer* sag sagsnummer* expediente* dossier* jäljitys* toimitus*",
    ),
    (
        Version,
        "version* versio* versjon* versioon* versión* versie* v ver firmware* fw build* release* laiteohjelmisto* ohjelmisto* päivitys* programvara* programvare* mjukvar* \
         uppdatering* oppdatering* opdatering* fastvare* püsivara* tarkvara* uuendus* software* logiciel* micrologiciel* mise actualización* update* app* driver* kernel kehitysversio \
         koontiversio* bygg*",
    ),
    (
        Card,
        "card* kortti* korttini kortin kort kortet kortnummer* kortnr* kredit* credit* luotto* maksukort* betalkort* betalingskort* bankkort* carte tarjeta* kaart* krediit* kreditkarte* karte karten* visa mastercard amex",
    ),
    (Bsn, "bsn* burgerservicenummer* sofi* sofinummer*"),
    (Cpr, "cpr* cpr-nr*"),
    (
        Mail,
        "mail* email* e-mail* sähköposti* s-posti* sposti* epost* e-post* e-posti* meil* meilile courriel* mél correo* mailadres* mailadresse* e-mailadres*",
    ),
    (
        Born,
        "born birth* birthday dob synt syntynyt synnyin syntymäaika* syntymäpäivä* född föddes födelsedatum* födelsedag* fødd født fødselsdato* fødselsdag* f geb geboren \
         geburtsdatum* geburtstag* né née naissance* nacido nacida nacimiento* nací sünd sündinud sünniaeg* sünnikuupäev* sünnipäev* geboortedatum* geboren",
    ),
    (At, "at ät arroba arobase snabel-a snabela krøllalfa apenstaartje"),
    (Dot, "dot piste punkt punktum punto point punt prik"),
    (My, "my minun mun mitt mit min minu mein meine mi mijn"),
    (I, "jag jeg ich me ik appelle ma mina"),
    (Name, "name nimi nimeni namn namnet navn navnet nom nombre naam"),
    (Called, "heter hedder heiße heisse heiss llamo heet olen"),
    (
        Greeting,
        "hei hej hello hi dear hallo bonjour hola tere moi terve moikka hoi beste lieber liebe kära kjære kære cher chère estimado estimada querido querida salut guten hyvä arvoisa",
    ),
    (
        Bye,
        "terveisin terv terveisiä t yst mvh vh hälsningar hälsning hilsen hilsner lugupidamisega tervitades tervitustega parimat regards sincerely yours cheers wishes thanks mfg vg grüßen grüße gruß \
         gruss grüssen lg cordialement salutations bien amicalement saludo saludos atentamente mvg groet groeten groetjes vriendelijke",
    ),
    (
        Person,
        "myyjä myyjänne myyjän myyjältä asiakaspalvelija asiakaspalvelijanne työntekijä työntekijänne kassa kassahenkilö kassamyyjä säljare säljaren expediten expedit medarbetare medarbetaren medarbetaren \
         kundtjänstmedarbetaren selger selgeren ekspeditøren ekspedienten medarbeider medarbeideren medarbejder medarbejderen sælger sælgeren kundebehandler kundebehandleren müüja teenindaja \
         klienditeenindaja assistant cashier employee agent clerk colleague salesperson salesman saleswoman rep representative manager named staff verkäufer verkäuferin mitarbeiter \
         mitarbeiterin kassierer kassiererin namens genannt vendeur vendeuse employé employée conseiller conseillère caissier caissière nommé nommée vendedor vendedora dependiente dependienta \
         empleado empleada cajero cajera llamado llamada verkoper verkoopster medewerker medewerkster kassière genaamd collega kollega kollegan kollegaen kolleeg nimega nimeltä nimeltään herra rouva herr fru herr frau mr mrs ms \
         monsieur madame mme señor señora sr sra meneer mevrouw mevr dhr härra proua",
    ),
    (
        StreetFirst,
        "rue avenue av boulevard bd bld place chemin impasse allée quai cours route calle c avenida avda avd plaza paseo camino carrer ronda travesía rua",
    ),
    (
        StreetLast,
        "street st road rd ave lane ln drive dr close court crescent terrace gardens square grove hill way row tn mnt pst tänav maantee puiestee tee gate gata vei allé allee alle vej",
    ),
    (
        Nobody,
        "asiakas asiakkaanne asiakkaat asiakaspalvelu kund kunden kunder kunde kundin kundinnen kundene kundeservice kundtjänst kundenservice klient klienditeenindus klant klanten klantenservice customer customers \
         client cliente clientes clients team tiimi team* the our your you all everyone kaikki alle alla alles support service sales shop store verkkokauppa kauppa butiken butikken butik pood \
         winkel tienda boutique equipo équipe kiitos tack takk tak danke thanks merci gracias bedankt aitäh olen have please a an i we ich wir jag vi jeg jeg je nous yo tere hello hi hej \
         madame sir sirs damen herren dag tag tak påminnelse",
    ),
    (Particle, "de la du des les le von van der den af di da del las los ter ten"),
];

/// Letters that words begin with, and everything else behind them.
const LETTERS: usize = 27;

/// In which bucket a first byte is.
const fn bucket(first: u8) -> usize {
    if first.is_ascii_lowercase() { (first - b'a') as usize } else { LETTERS - 1 }
}

/// A word in the table: how many bytes it is without its first, those, and its class; the highest bit is a star.
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
                    let mut from = at + 1;
                    while from <= at + len {
                        to += 1;
                        table[to] = words[from];
                        from += 1;
                    }
                    table[to + 1] = class | if star { 0x80 } else { 0 };
                }
                starts[place] += len as u16 + 2;
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

/// All classes, by their number.
const CLASSES: [Class; 26] = [
    None,
    Mask,
    Number,
    Link,
    Is,
    Phone,
    Order,
    Version,
    Card,
    Bsn,
    Cpr,
    Mail,
    Born,
    At,
    Dot,
    My,
    I,
    Name,
    Called,
    Greeting,
    Bye,
    Person,
    StreetFirst,
    StreetLast,
    Nobody,
    Particle,
];

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
    let [first, rest @ ..] = &small;
    let place = bucket(*first);
    let rest = &rest[..len.saturating_sub(1)];
    let (mut at, end) = (usize::from(STARTS[place]), usize::from(STARTS[place + 1]));
    let (mut best, mut found) = (0, 0);
    while at < end {
        let size = usize::from(TABLE[at]);
        let next = at + size + 2;
        let entry = &TABLE[at + 1..next - 1];
        let class = TABLE[next - 1];
        if size + 1 > best && size <= rest.len() && (size == rest.len() || class >= 0x80) && rest[..size] == *entry {
            // The first byte of what is no ASCII letter is C3: all such words of ours begin so.
            (best, found) = (size + 1, class);
        }
        at = next;
    }
    CLASSES.get(usize::from(found & 0x7f)).copied().unwrap_or(None)
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
