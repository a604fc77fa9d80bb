//! Small pictures with words on them: a Windows bitmap (BITMAPINFOHEADER, 24 bit) and a 5×7 letter set,
//! drawn here.

const WIDTH: u32 = 320;
const HEIGHT: u32 = 200;
const SCALE: usize = 5;

/// A bitmap with these lines of text on a tinted ground.
pub(super) fn bitmap(lines: &[&str], tint: [u8; 3]) -> Vec<u8> {
    let mut rows = vec![tint.repeat(WIDTH as usize); HEIGHT as usize];
    for (index, line) in lines.iter().enumerate() {
        draw(&mut rows, line, 20, 25 + index * 9 * SCALE);
    }
    let pixel_bytes = WIDTH * HEIGHT * 3;
    let mut file = Vec::from(*b"BM");
    file.extend((54 + pixel_bytes).to_le_bytes());
    file.extend([0; 4]);
    file.extend(54_u32.to_le_bytes());
    file.extend(40_u32.to_le_bytes());
    file.extend(WIDTH.to_le_bytes());
    file.extend(HEIGHT.to_le_bytes());
    file.extend([1, 0, 24, 0]);
    file.extend([0; 4]);
    file.extend(pixel_bytes.to_le_bytes());
    file.extend([0; 16]);
    // A bitmap begins with its lowest row.
    rows.iter().rev().for_each(|row| file.extend(row));
    file
}

fn draw(rows: &mut [Vec<u8>], text: &str, left: usize, top: usize) {
    for (place, letter) in text.bytes().enumerate() {
        for (y, bits) in glyph(letter).iter().enumerate() {
            for x in (0..5).filter(|x| bits & (16 >> x) != 0) {
                fill(rows, left + (place * 6 + x) * SCALE, top + y * SCALE);
            }
        }
    }
}

fn fill(rows: &mut [Vec<u8>], left: usize, top: usize) {
    for row in rows.iter_mut().skip(top).take(SCALE) {
        row.iter_mut().skip(left * 3).take(SCALE * 3).for_each(|value| *value = 0x30);
    }
}

fn glyph(letter: u8) -> [u8; 7] {
    match letter {
        b'A' => [14, 17, 17, 31, 17, 17, 17],
        b'D' => [30, 17, 17, 17, 17, 17, 30],
        b'E' => [31, 16, 16, 30, 16, 16, 31],
        b'F' => [31, 16, 16, 30, 16, 16, 16],
        b'I' => [14, 4, 4, 4, 4, 4, 14],
        b'L' => [16, 16, 16, 16, 16, 16, 31],
        b'M' => [17, 27, 21, 21, 17, 17, 17],
        b'N' => [17, 25, 21, 19, 17, 17, 17],
        b'O' => [14, 17, 17, 17, 17, 17, 14],
        b'R' => [30, 17, 17, 30, 20, 18, 17],
        b'S' => [15, 16, 16, 14, 1, 1, 30],
        b'T' => [31, 4, 4, 4, 4, 4, 4],
        b'U' => [17, 17, 17, 17, 17, 17, 14],
        b'V' => [17, 17, 17, 17, 17, 10, 4],
        b'0' => [14, 17, 19, 21, 25, 17, 14],
        b'1' => [4, 12, 4, 4, 4, 4, 14],
        b'2' => [14, 17, 1, 6, 8, 16, 31],
        b'3' => [30, 1, 1, 14, 1, 1, 30],
        b'4' => [2, 6, 10, 18, 31, 2, 2],
        b'5' => [31, 16, 30, 1, 1, 17, 14],
        _ => [0; 7],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bitmap_has_the_size_it_says() {
        let file = bitmap(&["INVENTED"], [200; 3]);
        assert_eq!(file.len(), 54 + (WIDTH * HEIGHT * 3) as usize);
        assert!(file.get(54..).is_some_and(|pixels| pixels.contains(&0x30)));
    }
}
