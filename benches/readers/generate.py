#!/usr/bin/env python3
"""Writes a large WhatsApp chat export with invented people, the same for the same arguments.

    generate.py FORM MESSAGES FILE       FORM: de, en, en-US, ios-de, ar (en: the one form that wtsexporter reads)

1,000,000 messages make about 1,100,000 lines and 110 MB. Nobody in it exists.
"""

import random
import sys

PEOPLE = ["Anna Erfunden", "Bogdan Invented", "+49 171 3920017", "Chipo Musterfrau", "Dragoș Beispiel"]
WORDS = ("komm bitte heute noch zur wohnung ich warte unten an der tür und habe das geld nicht dabei du weißt was "
         "passiert wenn du wieder zu spät bist schreib mir sofort zurück okay morgen früh um zehn am bahnhof ja nein "
         "vielleicht später der fahrer holt dich ab nimm den pass mit").split()
# Media left out, file attached, iPhone's attached, a system line, all of the language of the form.
TEXTS = {
    "de": ("<Medien ausgeschlossen>", "(Datei angehängt)", "Anna Erfunden hat das Gruppenbild geändert"),
    "en": ("<Media omitted>", "(file attached)", "Anna Erfunden changed this group's icon"),
    "en-US": ("<Media omitted>", "(file attached)", "Anna Erfunden changed this group's icon"),
    "ios-de": ("\u200eBild weggelassen", "Anhang", "\u200eAnna Erfunden hat das Gruppenbild geändert"),
    "ar": ("\u200fلم يتم إدراج الصورة", "المُرفق", "\u200fAnna غيّر اسم المجموعة"),
}
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


class Clock:
    """A wall clock that runs on by some seconds."""

    def __init__(self):
        self.year, self.month, self.day, self.second = 2019, 1, 1, 300

    def step(self, seconds):
        self.second += seconds
        while self.second >= 86400:
            self.second -= 86400
            self.day += 1
            length = 29 if self.month == 2 and self.year % 4 == 0 else MONTH[self.month - 1]
            if self.day > length:
                self.day, self.month = 1, self.month + 1
            if self.month > 12:
                self.month, self.year = 1, self.year + 1

    def parts(self):
        return self.second // 3600, self.second // 60 % 60, self.second % 60


def header(form, clock):
    hour, minute, second = clock.parts()
    year = clock.year % 100
    if form == "de":
        return f"{clock.day:02}.{clock.month:02}.{year:02}, {hour:02}:{minute:02} - "
    if form == "en":
        return f"{clock.day:02}/{clock.month:02}/{clock.year}, {hour:02}:{minute:02} - "
    if form == "en-US":
        half = "AM" if hour < 12 else "PM"
        return f"{clock.month}/{clock.day}/{year:02}, {(hour + 11) % 12 + 1}:{minute:02}\u202f{half} - "
    if form == "ios-de":
        return f"[{clock.day:02}.{clock.month:02}.{year:02}, {hour:02}:{minute:02}:{second:02}] "
    half = "ص" if hour < 12 else "م"
    date = f"{clock.day}\u200f/{clock.month}\u200f/{clock.year}، {(hour + 11) % 12 + 1}:{minute:02}:{second:02}"
    return f"[{date.translate(ARABIC)}\u00a0{half}] "


def main():
    form, count, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    dice = random.Random(20240315)
    clock = Clock()
    # Ten million stay within the years that two digits can name.
    pause = 360 if count <= 2_000_000 else 36
    omitted, attached, system = TEXTS[form]
    phone = form in ("ios-de", "ar")
    mark = "\u200f" if form == "ar" else "\u200e"
    end = "\r\n" if phone else "\n"
    with open(path, "w", encoding="utf-8", newline="") as out:
        for number in range(count):
            clock.step(dice.randrange(1, pause))
            stamp, name, kind = header(form, clock), dice.choice(PEOPLE), dice.random()
            if kind < 0.0029:
                out.write(f"{stamp}{'Gruppe Erfunden: ' if phone else ''}{system}{end}")
            elif kind < 0.0602:
                out.write(f"{mark if phone else ''}{stamp}{name}: {omitted}{end}")
            elif kind < 0.0902:
                day = f"{clock.year}{clock.month:02}{clock.day:02}"
                hour, minute, second = clock.parts()
                if phone:
                    file = (f"{number:08}-PHOTO-{clock.year}-{clock.month:02}-{clock.day:02}"
                            f"-{hour:02}-{minute:02}-{second:02}.jpg")
                    out.write(f"{mark}{stamp}{name}: {mark}<{attached}: {file}>{end}")
                else:
                    out.write(f"{stamp}{name}: IMG-{day}-WA{number % 10000:04}.jpg {attached}{end}")
            else:
                text = " ".join(dice.choice(WORDS) for _ in range(dice.randrange(1, 27)))
                more = end + " ".join(dice.choice(WORDS) for _ in range(5)) if dice.random() < 0.11 else ""
                out.write(f"{stamp}{name}: {text}{more}{end}")


if __name__ == "__main__":
    main()
