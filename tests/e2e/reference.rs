//! Pictures that were looked at and found good, kept in `tests/looks/`, and a comparison that forgives what a reader would not see.
//!
//! Letters are drawn a little differently from one version of a browser to the next, and edges are smoothed by chance. So both pictures are made four times smaller first, and
//! a few of the points may differ then. What is missing, moved, or of another colour does not pass. `BLESS=1` keeps what is seen now: look at it before it is committed.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use image::codecs::png::{CompressionType, FilterType as Filter, PngEncoder};
use image::imageops::{FilterType, crop_imm, resize};
use image::{ImageFormat, RgbImage};
use serde_json::json;

use crate::Done;
use crate::browser::Browser;

/// How many times smaller the pictures are that are compared.
const SMALLER: u32 = 4;
/// By how much a channel of a point may differ, of 255: half of what tells the surface from its hairlines would be 12, and smoothed letters come to 20.
const FORGIVEN: u8 = 24;
/// How many points of a thousand may differ more than that.
const POINTS: usize = 4;
/// By how many CSS px the card may be wider or higher: a line that is rounded differently.
const OFF: u32 = 2;
/// By how many CSS px what scrolls may have been scrolled otherwise.
const SCROLLED: u32 = 3;
/// What is around the card, CSS px: its shadow.
const AROUND: f64 = 16.0;

/// How wide a line of letters is, CSS px. Where it is another width than it was when the pictures were taken, other fonts are installed, and no comparison would tell anything.
const LETTERS: &str = "(() => {
    const context = document.createElement('canvas').getContext('2d');
    return ['serif', 'sans-serif'].map((font) => (context.font = `40px ${font}`, Math.round(context.measureText('Handgloves محرك 0123').width)));
})()";

const FRAME: &str = "(() => {
    const { left, top, right, bottom } = [...document.querySelector('[data-polku-prompt]').shadowRoot.querySelectorAll('.card, .pill')].find((one) => one.getClientRects().length).getBoundingClientRect();
    return [left, top, right, bottom];
})()";

fn place() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/looks")
}

fn bless() -> bool {
    std::env::var_os("BLESS").is_some()
}

/// Whether what is kept was taken with the fonts that are here. Says so where it was not.
pub(crate) async fn same_letters(browser: &Browser) -> anyhow::Result<bool> {
    let here = browser.value(LETTERS).await?;
    let kept = place().join("letters.json");
    if bless() {
        std::fs::create_dir_all(place())?;
        std::fs::write(&kept, format!("{here}\n"))?;
    }
    let same = json!(here) == serde_json::from_str::<serde_json::Value>(&std::fs::read_to_string(kept)?)?;
    if !same {
        eprintln!("tests/looks is not compared: the fonts of this machine are not those of the pictures");
    }
    Ok(same)
}

/// Compares the prompt as it is drawn now with the picture of that name.
pub(crate) async fn compare(browser: &Browser, setting: &str, state: &str) -> Done {
    let frame: [f64; 4] = serde_json::from_value(browser.value(FRAME).await?)?;
    let window = image::load_from_memory_with_format(&browser.picture().await?, ImageFormat::Png)?.into_rgb8();
    let [left, top, right, bottom] = frame;
    let (left, top) = ((left - AROUND).max(0.0) as u32, (top - AROUND).max(0.0) as u32);
    let right = ((right + AROUND).ceil() as u32).min(window.width());
    let bottom = ((bottom + AROUND).ceil() as u32).min(window.height());
    let now = crop_imm(&window, left, top, right - left, bottom - top).to_image();

    let file = place().join(setting).join(state).with_extension("png");
    if bless() {
        std::fs::create_dir_all(file.parent().context("a folder")?)?;
        let mut bytes = Vec::new();
        now.write_with_encoder(PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, Filter::Adaptive))?;
        std::fs::write(&file, bytes)?;
        return Ok(());
    }
    let kept =
        std::fs::read(&file).with_context(|| format!("{setting}/{state}: no picture yet; take it with BLESS=1"))?;
    let kept = image::load(Cursor::new(kept), ImageFormat::Png)?.into_rgb8();
    let differs = difference(&kept, &now);
    if let Some(how) = &differs {
        let seen = std::env::temp_dir().join(format!("polku-looks-{setting}-{state}.png"));
        now.save(&seen)?;
        ensure!(
            false,
            "{setting}/{state} looks otherwise than tests/looks has it: {how}; as it is now: {}",
            seen.display()
        );
    }
    Ok(())
}

/// What a reader would see differ between two pictures.
fn difference(kept: &RgbImage, now: &RgbImage) -> Option<String> {
    if kept.width().abs_diff(now.width()) > OFF || kept.height().abs_diff(now.height()) > OFF {
        return Some(format!("{} by {}, not {} by {}", now.width(), now.height(), kept.width(), kept.height()));
    }
    // What scrolls may stand a line's rounding higher or lower.
    let shifts = (0..=SCROLLED).flat_map(|by| [(by, 0), (0, by)]);
    let differ = shifts.map(|shift| differing(kept, now, shift)).min_by_key(|(differ, _)| *differ);
    let (differ, of) = differ.unwrap_or_default();
    (differ * 1000 > of * POINTS).then(|| format!("{differ} of {of} points differ"))
}

/// How many points differ, of how many, where so much is left out at the top of one and of the other.
fn differing(kept: &RgbImage, now: &RgbImage, (above, below): (u32, u32)) -> (usize, usize) {
    let (width, height) = (kept.width().min(now.width()), kept.height().min(now.height()) - above.max(below));
    let small = |picture, top| {
        let part = crop_imm(picture, 0, top, width, height).to_image();
        resize(&part, width / SMALLER, height / SMALLER, FilterType::Triangle)
    };
    let (kept, now) = (small(kept, above), small(now, below));
    let points = kept.pixels().zip(now.pixels());
    let differ = points.filter(|(kept, now)| (0..3).any(|channel| kept[channel].abs_diff(now[channel]) > FORGIVEN));
    (differ.count(), (kept.width() * kept.height()) as usize)
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::difference;

    fn card(button: (u32, u32), colour: [u8; 3]) -> RgbImage {
        RgbImage::from_fn(384, 300, |x, y| {
            let inside = x.wrapping_sub(button.0) < 120 && y.wrapping_sub(button.1) < 44;
            Rgb(if inside { colour } else { [255; 3] })
        })
    }

    const GREEN: [u8; 3] = [31, 111, 92];

    #[test]
    fn what_a_reader_sees_differs() {
        let kept = card((240, 230), GREEN);
        for (what, now) in [
            ("moved by eight", card((240, 222), GREEN)),
            ("another colour", card((240, 230), [179, 38, 30])),
            ("gone", card((1000, 1000), GREEN)),
            ("higher", RgbImage::from_pixel(384, 310, Rgb([255; 3]))),
        ] {
            assert!(difference(&kept, &now).is_some(), "{what}");
        }
    }

    #[test]
    fn what_nobody_sees_does_not() {
        let kept = card((240, 230), GREEN);
        let mut now = card((240, 230), [33, 113, 90]);
        // Edges that are smoothed otherwise.
        for x in 240..360 {
            now.put_pixel(x, 229, Rgb([200, 210, 206]));
        }
        assert_eq!(difference(&kept, &now), None);
        assert_eq!(difference(&kept, &kept), None);
    }
}
