//! A run of digits in groups, with single separators between them: what numbers of all kinds are read from.

use super::text::Text;

/// Digits that are read at most: no number of ours is longer, and what is goes on behind.
const MOST: usize = 24;
/// Groups of a number, at most.
const GROUPS: usize = 12;

/// Some digits together.
#[derive(Clone, Copy, Default)]
pub(super) struct Group {
    /// The first byte behind it.
    pub(super) end: usize,
    /// Digits up to its end, from the run's beginning.
    pub(super) upto: usize,
    /// What stands before it: a space, `-`, `.`, `/`, `_`, `+`, `2` for two spaces, `n` for a line feed, `)` for a bracket.
    pub(super) sign: u8,
}

/// See above.
pub(super) struct Digits<'a> {
    text: &'a Text<'a>,
    pub(super) digits: [u8; MOST],
    pub(super) groups: [Group; GROUPS],
    pub(super) lens: [u8; GROUPS],
    pub(super) count: usize,
}

impl<'a> Digits<'a> {
    /// The run that begins with the digit at `at`; nothing where its first group is longer than any number.
    pub(super) fn read(text: &'a Text<'a>, at: usize) -> Option<Self> {
        let run = Self::groups(text, at);
        (run.count > 0).then_some(run)
    }

    fn groups(text: &'a Text<'a>, mut at: usize) -> Self {
        let mut run = Self { text, digits: [0; MOST], groups: [Group::default(); GROUPS], lens: [0; GROUPS], count: 0 };
        let (mut sign, mut upto) = (0, 0);
        while run.count < GROUPS {
            let start = at;
            while text.at(at).is_ascii_digit() {
                if upto == MOST {
                    return run;
                }
                run.digits[upto] = text.at(at) - b'0';
                upto += 1;
                at += 1;
            }
            if at == start {
                break;
            }
            run.lens[run.count] = (at - start) as u8;
            run.groups[run.count] = Group { end: at, upto, sign };
            run.count += 1;
            (sign, at) = separator(text, at);
            if sign == 0 {
                break;
            }
        }
        run
    }

    /// How many digits the first `count` groups have.
    pub(super) fn upto(&self, count: usize) -> usize {
        self.groups[count - 1].upto
    }

    /// The digits of the first `count` groups.
    pub(super) fn first(&self, count: usize) -> &[u8] {
        &self.digits[..self.upto(count)]
    }

    /// How the first `count` groups look, see [`shape`].
    pub(super) fn shape(&self, count: usize) -> u32 {
        shape(&self.lens[..count])
    }

    /// Where they end.
    pub(super) fn end(&self, count: usize) -> usize {
        self.groups[count - 1].end
    }

    /// Whether the first `count` groups can stand by themselves.
    pub(super) fn ends(&self, count: usize) -> bool {
        !self.text.runs_on(self.end(count))
    }
}

/// The lengths of groups, in one number: as digits to the base of 32. Of more than six groups, and of none, it is 0.
pub(super) const fn shape(lens: &[u8]) -> u32 {
    let (mut shape, mut at) = (0, 0);
    while at < lens.len() && lens.len() < 7 {
        shape = shape * 32 + lens[at] as u32;
        at += 1;
    }
    shape
}

/// What stands between two groups, and where the next begins; 0 where none does.
fn separator(text: &Text, at: usize) -> (u8, usize) {
    let space = text.space(at);
    let dash = text.dash(at);
    let (sign, next) = match text.at(at) {
        sign @ (b'.' | b'/' | b'_' | b'+') => (sign, at + 1),
        b'\n' => (b'n', at + 1),
        b'\r' if text.at(at + 1) == b'\n' => (b'n', at + 2),
        b'(' | b')' => (b')', at + 1),
        _ if dash > 0 => (b'-', at + dash),
        _ if space > 0 => (b' ', at + space),
        _ => return (0, at),
    };
    let more = text.space(next);
    let (sign, next) = match (sign, text.at(next)) {
        (b' ', b'(') => (b')', next + 1),
        (b' ', _) if more > 0 => (b'2', next + more),
        // A dash with spaces on both sides: a slash stands between two numbers then. A bracket with one behind it.
        (b' ', _) if text.dash(next) > 0 && text.space(next + text.dash(next)) > 0 => {
            let next = next + text.dash(next);
            (b'-', next + text.space(next))
        }
        (b')', b'-') => (b')', next + 1),
        (b')', _) => (b')', next + more),
        found => (sign, if found.0 == sign { next } else { at }),
    };
    if text.at(next).is_ascii_digit() { (sign, next) } else { (0, at) }
}
