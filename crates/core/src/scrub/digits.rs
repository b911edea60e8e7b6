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
fn separator(text: &Text, mut at: usize) -> (u8, usize) {
    let (mut sign, mut spaces) = (0, 0);
    for _ in 0..4 {
        let (space, dash) = (text.space(at), text.dash(at));
        // An end of line may be written with two signs.
        if text.at(at) == b'\r' && text.at(at + 1) == b'\n' {
            at += 1;
            continue;
        }
        if space > 0 {
            spaces += 1;
            at += space;
            continue;
        }
        let mark = match text.at(at) {
            mark @ (b'.' | b'/' | b'_' | b'+') => mark,
            b'\n' => b'n',
            b'(' | b')' => b')',
            _ if dash > 0 => b'-',
            _ => break,
        };
        // Two signs stand together only at a bracket.
        if sign != 0 && sign != b')' && (mark, sign) != (b')', b'-') {
            return (0, at);
        }
        sign = if sign == 0 || mark == b')' { mark } else { sign };
        at += dash.max(1);
    }
    let sign = match (sign, spaces) {
        (0, 1) => b' ',
        (0, 2) => b'2',
        // A dash may have spaces on both sides; where a slash has them, it stands between two numbers.
        (b')', _) | (b'-', 0 | 2) | (_, 0) => sign,
        _ => 0,
    };
    (if text.at(at).is_ascii_digit() { sign } else { 0 }, at)
}
